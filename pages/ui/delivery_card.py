"""Where the codes of each channel go, with a test message and a way to resume, for its owner."""

from datetime import datetime

import streamlit as st

from data.database import Database
from data.records import Channel, Member
from gate.delivery.queue import SendingQueue, Trouble
from gate.errors import InvalidIdentifier, TooManyRequests
from gate.identifiers import parse_email, parse_whatsapp
from gate.roles import require_owner_role
from gate.trial_sendings import send_trial
from pages.ui.delivery_status import find_outbox_channels, outbox_sentence
from pages.ui.desk_addresses import address_sentence, trial_sentence
from pages.ui.desk_words import CHANNEL_NAMES
from pages.ui.forms import Outcome, carry_out_once
from pages.ui.plain import as_plain
from pages.ui.runtime import Runtime, get_runtime
from pages.ui.session import get_nonce, get_widget_value

SETTINGS_PAGE = "settings"


def show_delivery_card(runtime: Runtime) -> None:
    """Each channel's sender, its queue, and the fields that try it."""
    waiting = find_outbox_channels(runtime.deliverers)
    with st.container(border=True):
        st.markdown("**Delivery of codes**")
        for channel, queue in runtime.queues.items():
            st.text(f"{CHANNEL_NAMES[channel]}: {_sender_words(channel, waiting, runtime)}")
            if queue.stopped_because is not None:
                _show_stopped(channel, queue)
            elif queue.trouble is not None:
                st.warning(as_plain(trouble_sentence(queue.trouble)))
            if channel not in waiting:
                _show_trial(channel)
        if waiting:
            st.text(outbox_sentence(waiting))


def trouble_sentence(trouble: Trouble) -> str:
    """What the last code met, for an owner; it is over with the next one that goes out."""
    return f"The last code could not be sent. {trouble.reason}."


def try_channel(channel: Channel, nonce: str) -> None:
    """Send one test message. For the button's callback."""
    typed = get_widget_value(_field(channel), "")

    def attempt(db: Database, member: Member, now: datetime) -> Outcome:
        try:
            parse = parse_email(typed) if channel is Channel.EMAIL else parse_whatsapp(typed, None)
            outcome = send_trial(get_runtime().gate, parse, member, now)
        except InvalidIdentifier as refusal:
            return Outcome(address_sentence(refusal), is_refusal=True)
        except TooManyRequests as refusal:
            return Outcome(trial_sentence(refusal), is_refusal=True)
        if outcome.is_accepted:
            sentence = "The provider took the test message over. See whether it arrives: 000000."
            return Outcome(sentence)
        return Outcome(f"Not sent. {outcome.reason}.", is_refusal=True)

    carry_out_once(SETTINGS_PAGE, nonce, attempt)


def resume_channel(channel: Channel, nonce: str) -> None:
    """Let a stopped channel send again. For the button's callback."""

    def resume(db: Database, member: Member, now: datetime) -> Outcome:
        require_owner_role(member, "delivery")
        get_runtime().queues[channel].resume()
        return Outcome(f"{CHANNEL_NAMES[channel]} sends again.")

    carry_out_once(SETTINGS_PAGE, nonce, resume)


def _sender_words(channel: Channel, waiting: list[Channel], runtime: Runtime) -> str:
    if channel in waiting:
        return "outbox"
    settings = runtime.settings
    if channel is Channel.EMAIL:
        return f"{settings.smtp_host}"
    return f"WhatsApp Cloud API, number {settings.whatsapp_phone_number_id}"


def _show_stopped(channel: Channel, queue: SendingQueue) -> None:
    st.error(f"Stopped. {as_plain(queue.stopped_because or '')}")
    st.button(
        "Resume sending",
        key=f"settings_resume_{channel}",
        on_click=resume_channel,
        args=(channel, get_nonce(SETTINGS_PAGE)),
    )


def _show_trial(channel: Channel) -> None:
    is_email = channel is Channel.EMAIL
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    left.text_input(
        "Your email address" if is_email else "Your WhatsApp number, with +",
        key=_field(channel),
        placeholder="name@example.com" if is_email else "+44 7400 123456",
    )
    right.button(
        "Send me a test",
        key=f"settings_try_{channel}",
        on_click=try_channel,
        args=(channel, get_nonce(SETTINGS_PAGE)),
    )


def _field(channel: Channel) -> str:
    return f"settings_trial_{channel}"
