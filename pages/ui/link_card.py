"""One share link, chosen from all: its address to copy, its rules, and the way to take it back."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime

import streamlit as st

from data.database import Database
from data.link_usage import LinkUsage
from data.list_entries import ListEntry, count_entries, find_list_entries
from data.records import LinkState, Member, ShareLink
from gate.archiving import set_link_archived
from gate.links import LinkChange, build_share_address, change_share_link, revoke_link
from pages.ui.chosen_card import show_chosen
from pages.ui.copying import show_to_copy
from pages.ui.desk_words import rules_words
from pages.ui.expected_words import show_expected_link
from pages.ui.forms import Outcome, carry_out
from pages.ui.link_basics import read_basic_fields, show_basic_fields
from pages.ui.link_faults import find_faults, refuse_faults, show_faults
from pages.ui.link_figures import show_link_figures
from pages.ui.link_form import CHOSEN, LINK_CARD, LINKS_PAGE
from pages.ui.link_redrawn import forget_typed, keep_typed, note_drawn
from pages.ui.link_rules import read_rule_fields, show_rule_fields
from pages.ui.link_words import LinkPlaces, life_words, link_label
from pages.ui.qr_code import show_qr_code
from pages.ui.runtime import get_reader, get_runtime


def show_link_card(
    links: list[ShareLink], usage: Mapping[int, LinkUsage], places: LinkPlaces, now: datetime
) -> None:
    """A chooser of links and, below it, the chosen one; the newest while none was chosen."""
    by_id = {link.share_link_id: link for link in links}
    show_chosen(LINK_CARD)
    with st.container(border=True, key=LINK_CARD):
        chosen = st.selectbox(
            "Share link",
            list(by_id),
            format_func=lambda number: link_label(by_id[number], now),
            key=CHOSEN,
        )
        link = by_id[chosen]
        left, right = st.columns([3, 2])
        entries = find_list_entries(get_reader(), link.share_link_id)
        with left:
            address = build_share_address(get_runtime().origin, link)
            show_to_copy(address, "Copy link", key=LINK_CARD)
            st.text(f"Opens: {places.target(link)}")
            st.text(f"Asks for: {rules_words(link, count_entries(entries))}")
            st.text(life_words(link, places.time_zone, now))
            show_expected_link(link.share_link_id)
        with right:
            show_link_figures(usage[link.share_link_id], now)
        with st.container(horizontal=True):
            show_qr_code(link)
            if link.state(now) not in (LinkState.REVOKED, LinkState.ARCHIVED):
                _show_revoking(link)
            _show_link_archiving(link)
        if link.state(now) not in (LinkState.REVOKED, LinkState.ARCHIVED):
            _show_changing(link, entries, places.time_zone, now)


def set_archived_link(share_link_id: int, *, is_archived: bool) -> None:
    """Put the link away or back; a second click changes nothing. For the button's callback."""

    def change(db: Database, member: Member, now: datetime) -> Outcome:
        set_link_archived(db, share_link_id, member, now, is_archived=is_archived)
        if is_archived:
            return Outcome("Archived. It opens nothing, and you find it under the state Archived.")
        return Outcome("The link is back, in the state that it was in.")

    carry_out(LINKS_PAGE, change)


def take_link_back(share_link_id: int) -> None:
    """Revoke the link; a second click changes nothing. For the button's callback."""

    def revoke(db: Database, member: Member, now: datetime) -> Outcome:
        revoke_link(db, share_link_id, member, now)
        return Outcome("The link is revoked. It opens nothing any more, in open tabs too.")

    carry_out(LINKS_PAGE, revoke)


def change_rules(link: ShareLink, entries: list[ListEntry], prefix: str, time_zone: str) -> None:
    """Give the link the rules that its fields hold, drawn from `link` and its `entries`.

    For the button's callback.
    """

    def change(db: Database, member: Member, now: datetime) -> Outcome:
        rules = read_rule_fields(prefix, entries)
        if faults := find_faults(prefix, rules):
            return refuse_faults(prefix, "Nothing was saved.", faults)
        wanted = replace(
            link,
            **asdict(read_basic_fields(prefix, link, time_zone)),
            accepts_either=rules.accepts_either,
            allows_download=rules.allows_download,
            demands_fresh_code=rules.demands_fresh_code,
            asks_consent=rules.asks_consent,
            view_limit=rules.view_limit,
        )
        changed = LinkChange(wanted, rules.entries, rules.password, rules.taken_out)
        if change_share_link(db, changed, member, now) is None:
            return Outcome("The link was revoked, so its rules stay.", is_refusal=True)
        forget_typed(link.share_link_id)
        told = ("Saved.", rules.lists_sentence(), "The new rules hold at once, in open tabs too.")
        return Outcome(" ".join(filter(None, told)))

    carry_out(LINKS_PAGE, change)


def _show_changing(
    link: ShareLink, entries: list[ListEntry], time_zone: str, now: datetime
) -> None:
    # With each change of the rules the fields are new ones, and show what holds now.
    prefix = f"links_{link.share_link_id}_{link.policy_epoch}"
    keep_typed(link.share_link_id, prefix, entries)
    with st.expander("Change its rules", key=f"{prefix}_more"):
        show_basic_fields(prefix, link, time_zone, now)
        show_rule_fields(prefix, link, entries)
        show_faults(prefix, entries)
        note_drawn(link.share_link_id, prefix, entries)
        st.button(
            "Save rules",
            key=f"{prefix}_save",
            on_click=change_rules,
            args=(link, entries, prefix, time_zone),
        )


def _show_revoking(link: ShareLink) -> None:
    with st.popover("Revoke…", icon=":material/link_off:"):
        st.text(f"Nobody can open “{link.name}” any more, and it can't be undone.")
        st.button(
            "Revoke this link",
            key=f"links_revoke_{link.share_link_id}",
            on_click=take_link_back,
            args=(link.share_link_id,),
        )


def _show_link_archiving(link: ShareLink) -> None:
    number = link.share_link_id
    if link.archived_at is not None:
        st.button(
            "Put back",
            key=f"links_restore_{number}",
            on_click=set_archived_link,
            args=(number,),
            kwargs={"is_archived": False},
        )
        return
    with st.popover("Archive…", icon=":material/archive:"):
        st.text(
            f"“{link.name}” opens nothing while it is archived, in open tabs too, and leaves this "
            "list. Its history stays, also in the filters. You can put it back."
        )
        st.button(
            "Archive this link",
            key=f"links_archive_{number}",
            on_click=set_archived_link,
            args=(number,),
            kwargs={"is_archived": True},
        )
