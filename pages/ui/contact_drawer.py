"""One contact beside the list: who it is, what it did, and what an owner can do about it.

Its parts run again by themselves, without the page behind them, so each asks who is signed in.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from html import escape
from zoneinfo import ZoneInfo

import streamlit as st

from data.accounts import get_account
from data.activity_queries import find_heat, find_top_documents, find_top_links
from data.contact_filter import ContactFilter, TopItem
from data.contact_merges import get_kept_id
from data.contact_queries import Matched, match_contacts
from data.contact_splits import find_joinings
from data.contact_visits import find_visits
from data.contacts import Contact, get_contact
from data.gate_history import REFUSED, find_steps_of
from data.identifiers import find_contact_identifiers
from data.links import find_share_links
from data.records import ContactIdentifier, Member, Role
from gate.codes import keyed_hashes
from pages.ui.asking import require_member
from pages.ui.chart_cards import TICK_STYLE, heat_card, show_card
from pages.ui.contact_acts import show_acts
from pages.ui.contact_form import CONTACTS_PAGE, show_consents, show_details
from pages.ui.contact_joins import show_joins
from pages.ui.contact_timeline import find_moments, joining_moment, show_timeline
from pages.ui.filter_words import CHANNEL_WORDS
from pages.ui.forms import show_notice
from pages.ui.merge_acts import show_undo_offer, undo_last
from pages.ui.plain import as_plain
from pages.ui.runtime import get_reader, get_runtime
from pages.ui.session import recall, remember
from pages.ui.table import QUIET, say_ago, say_instant
from pages.ui.view_binding import close_contact, is_looking_at

DETAILS = "Details"
TABS = ("Timeline", "What they opened", DETAILS, "Same person?")
_STEP_OF_TIMELINE = 20
_STYLE = """
<style>
.facts {
    display: flex; flex-wrap: wrap; gap: 0.5rem 2rem;
    margin: 0 !important; padding: 0 !important;
}
.facts dt { font-size: 0.875rem; font-weight: 400; }
.facts dd { margin: 0 !important; font-size: 1.25rem; font-weight: 600; }
.facts dd.exact { font-size: 0.875rem; font-weight: 400; }
</style>
"""
_SHOWN = "contacts:timeline"


def show_contact_drawer(contact_id: int) -> bool:
    """Whether there is such a contact; if so, its drawer opens over the page."""
    db = get_reader()
    contact = get_contact(db, contact_id)
    if contact is None and (kept_id := get_kept_id(db, contact_id)) is not None:
        contact_id, contact = kept_id, get_contact(db, kept_id)
    if contact is None:
        st.info("There is no such contact, or no more: then it was erased.")
        return False
    identifiers = find_contact_identifiers(db, contact_id)
    title = _say_title(contact, identifiers)
    drawer = st.dialog(title, width="medium", position="right", on_dismiss=close_contact)
    drawer(_show_contact)(contact_id, title)
    return True


def _say_title(contact: Contact, identifiers: Sequence[ContactIdentifier]) -> str:
    return as_plain(contact.name or identifiers[0].address)


def _show_contact(contact_id: int, title: str) -> None:
    member = require_member()
    db, now = get_reader(), get_runtime().clock()
    contact = get_contact(db, contact_id)
    if contact is None:
        # It was erased or merged, here or elsewhere: the list has to be drawn without it.
        if get_kept_id(db, contact_id) is None:
            close_contact()
        st.rerun()
        return
    zone = ZoneInfo(get_account(db).time_zone)
    identifiers = find_contact_identifiers(db, contact_id)
    if _say_title(contact, identifiers) != title:
        # It has another name by now, and the heading is drawn with the page.
        st.rerun()
    show_notice(CONTACTS_PAGE)
    show_undo_offer(CONTACTS_PAGE)
    if not is_looking_at(contact_id):
        st.info("The contact that you asked for was merged into this one.")
    _show_head(contact, zone, now)
    _show_identifiers(identifiers, zone)
    shows = (
        partial(_show_timeline, contact, identifiers, member, zone),
        partial(_show_opened, contact, zone),
        partial(_show_details, contact, identifiers, member, zone),
        partial(show_joins, contact, identifiers, is_owner=member.role is Role.OWNER),
    )
    # Only the open one asks; what is typed in Details has to outlast a look at the others.
    tabs = st.tabs(TABS, key=f"contact_tabs_{contact_id}", on_change="rerun")
    for title, tab, show in zip(TABS, tabs, shows, strict=True):
        if tab.open or title == DETAILS:
            with tab:
                show()


def _show_head(contact: Contact, zone: ZoneInfo, now: datetime) -> None:
    if contact.company:
        st.text(contact.company)
    if contact.tags:
        st.html(_tags(contact.tags))
    if contact.archived_at is not None:
        st.info(
            f"Archived on {say_instant(contact.archived_at, zone)}. It is in no list, chart or "
            "export, unless those include archived contacts."
        )
    st.html(_STYLE)
    facts = (
        ("Viewing sessions", f"{contact.access_count:,}", ""),
        _instant_fact("First accessed", contact.first_accessed_at, zone, now),
        _instant_fact("Last accessed", contact.last_accessed_at, zone, now),
    )
    st.html(f'<dl class="facts">{"".join(_fact(*fact) for fact in facts)}</dl>')


def _instant_fact(
    label: str, instant: datetime | None, zone: ZoneInfo, now: datetime
) -> tuple[str, str, str]:
    exact = "" if instant is None else say_instant(instant, zone)
    return label, say_ago(instant, now), exact


def _fact(label: str, words: str, detail: str) -> str:
    return (
        f'<div><dt>{escape(label)}</dt><dd>{escape(words)}</dd><dd class="exact">{escape(detail)}'
        "</dd></div>"
    )


def _tags(tags: Sequence[str]) -> str:
    style = (
        "display:inline-block;margin:0 .4rem .4rem 0;padding:.1rem .6rem;border-radius:1rem;"
        "background:light-dark(#e2e8f0,#243049);overflow-wrap:anywhere"
    )
    items = "".join(f'<li style="{style}">{escape(tag)}</li>' for tag in tags)
    return f'<ul aria-label="Tags" style="list-style:none;margin:0;padding:0">{items}</ul>'


def _show_identifiers(identifiers: Sequence[ContactIdentifier], zone: ZoneInfo) -> None:
    lines = "".join(
        f'<li style="margin:0 0 .4rem"><span style="font-weight:600;overflow-wrap:anywhere">'
        f"{escape(one.address)}</span><br>"
        f'<span style="{QUIET}">{escape(_say_proof(one, zone))}</span></li>'
        for one in identifiers
    )
    st.html(f'<ul aria-label="Addresses" style="list-style:none;margin:0;padding:0">{lines}</ul>')


def _say_proof(one: ContactIdentifier, zone: ZoneInfo) -> str:
    kind = CHANNEL_WORDS[one.channel]
    if one.verified_at is not None:
        return f"{kind} · verified by a code on {say_instant(one.verified_at, zone)}"
    return f"{kind} · not verified; given on {say_instant(one.created_at, zone)}"


def _show_timeline(
    contact: Contact, identifiers: Sequence[ContactIdentifier], member: Member, zone: ZoneInfo
) -> None:
    db, pepper = get_reader(), get_runtime().pepper
    shown_of = f"{_SHOWN}:{contact.contact_id}"
    most = recall(shown_of, _STEP_OF_TIMELINE)
    hashes = {hashed for one in identifiers for hashed in keyed_hashes(pepper, one.lookup)}
    moments = find_moments(
        find_visits(db, contact.contact_id, most=most + 1),
        find_steps_of(db, hashes, REFUSED, most=most + 1),
        [
            joining_moment(joining, contact.contact_id)
            for joining in find_joinings(db, contact.contact_id)
        ],
        {link.share_link_id: link.name for link in find_share_links(db)},
    )
    if not moments:
        st.text("This contact passed a gate, and has opened nothing yet.")
        return
    undo = partial(undo_last, CONTACTS_PAGE) if member.role is Role.OWNER else None
    show_timeline(moments[:most], zone, undo)
    if len(moments) > most:
        st.button(
            "Show earlier",
            key="contacts_earlier",
            width="stretch",
            on_click=remember,
            args=(shown_of, most + 2 * _STEP_OF_TIMELINE),
        )


def _show_opened(contact: Contact, zone: ZoneInfo) -> None:
    db, matched = get_reader(), _match_only(contact, zone)
    if not contact.access_count:
        st.text("This contact passed a gate, and has opened nothing yet.")
        return
    _show_counts("Documents", find_top_documents(db, matched, None))
    _show_counts("Share links", find_top_links(db, matched, None))
    st.html(TICK_STYLE)
    show_card(heat_card(find_heat(db, matched), zone.key), place="contact")


def _match_only(contact: Contact, zone: ZoneInfo) -> Matched:
    only = frozenset({contact.contact_id})
    return match_contacts(
        ContactFilter(time_zone=zone.key, contact_ids=only, includes_archived=True)
    )


def _show_counts(title: str, items: Sequence[TopItem]) -> None:
    most = max((item.sessions for item in items), default=1)
    rows = "".join(
        '<li style="margin:0 0 .5rem"><div style="display:flex;gap:1rem">'
        f'<span style="flex:1;overflow-wrap:anywhere">{escape(item.name)}</span>'
        f'<span style="white-space:nowrap">{item.sessions:,}</span></div>'
        '<div aria-hidden="true" style="height:4px;border-radius:2px;'
        f'background:light-dark(#2563eb,#7aa2ff);width:{100 * item.sessions / most:.1f}%"></div>'
        "</li>"
        for item in items
    )
    st.html(
        f'<p style="margin:0 0 .4rem;font-weight:600">{escape(title)}, by viewing sessions</p>'
        f'<ul style="list-style:none;margin:0;padding:0">{rows}</ul>'
    )


def _show_details(
    contact: Contact,
    identifiers: Sequence[ContactIdentifier],
    member: Member,
    zone: ZoneInfo,
) -> None:
    is_owner = member.role is Role.OWNER
    show_details(contact, identifiers, is_owner=is_owner)
    show_consents(contact.contact_id, zone)
    if is_owner:
        show_acts(contact, identifiers)
