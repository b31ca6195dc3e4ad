"""What two contacts would be as one: shown before they are merged, with what can be chosen."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from data.contact_merges import NotedDetails
from data.contacts import Contact, get_contact
from data.identifiers import find_contact_identifiers
from data.likeness import Likeness
from data.same_person import PairSide
from gate.joined_details import MergeChoice, choose_kept, join_details
from pages.ui.merge_acts import merge_two
from pages.ui.plain import as_plain
from pages.ui.runtime import get_reader
from pages.ui.session import forget, get_nonce

REASON_WORDS = {
    Likeness.PROVED_TOGETHER: "Both addresses were proved by codes at one gate",
    Likeness.GIVEN_TOGETHER: "Both addresses were given at one gate, and not both proved",
    Likeness.PLUS_TAG: "Same address apart from what follows the +",
    Likeness.DOTS: "Same Gmail address apart from dots",
    Likeness.SAME_NAME: "Same name and company",
    Likeness.SAME_BROWSER: "Came with the same browser",
}
_STYLE = """
<style>
.joined { margin: 0 !important; padding: 0 !important; }
.joined dt { font-size: 0.875rem; font-weight: 400; color: light-dark(#475569, #b6c2d4); }
.joined dd { margin: 0 0 .5rem !important; white-space: pre-wrap; overflow-wrap: anywhere; }
</style>
"""


def say_reasons(reasons: Sequence[Likeness]) -> str:
    """Why two may be one person, as one sentence."""
    return " · ".join(REASON_WORDS[reason] for reason in reasons)


def say_side(side: PairSide) -> str:
    """A contact of a pair in one line: name, company, address and how often it came."""
    more = f" +{side.more_identifiers}" if side.more_identifiers else ""
    sessions = "1 session" if side.access_count == 1 else f"{side.access_count:,} sessions"
    return " · ".join(filter(None, (side.name, side.company, side.address + more, sessions)))


def show_merge_preview(page: str, one_id: int, other_id: int, *, chosen: str) -> None:
    """Which of the two is kept, what it would say and have, and the button that merges.

    `chosen` is under what the page remembers that this pair is looked at.
    """
    db = get_reader()
    one, other = get_contact(db, one_id), get_contact(db, other_id)
    if one is None or other is None:
        st.info("One of the two isn't here any more: it was merged or erased.")
        st.button("Back", key=f"{page}_merge_back", on_click=forget, args=(chosen,))
        return
    kept, merged = _ask_kept(page, one, other)
    choice = _ask_details(page, kept, merged)
    _show_joined(kept, merged, join_details(kept, merged, choice))
    with st.container(horizontal=True):
        st.button(
            "Merge",
            key=f"{page}_merge",
            type="primary",
            on_click=merge_two,
            args=(page, get_nonce(page), kept.contact_id, merged.contact_id, choice, chosen),
        )
        st.button("Cancel", key=f"{page}_merge_cancel", on_click=forget, args=(chosen,))


def _ask_kept(page: str, one: Contact, other: Contact) -> tuple[Contact, Contact]:
    by_id = {contact.contact_id: contact for contact in choose_kept(one, other)}
    kept_id = st.radio(
        "Keep",
        list(by_id),
        format_func=lambda number: as_plain(_label(by_id[number])),
        key=f"{page}_keep_{min(by_id)}_{max(by_id)}",
        help="The other becomes part of it. A link to the other leads here.",
    )
    (merged,) = (contact for number, contact in by_id.items() if number != kept_id)
    return by_id[kept_id], merged


def _label(contact: Contact) -> str:
    (first, *rest) = find_contact_identifiers(get_reader(), contact.contact_id)
    return say_side(
        PairSide(
            contact.contact_id,
            first.address,
            len(rest),
            contact.name,
            None,
            contact.access_count,
        )
    )


def _ask_details(page: str, kept: Contact, merged: Contact) -> MergeChoice:
    pair = f"{page}_take_{kept.contact_id}_{merged.contact_id}"
    return MergeChoice(
        takes_name=_asks_other(f"{pair}_name", "Name", kept.name, merged.name),
        takes_company=_asks_other(f"{pair}_company", "Company", kept.company, merged.company),
    )


def _asks_other(key: str, label: str, own: str | None, others: str | None) -> bool:
    if not own or not others or own == others:
        return False
    options = (own, others)
    picked = st.radio(
        label,
        (0, 1),
        format_func=lambda place: as_plain(options[place]),
        key=key,
        horizontal=True,
    )
    return picked == 1


def _show_joined(kept: Contact, merged: Contact, joined: NotedDetails) -> None:
    db = get_reader()
    addresses = [
        one.address
        for contact in (kept, merged)
        for one in find_contact_identifiers(db, contact.contact_id)
    ]
    sessions = kept.access_count + merged.access_count
    facts = (
        ("Addresses", "\n".join(addresses)),
        ("Viewing sessions", f"{kept.access_count:,} + {merged.access_count:,} = {sessions:,}"),
        ("Name", joined.name),
        ("Company", joined.company),
        ("Tags", ", ".join(joined.tags)),
        ("Notes", joined.notes),
    )
    lines = "".join(
        f"<dt>{escape(label)}</dt><dd>{escape(words)}</dd>" for label, words in facts if words
    )
    st.html(_STYLE)
    st.html(f'<dl class="joined" aria-label="As one contact">{lines}</dl>')
    if (kept.archived_at is None) != (merged.archived_at is None):
        state = "is not archived" if kept.archived_at is None else "is archived"
        st.info(f"One of the two is archived. The kept one {state}, and so will be all of it.")
