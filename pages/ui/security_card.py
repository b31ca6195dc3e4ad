"""A member's second factor: set up with a QR code, recovery codes, turned off."""

from datetime import datetime
from html import escape

import segno
import streamlit as st

from data.accounts import get_account
from data.database import Database
from data.records import Member
from data.second_factors import Totp, count_recovery_codes, get_totp
from gate.profile import has_password, renew_recovery_codes, turn_second_factor_off
from gate.second_factor import cancel_totp, confirm_totp, start_totp, totp_address
from pages.ui.asking import get_desk_visit
from pages.ui.copying import show_to_copy
from pages.ui.desk_words import say_count
from pages.ui.forms import Change, Outcome, carry_out, carry_out_once
from pages.ui.profile_card import PROFILE_PAGE
from pages.ui.runtime import get_runtime
from pages.ui.session import forget, get_nonce, get_widget_value, recall, remember

_CODES = "profile:codes"
_NO_CODES: tuple[str, ...] = ()


def show_fresh_codes() -> None:
    """The recovery codes that were just made: shown until they are kept, and never again."""
    codes = recall(_CODES, _NO_CODES)
    if not codes:
        return
    with st.container(border=True):
        st.markdown("**Your recovery codes**")
        st.text(
            "Each signs you in once when your app is lost. Keep them where you keep passwords: "
            "they are not shown again."
        )
        show_to_copy("\n".join(codes), "Copy codes", key="profile_codes", wrap_lines=False)
        st.button(
            "I have kept them",
            key="profile_kept",
            type="primary",
            on_click=forget,
            args=(_CODES,),
        )


def show_second_factor(member: Member) -> None:
    """Whether a code is asked for after the password, and the way to change that."""
    db = get_runtime().db
    totp = get_totp(db, member.member_id)
    with st.container(border=True):
        st.markdown("**Second factor**")
        if totp is None:
            _show_offer(has_one=has_password(db, member))
        elif totp.confirmed_at is None:
            _show_setup(member, totp)
        else:
            left = count_recovery_codes(db, member.member_id)
            _show_on(left)


def _show_offer(*, has_one: bool) -> None:
    st.text(
        "Off. With an authenticator app, whoever learns your password can't sign in with it alone."
    )
    if not has_one:
        st.text("Set a password first.")
    st.button(
        "Set up an authenticator app",
        key="profile_totp_start",
        disabled=not has_one,
        on_click=_start_app,
    )


def _show_setup(member: Member, totp: Totp) -> None:
    nonce = get_nonce(PROFILE_PAGE)
    address = totp_address(totp.secret, member, get_account(get_runtime().db).name)
    picture = segno.make_qr(address, error="m").svg_data_uri(scale=4, border=3)
    st.text("Scan this with your app, or type the key into it. Then type the code that it shows.")
    st.html(
        f'<img src="{escape(picture, quote=True)}" alt="QR code with the key for your app"'
        ' style="background:#fff;border-radius:8px;max-width:100%">'
    )
    show_to_copy(totp.secret, "Copy key", key="profile_totp_key", wrap_lines=False)
    with st.form(f"profile_totp_form_{nonce}", border=False):
        st.text_input("Code", key=f"profile_totp_code_{nonce}", autocomplete="one-time-code")
        st.form_submit_button("Turn it on", type="primary", on_click=_confirm_app, args=(nonce,))
    st.button("Not now", key="profile_totp_cancel", on_click=_cancel_app)


def _show_on(codes_left: int) -> None:
    nonce = get_nonce(PROFILE_PAGE)
    st.text(f"On. You have {say_count(codes_left, 'recovery code', 'recovery codes')} left.")
    with st.form(f"profile_totp_off_{nonce}", border=False):
        st.text_input(
            "Your password, to change it",
            key=f"profile_totp_password_{nonce}",
            type="password",
            autocomplete="current-password",
        )
        with st.container(horizontal=True):
            st.form_submit_button("Make new recovery codes", on_click=_renew_codes, args=(nonce,))
            st.form_submit_button("Turn it off", on_click=_turn_off, args=(nonce,))


def _start_app() -> None:
    def start(db: Database, member: Member, now: datetime) -> Outcome:
        start_totp(db, member, now)
        return Outcome("Scan the code with your app.")

    carry_out(PROFILE_PAGE, start)


def _cancel_app() -> None:
    def cancel(db: Database, member: Member, now: datetime) -> Outcome:
        cancel_totp(db, member)
        return Outcome("The second factor stays off.")

    carry_out(PROFILE_PAGE, cancel)


def _confirm_app(nonce: str) -> None:
    typed = get_widget_value(f"profile_totp_code_{nonce}", "")

    def confirm(db: Database, member: Member, now: datetime) -> Outcome:
        codes = confirm_totp(get_runtime().gate, get_desk_visit(), member, typed)
        return Outcome("The second factor is on.", shown_once=tuple(codes))

    _make_codes(nonce, confirm)


def _renew_codes(nonce: str) -> None:
    password = get_widget_value(f"profile_totp_password_{nonce}", "")

    def renew(db: Database, member: Member, now: datetime) -> Outcome:
        codes = renew_recovery_codes(get_runtime().gate, get_desk_visit(), member, password)
        return Outcome("The codes from before open nothing any more.", shown_once=tuple(codes))

    _make_codes(nonce, renew)


def _turn_off(nonce: str) -> None:
    password = get_widget_value(f"profile_totp_password_{nonce}", "")

    def turn_off(db: Database, member: Member, now: datetime) -> Outcome:
        turn_second_factor_off(get_runtime().gate, get_desk_visit(), member, password)
        return Outcome("The second factor is off.")

    carry_out_once(PROFILE_PAGE, nonce, turn_off)


def _make_codes(nonce: str, change: Change) -> None:
    outcome = carry_out_once(PROFILE_PAGE, nonce, change)
    if outcome.shown_once:
        remember(_CODES, outcome.shown_once)
