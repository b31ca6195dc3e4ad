"""A member's own name and password."""

from datetime import datetime

import streamlit as st

from data.database import Database
from data.records import Member
from gate.limits import LONGEST_MEMBER_PASSWORD
from gate.names import MAX_NAME_LENGTH
from gate.profile import change_own_name, change_own_password, has_password
from pages.ui.asking import get_desk_visit
from pages.ui.forms import Outcome, carry_out, carry_out_once
from pages.ui.member_words import PASSWORD_RULE, ROLE_WORDS, signed_out_words
from pages.ui.runtime import get_runtime
from pages.ui.session import get_nonce, get_widget_value

PROFILE_PAGE = "profile"
NAME = "profile_name"


def show_name(member: Member) -> None:
    """Who is signed in, as what, and under which name."""
    with st.form("profile_name_form"):
        st.markdown("**You**")
        st.text(f"{member.email}\n{ROLE_WORDS[member.role]}")
        st.text_input("Name", member.name, key=NAME, max_chars=MAX_NAME_LENGTH)
        st.form_submit_button("Save name", on_click=_save_name)


def show_password(member: Member) -> None:
    """The form for another password; the first one needs none before it."""
    nonce = get_nonce(PROFILE_PAGE)
    has_one = has_password(get_runtime().db, member)
    with st.form(f"profile_password_form_{nonce}"):
        st.markdown("**Password**" if has_one else "**Set a password**")
        if has_one:
            st.text_input(
                "Current password",
                key=f"profile_present_{nonce}",
                type="password",
                autocomplete="current-password",
            )
        else:
            st.text("With it you sign in by email and password, from anywhere.")
        st.text_input(
            "New password",
            key=f"profile_new_{nonce}",
            type="password",
            autocomplete="new-password",
            max_chars=LONGEST_MEMBER_PASSWORD,
        )
        st.text(PASSWORD_RULE)
        st.form_submit_button(
            "Change password" if has_one else "Set password",
            type="secondary" if has_one else "primary",
            on_click=_save_password,
            args=(nonce,),
        )


def _save_name() -> None:
    typed = get_widget_value(NAME, "")

    def save(db: Database, member: Member, now: datetime) -> Outcome:
        change_own_name(db, member, typed, now)
        return Outcome("Saved.")

    carry_out(PROFILE_PAGE, save)


def _save_password(nonce: str) -> None:
    present = get_widget_value(f"profile_present_{nonce}", "")
    new = get_widget_value(f"profile_new_{nonce}", "")

    def save(db: Database, member: Member, now: datetime) -> Outcome:
        closed = change_own_password(get_runtime().gate, get_desk_visit(), member, present, new)
        return Outcome(f"Your new password counts from now on. {signed_out_words(closed)}")

    carry_out_once(PROFILE_PAGE, nonce, save)
