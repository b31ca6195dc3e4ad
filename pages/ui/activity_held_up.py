"""Who is held up by a limit just now, and letting them through."""

from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from data.database import Database
from data.records import Member
from gate.limited import HeldUp, find_held_up, lift_limit
from pages.ui.activity_lists import ACTIVITY_PAGE
from pages.ui.activity_words import LIMIT_WORDS, Names, held_words
from pages.ui.forms import Outcome, carry_out, show_empty
from pages.ui.runtime import get_runtime
from pages.ui.table import say_instant

MOST_SHOWN = 50


def show_held_up(
    links: Names, workspaces: Names, zone: ZoneInfo, now: datetime, *, can_lift: bool
) -> None:
    """Who is held up, what lasts longest first, each with a way to let them through."""
    held_up = find_held_up(get_runtime().gate, now)
    if not held_up:
        show_empty("Nobody is held up", "Who reaches a limit of the gate appears here.")
        return
    st.text(_say_total(len(held_up)))
    for held in held_up[:MOST_SHOWN]:
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


def _say_total(total: int) -> str:
    sentence = f"{total:,} held up now, whatever is chosen above"
    if total > MOST_SHOWN:
        return f"{sentence}; the {MOST_SHOWN} that last longest are shown."
    return f"{sentence}."
