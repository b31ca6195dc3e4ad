"""Deliveries: one event each on its way to one webhook, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from data.database import Reader, Row, Transaction
from data.webhooks import WebhookKind


class HookState(StrEnum):
    """How far a delivery has come."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class HookDelivery:
    """One event on its way to one webhook.

    `status` and `told` are of the last answer, `reason` says why it was no success.
    """

    webhook_delivery_id: int
    webhook_id: int
    message_id: str
    kind: WebhookKind
    payload: str
    created_at: datetime
    state: HookState
    tries: int
    next_try_at: datetime | None
    last_tried_at: datetime | None
    status: int | None
    reason: str | None
    told: str | None


@dataclass(frozen=True, slots=True)
class HookTry:
    """What one try came to, and when the next one is due, if any."""

    state: HookState
    tried_at: datetime
    next_try_at: datetime | None = None
    status: int | None = None
    reason: str | None = None
    told: str | None = None


_DELIVERIES = """
    select
        webhook_delivery.webhook_delivery_id,
        webhook_delivery.webhook_id,
        webhook_event.message_id,
        webhook_event.event,
        webhook_event.payload,
        webhook_event.created_at,
        webhook_delivery.state,
        webhook_delivery.tries,
        webhook_delivery.next_try_at,
        webhook_delivery.last_tried_at,
        webhook_delivery.status,
        webhook_delivery.reason,
        webhook_delivery.told
    from webhook_delivery
    join webhook_event on webhook_event.webhook_event_id = webhook_delivery.webhook_event_id
"""
# What is tried out is sent whether or not the webhook is on.
_IS_DUE = """
    webhook_delivery.state = 'waiting'
    and webhook_delivery.next_try_at <= $now
    and (
        webhook_event.event = 'webhook.test'
        or webhook_delivery.webhook_id in (select webhook_id from webhook where is_on)
    )
"""


def find_due_webhooks(reader: Reader, now: datetime) -> list[int]:
    """The webhooks that something is due to be sent to."""
    rows = reader.rows(
        f"""
        select distinct webhook_delivery.webhook_id
        from webhook_delivery
        join webhook_event on webhook_event.webhook_event_id = webhook_delivery.webhook_event_id
        where {_IS_DUE}
        order by webhook_delivery.webhook_id
        """,
        now=now,
    )
    return [int(row[0]) for row in rows]


def get_due_delivery(reader: Reader, webhook_id: int, now: datetime) -> HookDelivery | None:
    """What is to be sent to this webhook next."""
    row = reader.row(
        f"""
        {_DELIVERIES}
        where
            webhook_delivery.webhook_id = $webhook_id
            and {_IS_DUE}
        order by
            webhook_delivery.next_try_at,
            webhook_delivery.webhook_delivery_id
        limit 1
        """,
        webhook_id=webhook_id,
        now=now,
    )
    return None if row is None else _read_hook_delivery(row)


def get_hook_delivery(reader: Reader, webhook_delivery_id: int) -> HookDelivery | None:
    """The delivery of this number."""
    row = reader.row(
        f"""
        {_DELIVERIES}
        where webhook_delivery.webhook_delivery_id = $webhook_delivery_id
        """,
        webhook_delivery_id=webhook_delivery_id,
    )
    return None if row is None else _read_hook_delivery(row)


def find_hook_deliveries(reader: Reader, webhook_id: int, *, most: int) -> list[HookDelivery]:
    """The newest deliveries to this webhook, newest first."""
    rows = reader.rows(
        f"""
        {_DELIVERIES}
        where webhook_delivery.webhook_id = $webhook_id
        order by webhook_delivery.webhook_delivery_id desc
        limit $most
        """,
        webhook_id=webhook_id,
        most=most,
    )
    return [_read_hook_delivery(row) for row in rows]


def note_hook_try(tx: Transaction, webhook_delivery_id: int, what: HookTry) -> None:
    """Write down what a try came to; nothing happens if the delivery was erased meanwhile."""
    tx.run(
        """
        update webhook_delivery
        set
            state = $state,
            tries = tries + 1,
            next_try_at = $next_try_at,
            last_tried_at = $tried_at,
            status = $status,
            reason = $reason,
            told = $told
        where webhook_delivery_id = $webhook_delivery_id
        """,
        webhook_delivery_id=webhook_delivery_id,
        state=what.state,
        next_try_at=what.next_try_at,
        tried_at=what.tried_at,
        status=what.status,
        reason=what.reason,
        told=what.told,
    )


def renew_hook_delivery(tx: Transaction, webhook_delivery_id: int, now: datetime) -> bool:
    """Whether this delivery, which was over, is due once more, with all its tries."""
    rows = tx.rows(
        """
        update webhook_delivery
        set
            state = 'waiting',
            tries = 0,
            next_try_at = $now
        where
            webhook_delivery_id = $webhook_delivery_id
            and state <> 'waiting'
        returning webhook_delivery_id
        """,
        webhook_delivery_id=webhook_delivery_id,
        now=now,
    )
    return bool(rows)


def _read_hook_delivery(row: Row) -> HookDelivery:
    kind, state = WebhookKind(row[3]), HookState(row[6])
    return HookDelivery(*(*row[:3], kind, *row[4:6], state, *row[7:]))
