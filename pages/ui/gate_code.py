"""The gate's second step as a form: a code is awaited, sent again, or another address given."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import streamlit as st

from data.challenges import get_challenge
from data.entries import GateEntry
from data.records import Challenge, Channel, ShareLink
from gate.challenges import answer_challenge
from gate.codes import secret_hash
from gate.deliveries import NOT_SENT, has_sending_failed
from gate.entries import withdraw_entry
from gate.errors import ChallengeClosed, DeliveryFailed
from gate.identifiers import mask_identifier
from gate.limits import TRIES_PER_CHALLENGE
from gate.sendings import resend_code
from gate.tries import find_code_wait
from gate.visits import Doorstep
from pages.ui.gate_focus import focus_step
from pages.ui.gate_steps import (
    NONCE,
    draw_refusal,
    draw_wait,
    drop_refusal,
    has_refusal,
    show_alert,
    show_done,
    show_refusal,
    take_step,
)
from pages.ui.once import act_once
from pages.ui.runtime import get_runtime
from pages.ui.session import get_nonce, get_widget_value
from pages.ui.viewer import get_visit, tell, tell_refusal, tell_wait


@dataclass(frozen=True, slots=True)
class _Wait:
    """Until when no other code can be asked for, as seen when the page was last drawn."""

    seen_at: datetime
    length: timedelta

    def left(self) -> timedelta:
        """What remains of it now; zero or less once it is over."""
        return self.seen_at + self.length - get_runtime().clock()


def show_code_step(link: ShareLink, entry: GateEntry, challenge: Challenge) -> None:
    """Say where a code went, take it, and offer another code or another address."""
    if _is_open(challenge):
        _show_confirmed(entry)
        given = next(
            one.identifier
            for one in entry.identifiers
            if one.identifier.channel is challenge.channel
        )
        _show_sending(challenge, mask_identifier(given.channel, given.address))
        _show_code_form(link, challenge)
    wait = _find_wait(link, challenge)
    if wait.left() > timedelta(0):
        _count_down(link, challenge, wait)
    else:
        _show_closed(challenge, wait)
        show_refusal()
        _show_advice(link, challenge)
        st.button(
            tell("page.resend"),
            key="gate_resend",
            width="stretch",
            on_click=_resend,
            args=(link.slug, challenge.challenge_id, get_nonce(NONCE)),
        )
    st.button(
        tell(f"page.change_{_find_way(link, challenge)}"),
        key="gate_change",
        width="stretch",
        on_click=_withdraw,
        args=(link.slug, get_nonce(NONCE)),
    )
    field = f".st-key-{_code_key()} input"
    focus_step(
        f"code:{challenge.challenge_id}:{challenge.send_count}:{get_nonce(NONCE)}",
        field if _is_open(challenge) else ".st-key-gate_change button",
        invalid=field if has_refusal() else "",
    )


def _code_key() -> str:
    return f"gate_code_{get_nonce(NONCE)}"


def _is_open(challenge: Challenge) -> bool:
    return challenge.tries < TRIES_PER_CHALLENGE and challenge.void_reason != NOT_SENT


def _find_wait(link: ShareLink, challenge: Challenge) -> _Wait:
    visit = get_visit(link.slug)
    place = Doorstep.of(link, challenge.browser_id, visit)
    if challenge.void_reason == NOT_SENT:
        return _Wait(visit.now, timedelta(0))
    return _Wait(visit.now, find_code_wait(get_runtime().gate, place, challenge))


def _find_way(link: ShareLink, challenge: Challenge) -> str:
    """Which words go with the other ways in: the channel's, or those of a link with a choice."""
    is_whatsapp = challenge.channel is Channel.WHATSAPP
    return "either" if is_whatsapp and link.accepts_either else str(challenge.channel)


def _show_confirmed(entry: GateEntry) -> None:
    """That the code before was right, where a second one is asked for."""
    for one in entry.identifiers:
        if one.verified_at is not None:
            show_done(tell(f"told.confirmed_{one.identifier.channel}"))


@st.fragment(run_every=3.0)
def _show_sending(challenge: Challenge, mask: str) -> None:
    """That a code is on its way, or that it could not be sent; looked up again while open."""
    db = get_runtime().db
    if has_sending_failed(db, get_challenge(db, challenge.challenge_id) or challenge):
        show_alert(tell_refusal(DeliveryFailed()))
    else:
        st.text(tell(f"told.code_requested_{challenge.channel}", mask=mask))


def _show_code_form(link: ShareLink, challenge: Challenge) -> None:
    # A new form after each answer: its field is empty, and a late click on the one before is told
    # what that one brought.
    nonce, key = get_nonce(NONCE), _code_key()
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


@st.fragment(run_every=1.0)
def _count_down(link: ShareLink, challenge: Challenge, wait: _Wait) -> None:
    """What may be done only later, and when: one count for all of it."""
    left = wait.left()
    if left <= timedelta(0):
        st.rerun()
    _show_closed(challenge, wait)
    draw_refusal()
    _show_advice(link, challenge)
    label = tell("page.resend_wait", wait=tell_wait(left))
    st.button(label, key="gate_resend_wait", width="stretch", disabled=True)


def _show_closed(challenge: Challenge, wait: _Wait) -> None:
    if challenge.tries >= TRIES_PER_CHALLENGE:
        # The page says so for as long as it is so, not only after the last try.
        drop_refusal(ChallengeClosed)
        draw_wait(ChallengeClosed(wait.length), wait.seen_at)


def _show_advice(link: ShareLink, challenge: Challenge) -> None:
    if challenge.void_reason == NOT_SENT:
        show_alert(tell("refused.not_sent_restart"))
    elif _is_open(challenge):
        st.caption(tell(f"page.check_{_find_way(link, challenge)}"))


def _submit_code(slug: str, challenge_id: int, key: str, nonce: str) -> None:
    typed = get_widget_value(key, "")
    if not typed and has_refusal():
        # A late click on the form that the refusal has just emptied.
        return
    # A late click that finds the field emptied stands for what its form was first sent with.
    meant = secret_hash(typed)
    first = act_once(secret_hash(f"first|{nonce}"), lambda: meant)
    take_step(
        [nonce, meant if typed else first],
        lambda: answer_challenge(get_runtime().gate, get_visit(slug), challenge_id, typed),
    )


def _resend(slug: str, challenge_id: int, nonce: str) -> None:
    take_step([nonce], lambda: resend_code(get_runtime().gate, get_visit(slug), challenge_id))


def _withdraw(slug: str, nonce: str) -> None:
    take_step([nonce], lambda: withdraw_entry(get_runtime().gate, get_visit(slug)))
