"""The members of the account, each with what an owner can do about them."""

from collections.abc import Callable
from datetime import datetime

import streamlit as st

from data.database import Database
from data.member_sessions import find_last_seen
from data.members import find_members
from data.records import Member, Role
from data.second_factors import find_members_with_totp
from gate.membership import change_role, make_password_link, remove_member, reset_second_factor
from pages.ui.forms import Outcome, carry_out_once
from pages.ui.invitations_card import MEMBERS_PAGE, make_member_link, tell_made
from pages.ui.member_words import ROLE_NAMES
from pages.ui.plain import as_plain
from pages.ui.runtime import get_runtime
from pages.ui.session import get_nonce
from pages.ui.table import say_ago

Act = Callable[[Database, int, Member, datetime], None]


def show_members(me: Member, now: datetime) -> None:
    """Everybody who may sign in, who was there first first."""
    db = get_runtime().db
    members, guarded = find_members(db), find_members_with_totp(db)
    last_seen = find_last_seen(db)
    for one in members:
        with st.container(border=True):
            left, right = st.columns([3, 1], vertical_alignment="center")
            you = " (you)" if one.member_id == me.member_id else ""
            left.markdown(f"**{as_plain(one.name)}**{you}")
            seen = last_seen.get(one.member_id)
            factor = "second factor on" if one.member_id in guarded else "no second factor"
            told = "never signed in" if seen is None else f"last seen {say_ago(seen, now)}"
            left.text(f"{one.email}\n{ROLE_NAMES[one.role]} · {factor} · {told}")
            with right.popover("Change…", key=f"members_change_{one.member_id}"):
                _show_member_acts(one, has_totp=one.member_id in guarded)


def _show_member_acts(one: Member, *, has_totp: bool) -> None:
    number, nonce = one.member_id, get_nonce(MEMBERS_PAGE)
    other = Role.ANALYST if one.role is Role.OWNER else Role.OWNER
    st.button(
        f"Make {ROLE_NAMES[other].lower()}",
        key=f"members_role_{number}",
        help="Signs them out everywhere.",
        width="stretch",
        on_click=_give_role,
        args=(number, other, nonce),
    )
    st.button(
        "New password link",
        key=f"members_password_{number}",
        help="For who forgot theirs. It works once, for seven days.",
        width="stretch",
        on_click=_make_password_link,
        args=(number, nonce),
    )
    if has_totp:
        st.button(
            "Reset second factor",
            key=f"members_totp_{number}",
            help="For who lost their app and codes: they sign in by password alone.",
            width="stretch",
            on_click=_change_member,
            args=(number, reset_second_factor, "Their second factor is off.", nonce),
        )
    st.text("Removing ends it at once, in open tabs too.")
    st.button(
        "Remove member",
        key=f"members_remove_{number}",
        width="stretch",
        on_click=_change_member,
        args=(number, remove_member, "Removed. Their open tabs show nothing any more.", nonce),
    )


def _give_role(member_id: int, role: Role, nonce: str) -> None:
    def change(db: Database, member: Member, now: datetime) -> Outcome:
        change_role(db, member_id, role, member, now)
        return Outcome(f"They are {ROLE_NAMES[role].lower()} from now on, and sign in again.")

    carry_out_once(MEMBERS_PAGE, nonce, change)


def _make_password_link(member_id: int, nonce: str) -> None:
    def make(db: Database, member: Member, now: datetime) -> Outcome:
        made = make_password_link(db, member_id, member, now)
        return tell_made(made, f"The link for {made.invitation.email} is ready.")

    make_member_link(nonce, make)


def _change_member(member_id: int, act: Act, done: str, nonce: str) -> None:
    def change(db: Database, member: Member, now: datetime) -> Outcome:
        act(db, member_id, member, now)
        return Outcome(done)

    carry_out_once(MEMBERS_PAGE, nonce, change)
