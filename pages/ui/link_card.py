"""One share link, chosen from all: its address to copy, its rules, and the way to take it back."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from data.database import Database
from data.links import get_share_link_by_id
from data.list_entries import ListEntry, count_entries, find_list_entries
from data.records import LinkState, Member, ShareLink
from gate.links import LinkChange, build_share_address, change_share_link, revoke_link
from pages.ui.desk_words import STATE_WORDS, rules_words
from pages.ui.forms import Outcome, carry_out
from pages.ui.link_basics import read_basic_fields, show_basic_fields
from pages.ui.link_form import CHOSEN, LINKS_PAGE
from pages.ui.link_rules import read_rule_fields, show_rule_fields
from pages.ui.runtime import get_runtime
from pages.ui.table import say_instant


@dataclass(frozen=True, slots=True)
class LinkPlaces:
    """What links open, by name, and the zone in which their times are shown."""

    workspaces: dict[int, str]
    documents: dict[int, str]
    time_zone: str

    def target(self, link: ShareLink) -> str:
        """What the link opens, in words."""
        workspace = self.workspaces.get(link.workspace_id, "")
        if link.document_id is None:
            return f"All of {workspace}"
        return f"{self.documents.get(link.document_id, '')} ({workspace})"


def show_link_card(links: list[ShareLink], places: LinkPlaces, now: datetime) -> None:
    """A chooser of links and, below it, the chosen one; the newest while none was chosen."""
    by_id = {link.share_link_id: link for link in links}
    with st.container(border=True):
        st.markdown("**Copy, change or revoke a link**")
        chosen = st.selectbox(
            "Share link",
            list(by_id),
            format_func=lambda number: _link_label(by_id[number], now),
            key=CHOSEN,
        )
        link = by_id[chosen]
        st.code(build_share_address(get_runtime().origin, link), language=None, wrap_lines=True)
        st.text(f"Opens: {places.target(link)}")
        entries = find_list_entries(get_runtime().db, link.share_link_id)
        st.text(f"Asks for: {rules_words(link, count_entries(entries))}")
        st.text(_life_words(link, places.time_zone, now))
        if link.state(now) is not LinkState.REVOKED:
            _show_changing(link, entries, places.time_zone, now)
            _show_revoking(link)


def take_link_back(share_link_id: int) -> None:
    """Revoke the link; a second click changes nothing. For the button's callback."""

    def revoke(db: Database, member: Member, now: datetime) -> Outcome:
        revoke_link(db, share_link_id, member, now)
        return Outcome("The link is revoked. It opens nothing any more, in open tabs too.")

    carry_out(LINKS_PAGE, revoke)


def change_rules(share_link_id: int, prefix: str, time_zone: str) -> None:
    """Give the link the rules that its fields hold. For the button's callback."""

    def change(db: Database, member: Member, now: datetime) -> Outcome:
        link = get_share_link_by_id(db, share_link_id)
        rules = read_rule_fields(prefix, find_list_entries(db, share_link_id))
        if link is None or rules.unread:
            return Outcome(rules.unread_sentence(), is_refusal=True)
        wanted = replace(
            link,
            **asdict(read_basic_fields(prefix, link, time_zone)),
            accepts_either=rules.accepts_either,
            allows_download=rules.allows_download,
            demands_fresh_code=rules.demands_fresh_code,
            asks_consent=rules.asks_consent,
            view_limit=rules.view_limit,
        )
        changed = LinkChange(wanted, rules.entries, rules.password)
        if change_share_link(db, changed, member, now) is None:
            return Outcome("The link was revoked, so its rules stay.", is_refusal=True)
        told = ("Saved.", rules.lists_sentence(), "The new rules hold at once, in open tabs too.")
        return Outcome(" ".join(filter(None, told)))

    carry_out(LINKS_PAGE, change)


def _show_changing(
    link: ShareLink, entries: list[ListEntry], time_zone: str, now: datetime
) -> None:
    # With each change of the rules the fields are new ones, and show what holds now.
    prefix = f"links_{link.share_link_id}_{link.policy_epoch}"
    with st.expander("Change its rules", key=f"{prefix}_more"):
        show_basic_fields(prefix, link, time_zone, now)
        show_rule_fields(prefix, link, entries)
        st.button(
            "Save rules",
            key=f"{prefix}_save",
            on_click=change_rules,
            args=(link.share_link_id, prefix, time_zone),
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


def _link_label(link: ShareLink, now: datetime) -> str:
    state = link.state(now)
    note = "" if state is LinkState.ACTIVE else f" ({STATE_WORDS[state].lower()})"
    # Two links can have the same name: the number keeps the choices apart.
    return f"{link.name} · l{link.share_link_id}{note}"


def _life_words(link: ShareLink, time_zone: str, now: datetime) -> str:
    zone = ZoneInfo(time_zone)
    if link.revoked_at is not None:
        return f"Revoked: {say_instant(link.revoked_at, zone)} ({time_zone})"
    if link.state(now) is LinkState.USED_UP:
        is_single = link.view_limit == 1
        taken = "its only view was" if is_single else f"all {link.view_limit:,} views were"
        return f"Used up: {taken} taken"
    if link.expires_at is None:
        return "Active: until you revoke it"
    verb = "Active until" if link.state(now) is LinkState.ACTIVE else "Expired"
    return f"{verb}: {say_instant(link.expires_at, zone)} ({time_zone})"
