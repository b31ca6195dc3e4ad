"""A webhook's deliveries: what it was told, what it answered, and sending it again."""

from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from data.database import Database
from data.records import Member
from data.webhook_deliveries import HookDelivery, HookState, find_hook_deliveries
from data.webhooks import Webhook
from gate.limits import WEBHOOK_LOG_KEPT
from gate.webhooks import redeliver_event
from pages.ui.connection_words import STATE_NAMES
from pages.ui.delivery_card import SETTINGS_PAGE
from pages.ui.desk_words import say_count
from pages.ui.forms import Outcome, carry_out
from pages.ui.runtime import get_runtime
from pages.ui.table import say_instant

SHOWN_DELIVERIES = 20


def show_webhook_log(webhook: Webhook, zone: ZoneInfo, now: datetime) -> None:
    """The newest deliveries, newest first, each that is over with a way to send it again."""
    found = find_hook_deliveries(get_runtime().db, webhook.webhook_id, most=SHOWN_DELIVERIES)
    if not found:
        st.text("Nothing was sent yet.")
        return
    newest = found[0]
    with st.expander(
        f"Deliveries: the newest {STATE_NAMES[newest.state].lower()}",
        key=f"settings_webhook_log_{webhook.webhook_id}",
    ):
        st.text(
            f"The newest {len(found)}. They are kept for {WEBHOOK_LOG_KEPT.days} days, or until "
            "their contact is erased."
        )
        st.button("Look again", key=f"settings_webhook_look_{webhook.webhook_id}")
        for one in found:
            left, right = st.columns([4, 1], vertical_alignment="center")
            left.text(delivery_words(one, zone, now))
            if one.state is not HookState.WAITING:
                right.button(
                    "Redeliver",
                    key=f"settings_webhook_again_{one.webhook_delivery_id}",
                    on_click=_redeliver,
                    args=(one.webhook_delivery_id,),
                )


def delivery_words(one: HookDelivery, zone: ZoneInfo, now: datetime) -> str:
    """What was told when, how far it came, and what was answered."""
    tries = say_count(one.tries, "try", "tries") if one.tries else "not tried yet"
    answer = "" if one.status is None else f"answer {one.status}"
    first = (str(one.kind), say_instant(one.created_at, zone), STATE_NAMES[one.state])
    further = [part for part in (tries, one.reason or answer) if part]
    if one.state is HookState.WAITING and one.next_try_at is not None and one.next_try_at > now:
        further.append(f"again at {say_instant(one.next_try_at, zone)}")
    lines = [" · ".join(first), " · ".join(further)]
    if one.told:
        lines.append(f"“{one.told}”")
    return "\n".join(lines)


def _redeliver(webhook_delivery_id: int) -> None:
    def send(db: Database, member: Member, now: datetime) -> Outcome:
        redeliver_event(db, webhook_delivery_id, member, now)
        return Outcome("It is on its way once more.")

    carry_out(SETTINGS_PAGE, send)
