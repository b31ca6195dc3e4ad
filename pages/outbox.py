"""Codes that no sender carries: the owner reads them here and passes them on. Never cached."""

from datetime import datetime

import streamlit as st

from gate.delivery.outbox import OutboxMessage, find_outbox_messages
from gate.outbox_access import record_outbox_reading
from pages.ui.asking import require_owner
from pages.ui.delivery_status import find_outbox_channels, outbox_sentence
from pages.ui.desk_words import CHANNEL_NAMES
from pages.ui.forms import show_empty
from pages.ui.runtime import get_runtime
from pages.ui.session import recall, remember
from pages.ui.table import say_ago

REFRESH_SECONDS = 3
SHOWN_MESSAGES = 30
READING = "outbox_reading"


@st.fragment(run_every=REFRESH_SECONDS)
def show_outbox() -> None:
    """The newest codes; whoever was signed out meanwhile sees none at the next refresh."""
    require_owner()
    runtime = get_runtime()
    now = runtime.clock()
    messages = find_outbox_messages(runtime.outbox, now)
    if not messages:
        show_empty(
            "No codes are waiting",
            "When a viewer asks for a code, it appears here within seconds, newest first.",
        )
        return
    for message in messages[:SHOWN_MESSAGES]:
        show_message(message, now)
    if len(messages) > SHOWN_MESSAGES:
        st.text(f"The newest {SHOWN_MESSAGES} of {len(messages):,} codes.")


def show_message(message: OutboxMessage, now: datetime) -> None:
    """One code with its address, and until when it works."""
    with st.container(border=True):
        left, right = st.columns([3, 2], vertical_alignment="center")
        left.text(f"{CHANNEL_NAMES[message.channel]}: {message.address}")
        left.text(f"For {message.share_link_name}, {say_ago(message.sent_at, now)}")
        if now < message.expires_at:
            right.code(message.code, language=None)
        else:
            right.text("Expired")


member = require_owner()
runtime = get_runtime()
st.title("Outbox")
st.info(
    outbox_sentence(find_outbox_channels(runtime.deliverers))
    or "A sender is set up for every channel, so new codes are sent and not kept here.",
    icon=":material/outbox:",
)
if not recall(READING, False):
    record_outbox_reading(runtime.db, member, runtime.clock())
    remember(READING, True)
show_outbox()
