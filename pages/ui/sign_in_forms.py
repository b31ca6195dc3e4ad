"""The steps of signing in: email and password, then a code where the member has a second factor.

Which step is shown is read from the database, and never kept here.
"""

from collections.abc import Callable

import streamlit as st

from data.database import StorageFailed
from gate.codes import secret_hash
from gate.errors import GateRefusal
from gate.sign_in import (
    SignInGrant,
    SignInStep,
    give_member_password,
    give_second_factor,
    give_sign_in_up,
)
from pages.ui.asking import get_desk_visit
from pages.ui.components import claim_sign_in_in_browser
from pages.ui.gate_steps import show_alert
from pages.ui.member_words import sign_in_sentence
from pages.ui.once import act_once, let_go_of_stack
from pages.ui.runtime import get_runtime
from pages.ui.session import (
    forget,
    get_nonce,
    get_widget_value,
    recall,
    remember,
    seed_widget_value,
    spend_nonce,
)

NONCE = "sign_in"
EMAIL = "sign_in_email"
_GRANT, _REFUSAL, _COUNT, _TYPED = (
    "sign_in:grant",
    "sign_in:refusal",
    "sign_in:refusals",
    "sign_in:email",
)


def show_claim(back: str) -> bool:
    """Whether the sign-in is complete: then the browser fetches its cookie and goes back there."""
    grant = recall(_GRANT, "")
    if grant:
        st.text("Signing you in…")
        claim_sign_in_in_browser(grant, back)
    return bool(grant)


def show_password_form() -> None:
    """The first step."""
    nonce = get_nonce(NONCE)
    # What was typed is kept: the form of after a code has other widgets.
    seed_widget_value(EMAIL, recall(_TYPED, ""))
    _show_no()
    with st.form(f"sign_in_form_{nonce}", border=False):
        st.text_input(
            "Email",
            key=EMAIL,
            type="email",
            autocomplete="username",
            icon="",
            # The browser's own check refuses a first owner's `owner@localhost`.
            validate="",
        )
        st.text_input(
            "Password",
            key=f"sign_in_password_{nonce}",
            type="password",
            autocomplete="current-password",
        )
        st.form_submit_button(
            "Sign in", type="primary", width="stretch", on_click=_give_password, args=(nonce,)
        )


def show_code_form() -> None:
    """The second step."""
    nonce = get_nonce(NONCE)
    st.text("Type the code that your authenticator app shows now, or one of your recovery codes.")
    _show_no()
    with st.form(f"sign_in_code_form_{nonce}", border=False):
        st.text_input("Code", key=f"sign_in_code_{nonce}", autocomplete="one-time-code")
        st.form_submit_button(
            "Confirm", type="primary", width="stretch", on_click=_give_code, args=(nonce,)
        )
    st.button("Sign in as somebody else", width="stretch", on_click=_give_up)


def show_ways_in() -> None:
    """What helps who has no password; the same for everybody, as nobody is known here."""
    with st.expander("No password yet, or forgotten?"):
        st.text(
            "Ask an owner of the account for a link. The first owner runs this where Gatebook is "
            "running; it prints an address that signs them in once, within 10 minutes:"
        )
        st.code("./run sign-in", language=None)
    st.text("Were you sent a document? Open the whole address that you were given.")


def _give_password(nonce: str) -> None:
    email = get_widget_value(EMAIL, "")
    typed = get_widget_value(f"sign_in_password_{nonce}", "")
    remember(_TYPED, email)
    if not email.strip() or not typed:
        # Nothing to compare costs no try. A late click on an emptied form says nothing new.
        if not recall(_REFUSAL, ""):
            _note_no("Type your email and your password.")
        return
    _take_sign_in_step(
        nonce, lambda: give_member_password(get_runtime().gate, get_desk_visit(), email, typed)
    )


def _give_code(nonce: str) -> None:
    typed = get_widget_value(f"sign_in_code_{nonce}", "")
    if not typed.strip():
        if not recall(_REFUSAL, ""):
            _note_no("Type the code.")
        return
    _take_sign_in_step(
        nonce, lambda: give_second_factor(get_runtime().gate, get_desk_visit(), typed)
    )


def _give_up() -> None:
    forget(_REFUSAL)
    give_sign_in_up(get_runtime().gate, get_desk_visit())


def _take_sign_in_step(nonce: str, act: Callable[[], SignInStep]) -> None:
    """Take one step, once for each form that is shown: impatient clicks share its outcome."""
    try:
        step = act_once(secret_hash(f"sign-in|{nonce}"), act)
    except (GateRefusal, StorageFailed) as refusal:
        let_go_of_stack(refusal)
        _note_no(sign_in_sentence(refusal))
    else:
        forget(_REFUSAL)
        if isinstance(step, SignInGrant):
            remember(_GRANT, step.token)
    spend_nonce(NONCE, nonce)


def _note_no(sentence: str) -> None:
    remember(_COUNT, recall(_COUNT, 0) + 1)
    remember(_REFUSAL, sentence)


def _show_no() -> None:
    sentence = recall(_REFUSAL, "")
    if sentence:
        show_alert(sentence, recall(_COUNT, 0))
