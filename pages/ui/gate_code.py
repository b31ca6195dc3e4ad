"""The gate's second step as a form: a code is awaited, sent again, or another address given."""

from math import ceil

import streamlit as st

from data.challenges import get_challenge
from data.deliveries import DeliveryState, get_last_delivery
from data.entries import GateEntry
from data.records import Challenge, Channel, ShareLink
from gate.challenges import answer_challenge
from gate.deliveries import NOT_SENT, has_sending_failed
from gate.entries import withdraw_entry
from gate.errors import ChallengeClosed, DeliveryFailed
from gate.identifiers import mask_identifier
from gate.limits import TRIES_PER_CHALLENGE
from gate.sendings import renewal_wait, resend_code
from gate.tries import find_code_wait
from gate.visits import Doorstep
from pages.ui.gate_steps import (
    NONCE,
    drop_refusal,
    has_refusal,
    show_alert,
    show_refusal,
    take_step,
)
from pages.ui.runtime import get_runtime
from pages.ui.session import get_nonce, get_widget_value
from pages.ui.viewer import get_visit, tell, tell_refusal

_CODE = "gate_code"


def show_code_step(link: ShareLink, entry: GateEntry, challenge: Challenge) -> None:
    """Say where a code went, take it, and offer another code or another address."""
    channel = challenge.channel
    is_email = channel is Channel.EMAIL
    if challenge.tries >= TRIES_PER_CHALLENGE:
        drop_refusal()
        place = Doorstep(link, challenge.browser_id, get_runtime().clock())
        wait = find_code_wait(get_runtime().gate, place, challenge)
        show_alert(tell_refusal(ChallengeClosed(wait)))
    elif challenge.void_reason == NOT_SENT:
        show_alert(tell("refused.not_sent_restart"))
    else:
        given = next(one for one in entry.identifiers if one.identifier.channel is channel)
        _show_sending(link, challenge, mask_identifier(channel, given.identifier.address))
        _show_code_form(link, challenge)
        show_refusal()
        st.caption(tell("page.check_spam" if is_email else "page.check_whatsapp"))
    with st.container(horizontal=True):
        _show_resend(link.slug, challenge)
        st.button(
            tell("page.change_email" if is_email else "page.change_whatsapp"),
            key="gate_change",
            on_click=_withdraw,
            args=(link.slug, get_nonce(NONCE)),
        )


@st.fragment(run_every=3.0)
def _show_sending(link: ShareLink, challenge: Challenge, mask: str) -> None:
    """That a code is on its way, or that it could not be sent; looked up again while open."""
    db = get_runtime().db
    current = get_challenge(db, challenge.challenge_id) or challenge
    if has_sending_failed(db, current):
        show_alert(tell_refusal(DeliveryFailed()))
        return
    last = get_last_delivery(db, challenge.challenge_id)
    is_unreachable = last is not None and last.state is DeliveryState.UNDELIVERABLE
    if is_unreachable and link.accepts_either and challenge.channel is Channel.WHATSAPP:
        show_alert(tell("refused.try_email"))
        return
    st.text(tell(f"told.code_requested_{challenge.channel}", mask=mask))


def _show_code_form(link: ShareLink, challenge: Challenge) -> None:
    # A new form after each answer: its field is empty, and a late click on the one before is told
    # what that one brought.
    nonce = get_nonce(NONCE)
    key = f"{_CODE}_{nonce}"
    with st.form(f"gate_code_form_{nonce}", border=False):
        st.text_input(
            tell("page.code_label"),
            key=key,
            type="phone",
            icon="",
            placeholder="",
            autocomplete="one-time-code",
        )
        st.form_submit_button(
            tell("page.code_submit"),
            type="primary",
            width="stretch",
            on_click=_submit_code,
            args=(link.slug, challenge.challenge_id, key, nonce),
        )


def _show_resend(slug: str, challenge: Challenge) -> None:
    wait = renewal_wait(challenge, get_runtime().clock())
    if wait.total_seconds() > 0:
        _count_down(slug, challenge)
        return
    st.button(
        tell("page.resend"),
        key="gate_resend",
        on_click=_resend,
        args=(slug, challenge.challenge_id, get_nonce(NONCE)),
    )
    if challenge.tries >= TRIES_PER_CHALLENGE or challenge.void_reason == NOT_SENT:
        show_refusal()


@st.fragment(run_every=1.0)
def _count_down(slug: str, challenge: Challenge) -> None:
    wait = renewal_wait(challenge, get_runtime().clock())
    if wait.total_seconds() <= 0:
        st.rerun()
    seconds = ceil(wait.total_seconds())
    st.button(tell("page.resend_wait", seconds=seconds), key="gate_resend_wait", disabled=True)


def _submit_code(slug: str, challenge_id: int, key: str, nonce: str) -> None:
    typed = get_widget_value(key, "")
    if not typed and has_refusal():
        # A late click on the form that the refusal has just emptied.
        return
    take_step(
        [nonce],
        lambda: answer_challenge(get_runtime().gate, get_visit(slug), challenge_id, typed),
    )


def _resend(slug: str, challenge_id: int, nonce: str) -> None:
    take_step([nonce], lambda: resend_code(get_runtime().gate, get_visit(slug), challenge_id))


def _withdraw(slug: str, nonce: str) -> None:
    take_step([nonce], lambda: withdraw_entry(get_runtime().gate, get_visit(slug)))
