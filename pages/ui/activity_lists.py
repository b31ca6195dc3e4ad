"""The lists of the Activity page: who was refused, what became of codes, who is held up."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import streamlit as st

from data.database import Database
from data.delivery_history import find_deliveries
from data.gate_history import (
    HistoryFilter,
    PastStep,
    count_past_steps,
    find_past_steps,
)
from data.list_entries import ListSide
from data.records import Channel, Member
from gate.limited import HeldUp, find_held_up, lift_limit
from gate.links import judge_at_link
from gate.lists import conceal_entry
from pages.ui.activity_words import (
    DELIVERY_WORDS,
    LIMIT_WORDS,
    STEP_WORDS,
    held_words,
    reason_words,
)
from pages.ui.desk_words import CHANNEL_NAMES, judged_words
from pages.ui.forms import Outcome, carry_out, show_empty
from pages.ui.runtime import get_runtime
from pages.ui.table import say_instant

ACTIVITY_PAGE = "activity"
PAGE_SIZE = 50
MOST_CODES = 200
CODES_SHOWN_FOR = timedelta(days=2)

Names = dict[int, str]


def show_refused(wanted: HistoryFilter, links: Names, zone: ZoneInfo, *, can_judge: bool) -> None:
    """One page of who was refused or went away; a selected line can be allowed or blocked."""
    db = get_runtime().db
    total = count_past_steps(db, wanted)
    if total == 0:
        show_empty("Nobody was refused", "Refusals, limits and viewers who went away appear here.")
        return
    pages = max(1, -(-total // PAGE_SIZE))
    page = st.pagination(pages, key=f"activity_page_{pages}") if pages > 1 else 1
    number = page if isinstance(page, int) else 1
    skipped = (min(number, pages) - 1) * PAGE_SIZE
    steps = find_past_steps(db, wanted, most=PAGE_SIZE, skipped=skipped)
    if not steps:
        return
    chosen = st.dataframe(
        {
            "When": [say_instant(step.created_at, zone) for step in steps],
            "What": [STEP_WORDS[step.step] for step in steps],
            "Who": [step.identifier_mask or "—" for step in steps],
            "Share link": [links.get(step.share_link_id, "—") for step in steps],
            "Why": [reason_words(step.step, step.reason) for step in steps],
        },
        hide_index=True,
        # A selection is a position: other lines make another table, so that it means nobody else.
        key=f"activity_refused_{steps[0].gate_event_id}_{steps[-1].gate_event_id}_{len(steps)}",
        on_select="rerun" if can_judge else "ignore",
        selection_mode="single-row",
        alt="Who was refused or went away, newest first",
    )
    st.text(f"{total:,} in all. Select a line to allow or block the person on that link.")
    rows: list[int] = list(chosen["selection"]["rows"]) if isinstance(chosen, dict) else []
    if rows and rows[0] < len(steps):
        _show_judging(steps[rows[0]], links)


def _show_judging(step: PastStep, links: Names) -> None:
    if step.identifier_hash is None or step.identifier_mask is None:
        st.text("This line names nobody whom a list could allow or block.")
        return
    st.text(f"{step.identifier_mask} on {links.get(step.share_link_id, 'this link')}:")
    with st.container(horizontal=True):
        for side, label in ((ListSide.ALLOW, "Allow"), (ListSide.DENY, "Block")):
            st.button(
                f"{label} on this link",
                key=f"activity_{side}_{step.gate_event_id}",
                on_click=judge_person,
                args=(side, step, links.get(step.share_link_id, "this link")),
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


def show_codes(links: Names, zone: ZoneInfo, now: datetime) -> None:
    """The newest codes, to whom they went, and what became of each."""
    found = find_deliveries(get_runtime().db, since=now - CODES_SHOWN_FOR, most=MOST_CODES)
    if not found:
        show_empty("No codes in two days", "Each code that a viewer asks for appears here.")
        return
    st.dataframe(
        {
            "When": [say_instant(one.created_at, zone) for one in found],
            "To": [one.identifier_mask for one in found],
            "By": [CHANNEL_NAMES[one.channel] for one in found],
            "Share link": [links.get(one.share_link_id, "—") for one in found],
            "State": [DELIVERY_WORDS[one.state] for one in found],
            "Why": [one.reason or "" for one in found],
        },
        hide_index=True,
        alt="The newest codes with their delivery state",
    )


def show_held_up(
    links: Names, workspaces: Names, zone: ZoneInfo, now: datetime, *, can_lift: bool
) -> None:
    """Who is held up by a limit just now, each with a way to let them through."""
    held_up = find_held_up(get_runtime().gate, now)
    if not held_up:
        show_empty("Nobody is held up", "Who reaches a limit of the gate appears here.")
        return
    for held in held_up[:PAGE_SIZE]:
        with st.container(border=True):
            left, right = st.columns([4, 1], vertical_alignment="center")
            left.text(held_words(held, links, workspaces))
            words = LIMIT_WORDS.get(held.limit, held.limit)
            left.text(f"{words}, until {say_instant(held.until, zone)}")
            if can_lift:
                right.button(
                    "Let through",
                    key=f"activity_lift_{held.limit}_{held.subject}",
                    on_click=let_through,
                    args=(held,),
                )


def let_through(held: HeldUp) -> None:
    """Lift one limit for one subject. For the button's callback."""

    def lift(db: Database, member: Member, now: datetime) -> Outcome:
        lift_limit(db, held, member, now)
        return Outcome("Let through: what was counted until now counts no more.")

    carry_out(ACTIVITY_PAGE, lift)
