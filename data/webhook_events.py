"""What webhooks are to be told: written with the act, in its transaction, and sent afterwards."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from data.database import Transaction
from data.webhooks import WebhookKind


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookEvent:
    """Something that happened, as webhooks are told of it.

    `payload` is the body, byte by byte. It names whoever has one of `identifier_ids`, and goes
    when one of them is erased.
    """

    message_id: str
    kind: WebhookKind
    identifier_ids: tuple[int, ...]
    payload: str
    created_at: datetime


_INSERT_EVENT = """
    insert into webhook_event
    values (
        nextval('webhook_event_id_seq'),
        $message_id,
        $kind,
        $identifier_ids,
        $payload,
        $created_at
    )
    returning webhook_event_id
"""


def insert_webhook_event(
    tx: Transaction, event: WebhookEvent, webhook_ids: Iterable[int]
) -> list[int]:
    """The numbers of the deliveries of this event, one to each webhook; they are due at once."""
    row = tx.row(
        _INSERT_EVENT,
        message_id=event.message_id,
        kind=event.kind,
        identifier_ids=list(event.identifier_ids),
        payload=event.payload,
        created_at=event.created_at,
    )
    rows = tx.rows(
        """
        insert into webhook_delivery
        select
            nextval('webhook_delivery_id_seq'),
            $webhook_event_id,
            unnest($webhook_ids),
            'waiting',
            0,
            $created_at,
            null,
            null,
            null,
            null
        returning webhook_delivery_id
        """,
        webhook_event_id=row[0] if row else 0,
        webhook_ids=list(webhook_ids),
        created_at=event.created_at,
    )
    return [int(each[0]) for each in rows]


def purge_webhook_events(tx: Transaction, *, before: datetime) -> None:
    """Forget what webhooks were told, or were to be told, before an instant."""
    for sql in (
        """
        delete from webhook_delivery
        where webhook_event_id in (
            select webhook_event_id
            from webhook_event
            where created_at < $before
        )
        """,
        "delete from webhook_event where created_at < $before",
    ):
        tx.run(sql, before=before)
