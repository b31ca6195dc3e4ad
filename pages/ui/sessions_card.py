"""Where a member is signed in, and signing out there."""

from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from data.database import Database
from data.records import Member
from gate.member_tries import find_own_browser
from gate.profile import end_other_sessions, end_own_session, find_own_sessions
from pages.ui.asking import get_browser_hash, get_desk_visit
from pages.ui.forms import Outcome, carry_out
from pages.ui.member_words import signed_out_words
from pages.ui.profile_card import PROFILE_PAGE
from pages.ui.runtime import get_runtime
from pages.ui.table import say_ago, say_instant


def show_sessions(member: Member, zone: ZoneInfo, now: datetime) -> None:
    """Every browser where the member is signed in now; this one is marked."""
    db = get_runtime().db
    sessions = find_own_sessions(db, member, now)
    here = find_own_browser(db, get_browser_hash())
    with st.container(border=True):
        st.markdown("**Where you are signed in**")
        for one in sessions:
            left, right = st.columns([3, 1], vertical_alignment="center")
            is_here = one.browser_id == here
            name = (one.browser_name or "A browser") + (" (this one)" if is_here else "")
            left.text(
                f"{name}\nSince {say_instant(one.started_at, zone)}, "
                f"last seen {say_ago(one.last_seen_at, now)}"
            )
            if not is_here:
                right.button(
                    "Sign out",
                    key=f"profile_session_{one.member_session_id}",
                    on_click=_sign_out_there,
                    args=(one.member_session_id,),
                )
        if len(sessions) > 1:
            st.button("Sign out everywhere else", key="profile_sessions", on_click=_sign_out_others)


def _sign_out_there(member_session_id: int) -> None:
    def end(db: Database, member: Member, now: datetime) -> Outcome:
        end_own_session(db, member_session_id, member, now)
        return Outcome("Signed out there.")

    carry_out(PROFILE_PAGE, end)


def _sign_out_others() -> None:
    def end(db: Database, member: Member, now: datetime) -> Outcome:
        closed = end_other_sessions(db, get_desk_visit(), member)
        return Outcome(signed_out_words(closed))

    carry_out(PROFILE_PAGE, end)
