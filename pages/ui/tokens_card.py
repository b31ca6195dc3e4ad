"""Access tokens: a member's own on their page, and everybody's for an owner among the members."""

from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from data.access_tokens import AccessToken, find_all_tokens, find_member_tokens
from data.accounts import get_account
from data.database import Database
from data.members import find_members
from data.records import Member
from gate.access_tokens import make_access_token, revoke_members_token, revoke_own_token
from gate.entitlements import Feature, is_entitled
from gate.limits import TOKEN_DAYS
from gate.names import MAX_NAME_LENGTH
from pages.ui.connection_words import LOCKED
from pages.ui.copying import show_to_copy
from pages.ui.desk_words import say_count
from pages.ui.forms import Outcome, carry_out, carry_out_once
from pages.ui.invitations_card import MEMBERS_PAGE
from pages.ui.profile_card import PROFILE_PAGE
from pages.ui.runtime import get_runtime
from pages.ui.session import (
    forget,
    get_nonce,
    get_widget_value,
    recall,
    remember,
    set_widget_value,
)
from pages.ui.table import say_ago, say_instant

NAME, DAYS = "profile_token_name", "profile_token_days"
_MADE = "profile:made_token"
_NOTHING = (0, "")


def show_own_tokens(member: Member, zone: ZoneInfo, now: datetime) -> None:
    """The member's tokens, the new one's text until it is copied, and the form for another."""
    db = get_runtime().db
    with st.container(border=True):
        st.markdown("**Access tokens**")
        st.text("A script downloads contacts with one, in your name, and can do nothing else.")
        _show_made_token()
        for one in find_member_tokens(db, member.member_id):
            left, right = st.columns([3, 1], vertical_alignment="center")
            left.text(f"{one.name}\n{token_words(one, zone, now)}")
            right.button(
                "Revoke",
                key=f"profile_token_{one.access_token_id}",
                on_click=_revoke_own,
                args=(one.access_token_id,),
            )
        if is_entitled(get_account(db).plan, Feature.ACCESS_TOKENS):
            _show_token_form()
        else:
            st.text(f"🔒 {LOCKED[Feature.ACCESS_TOKENS]}")


def show_members_tokens(zone: ZoneInfo, now: datetime) -> None:
    """Every member's tokens, each with a way to revoke it; for owners."""
    db = get_runtime().db
    tokens = find_all_tokens(db)
    if not tokens:
        return
    emails = {one.member_id: one.email for one in find_members(db)}
    st.markdown("**Access tokens**")
    for one in tokens:
        with st.container(border=True):
            left, right = st.columns([3, 1], vertical_alignment="center")
            whose = emails.get(one.member_id, "")
            left.text(f"{one.name} · {whose}\n{token_words(one, zone, now)}")
            right.button(
                "Revoke",
                key=f"members_token_{one.access_token_id}",
                on_click=_revoke_any,
                args=(one.access_token_id,),
            )


def token_words(token: AccessToken, zone: ZoneInfo, now: datetime) -> str:
    """Until when the token works, and when it last did."""
    used_at = token.last_used_at
    used = "never used" if used_at is None else f"last used {say_ago(used_at, now)}"
    until = say_instant(token.expires_at, zone)
    return f"{'Ran out' if now >= token.expires_at else 'Until'} {until} · {used}"


def _show_made_token() -> None:
    _, text = recall(_MADE, _NOTHING)
    if not text:
        return
    st.text("Copy your new token now: it is not shown again.")
    show_to_copy(text, "Copy token", key="profile_token")
    st.button("I have copied it", key="profile_token_copied", on_click=forget, args=(_MADE,))


def _show_token_form() -> None:
    with st.form("profile_token_form", border=False):
        left, right = st.columns([3, 2])
        left.text_input(
            "Name of a new token", key=NAME, max_chars=MAX_NAME_LENGTH, placeholder="Nightly import"
        )
        right.selectbox(
            "Works for",
            TOKEN_DAYS,
            index=1,
            format_func=lambda days: say_count(days, "day", "days"),
            key=DAYS,
        )
        st.form_submit_button("Make a token", on_click=_make_token, args=(get_nonce(PROFILE_PAGE),))


def _make_token(nonce: str) -> None:
    name, days = get_widget_value(NAME, ""), get_widget_value(DAYS, TOKEN_DAYS[1])

    def make(db: Database, member: Member, now: datetime) -> Outcome:
        made = make_access_token(db, name, days, member, now)
        sentence = f"The token {made.token.name} is ready. Copy it now."
        return Outcome(sentence, made_id=made.token.access_token_id, shown_once=(made.text,))

    outcome = carry_out_once(PROFILE_PAGE, nonce, make)
    if outcome.shown_once:
        remember(_MADE, (outcome.made_id, outcome.shown_once[0]))
        set_widget_value(NAME, "")


def _revoke_own(access_token_id: int) -> None:
    def revoke(db: Database, member: Member, now: datetime) -> Outcome:
        revoke_own_token(db, access_token_id, member, now)
        return Outcome("Revoked. Scripts that use it are refused from now on.")

    carry_out(PROFILE_PAGE, revoke)
    if recall(_MADE, _NOTHING)[0] == access_token_id:
        forget(_MADE)


def _revoke_any(access_token_id: int) -> None:
    def revoke(db: Database, member: Member, now: datetime) -> Outcome:
        revoke_members_token(db, access_token_id, member, now)
        return Outcome("Revoked. Scripts that use it are refused from now on.")

    carry_out(MEMBERS_PAGE, revoke)
