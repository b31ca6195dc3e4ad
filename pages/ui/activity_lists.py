"""Who was refused or went away, on the Activity page, and judging them by a list."""

from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

import streamlit as st

from data.contacts import get_contact
from data.database import Database
from data.gate_history import HistoryFilter, PastStep, count_past_steps, find_past_steps
from data.list_entries import ListSide
from data.records import Channel, Member
from gate.known_people import find_known_person
from gate.links import judge_at_link
from gate.lists import conceal_entry
from pages.ui.activity_grid import (
    NOTHING,
    PAGE_SIZE,
    ask_page,
    begin_panel,
    say_pages,
    show_lines,
)
from pages.ui.activity_words import REFUSED_KINDS, STEP_WORDS, Names, reason_words, step_words
from pages.ui.desk_words import judged_words
from pages.ui.forms import Outcome, carry_out, show_empty
from pages.ui.runtime import get_reader, get_runtime
from pages.ui.table import say_ago, say_instant

ACTIVITY_PAGE = "activity"


def show_refused(
    wanted: HistoryFilter, links: Names, zone: ZoneInfo, now: datetime, *, can_judge: bool
) -> None:
    """One page of who was refused or went away; whoever a selected line names can be judged."""
    kinds = st.multiselect("Kinds", list(REFUSED_KINDS), placeholder="Every kind")
    steps = [step for kind in kinds or REFUSED_KINDS for step in REFUSED_KINDS[kind]]
    db = get_reader()
    total = count_past_steps(db, wanted, steps)
    if total == 0:
        show_empty("Nobody was refused", "Refusals, limits and viewers who went away appear here.")
        return
    skipped = ask_page(total, "refused")
    found = find_past_steps(db, wanted, steps, most=PAGE_SIZE, skipped=skipped)
    if not found:
        return
    chosen = show_lines(
        {
            "When": [say_ago(one.created_at, now) for one in found],
            "Who": [one.identifier_mask or NOTHING for one in found],
            "What": [step_words(one) for one in found],
            "Why": [reason_words(one.step, one.reason) for one in found],
            "Share link": [links.get(one.share_link_id, NOTHING) for one in found],
            "At": [say_instant(one.created_at, zone) for one in found],
        },
        # A selection is a position: other lines make another table, so that it means nobody else.
        key=f"activity_refused_{found[0].gate_event_id}_{found[-1].gate_event_id}_{len(found)}",
        alt="Who was refused or went away, newest first",
    )
    use = "for its reason in full, and to allow or block" if can_judge else "for its reason in full"
    st.text(
        f"{say_pages(total, skipped, 'line')}. What one person met again on one link is one line "
        f"(×3). Select a line {use}."
    )
    line = None if chosen is None else found[chosen]
    with begin_panel("refused", line.gate_event_id if line else None):
        if line is not None:
            _show_line(line, links, zone, can_judge=can_judge)


def _show_line(one: PastStep, links: Names, zone: ZoneInfo, *, can_judge: bool) -> None:
    link_name = links.get(one.share_link_id, "this link")
    with st.container(border=True):
        st.text(f"{one.identifier_mask or 'Somebody without a name'}, on {link_name}")
        how_often = f", {one.times:,} times, last" if one.times > 1 else ""
        st.text(f"{STEP_WORDS[one.step]}{how_often} at {say_instant(one.created_at, zone)}")
        if why := reason_words(one.step, one.reason):
            st.text(why)
        _show_who(one)
        if not can_judge:
            return
        if one.identifier_hash is None or one.identifier_mask is None:
            st.text("This line names nobody whom a list could allow or block.")
            return
        with st.container(horizontal=True):
            for side, label in ((ListSide.ALLOW, "Allow"), (ListSide.DENY, "Block")):
                st.button(
                    f"{label} on this link",
                    key=f"activity_{side}_{one.gate_event_id}",
                    on_click=judge_person,
                    args=(side, one, link_name),
                )


def _show_who(one: PastStep) -> None:
    if one.channel is None or one.identifier_hash is None or one.identifier_mask is None:
        return
    db, pepper = get_reader(), get_runtime().pepper
    known = find_known_person(db, pepper, one.channel, one.identifier_hash, one.identifier_mask)
    contact = None if known is None else get_contact(db, known.contact_id)
    if known is None or contact is None:
        st.text("Only part of the address is kept of who did not get in.")
        return
    name = " · ".join(filter(None, (contact.name, known.address)))
    st.html(
        f'<p style="margin:0;overflow-wrap:anywhere">Your contact '
        f'<a href="/contacts?contact={contact.contact_id}" target="_self">{escape(name)}</a></p>'
    )


def judge_person(side: ListSide, step: PastStep, link_name: str) -> None:
    """Allow or block whoever stands behind a line, on its link. For the button's callback."""
    said = ListSide.LET_IN if side is ListSide.ALLOW else ListSide.DENY
    mask, hashed = step.identifier_mask or "", step.identifier_hash or ""

    def judge(_: Database, member: Member, now: datetime) -> Outcome:
        entry = conceal_entry(said, step.channel or Channel.EMAIL, hashed, mask)
        link = judge_at_link(get_runtime().gate, step.share_link_id, entry, member, now)
        return Outcome(judged_words(entry, link, link_name, now))

    carry_out(ACTIVITY_PAGE, judge)
