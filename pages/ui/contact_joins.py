"""In a contact's drawer: who else may be the same person, merging with anybody, and splitting."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from data.contact_filter import ContactFilter, ContactSort
from data.contact_queries import find_contacts, match_contacts
from data.contact_visits import count_visits_of
from data.contacts import Contact
from data.records import ContactIdentifier
from data.same_person import AlikePair, PairSide, find_alike_pairs
from pages.ui.contact_form import CONTACTS_PAGE
from pages.ui.merge_acts import dismiss_pair, split_out
from pages.ui.merge_preview import say_reasons, say_side, show_merge_preview
from pages.ui.plain import as_plain
from pages.ui.runtime import get_reader
from pages.ui.session import get_nonce, get_widget_value, recall, remember
from pages.ui.table import QUIET, say_identifier
from pages.ui.url_words import clean_search

MOST_SUGGESTED = 10
MOST_FOUND = 10


def show_joins(
    contact: Contact, identifiers: Sequence[ContactIdentifier], *, is_owner: bool
) -> None:
    """Suggestions for this contact and, for an owner, what to do about them and others."""
    chosen = f"contact_merging:{contact.contact_id}"
    other_id = recall(chosen, 0)
    if is_owner and other_id:
        show_merge_preview(CONTACTS_PAGE, contact.contact_id, other_id, chosen=chosen)
        return
    pairs = find_alike_pairs(get_reader(), contact_id=contact.contact_id, page_size=MOST_SUGGESTED)
    if not pairs:
        st.text("No other contact looks like the same person.")
    for pair in pairs:
        _show_suggestion(contact, pair, chosen, is_owner=is_owner)
    if is_owner:
        _show_chooser(contact, chosen)
        if len(identifiers) > 1:
            _show_split(contact, identifiers)


def _show_suggestion(contact: Contact, pair: AlikePair, chosen: str, *, is_owner: bool) -> None:
    other = _other_side(contact, pair)
    with st.container(border=True):
        st.text(say_side(other))
        st.html(f'<p style="{QUIET};margin:0">{escape(say_reasons(pair.reasons))}</p>')
        if not is_owner:
            return
        with st.container(horizontal=True):
            st.button(
                "Compare and merge",
                key=f"contact_compare_{other.contact_id}",
                on_click=remember,
                args=(chosen, other.contact_id),
            )
            st.button(
                "Not the same person",
                key=f"contact_apart_{other.contact_id}",
                on_click=dismiss_pair,
                args=(CONTACTS_PAGE, contact.contact_id, other.contact_id),
            )


def _other_side(contact: Contact, pair: AlikePair) -> PairSide:
    return pair.other if pair.one.contact_id == contact.contact_id else pair.one


def _show_chooser(contact: Contact, chosen: str) -> None:
    key = f"contact_merge_search_{contact.contact_id}"
    search = clean_search(
        st.text_input(
            "Merge with another contact",
            key=key,
            placeholder="Part of an address, name or company",
        )
    )
    if not search:
        return
    matched = match_contacts(ContactFilter(search=search, includes_archived=True))
    found = find_contacts(get_reader(), matched, ContactSort(), page=1, page_size=MOST_FOUND + 1)
    rows = [row for row in found if row.contact_id != contact.contact_id][:MOST_FOUND]
    if not rows:
        st.text("No other contact is found by this.")
    for row in rows:
        words = " · ".join(filter(None, (row.name, say_identifier(row))))
        st.button(
            as_plain(words),
            key=f"contact_merge_with_{row.contact_id}",
            on_click=remember,
            args=(chosen, row.contact_id),
        )


def _show_split(contact: Contact, identifiers: Sequence[ContactIdentifier]) -> None:
    key = f"contact_split_{contact.contact_id}"
    by_id = {one.identifier_id: one.address for one in identifiers}
    with st.popover("Split…", icon=":material/call_split:"):
        picked = st.multiselect(
            "Take out",
            list(by_id),
            format_func=lambda number: by_id[number],
            key=key,
            max_selections=len(by_id) - 1,
            select_all=False,
            placeholder="Choose",
        )
        if picked:
            counts = count_visits_of(get_reader(), picked)
            st.text(
                f"They become a contact of their own, with {counts.sessions:,} of "
                f"{contact.access_count:,} viewing sessions and {counts.documents:,} opened "
                "documents. Name, company, tags and notes stay here."
            )
        st.button(
            "Split into two contacts",
            key="contact_split_out",
            disabled=not picked,
            on_click=split_chosen,
            args=(get_nonce(CONTACTS_PAGE), contact.contact_id, key),
        )


def split_chosen(nonce: str, contact_id: int, key: str) -> None:
    """Take the chosen addresses out. For the button's callback."""
    split_out(CONTACTS_PAGE, nonce, contact_id, tuple(get_widget_value(key, [])))
