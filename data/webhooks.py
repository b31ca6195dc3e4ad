"""Webhooks: addresses of other programs that are told what happens at the gates."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from data.database import Reader, Row, Transaction
from data.engine.steady import steady


class WebhookKind(StrEnum):
    """What a webhook is told of; values are the types of its messages."""

    CONTACT_CREATED = "contact.created"
    CONTACT_VERIFIED = "contact.verified"
    SESSION_STARTED = "session.started"
    # Only ever sent by an owner who tries a webhook out.
    TEST = "webhook.test"


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that is told of some kinds of events. Its secret is made from `salt`.

    Until `previous_until` the secret of `previous_salt` counts too. `trouble` says why it was
    turned off without its owner.
    """

    webhook_id: int
    address: str
    kinds: frozenset[WebhookKind]
    salt: str
    previous_salt: str | None
    previous_until: datetime | None
    is_on: bool
    trouble: str | None
    created_at: datetime


_COLUMNS = """
    webhook_id,
    address,
    events,
    salt,
    previous_salt,
    previous_until,
    is_on,
    trouble,
    created_at
"""


def insert_webhook(tx: Transaction, webhook: Webhook, *, created_by: int) -> Webhook:
    """The webhook with its number."""
    row = tx.row(
        f"""
        insert into webhook
        values (
            nextval('webhook_id_seq'),
            $address,
            $events,
            $salt,
            null,
            null,
            $is_on,
            null,
            $created_by,
            $created_at
        )
        returning {_COLUMNS}
        """,
        address=webhook.address,
        events=_join_kinds(webhook.kinds),
        salt=webhook.salt,
        is_on=webhook.is_on,
        created_by=created_by,
        created_at=webhook.created_at,
    )
    return webhook if row is None else _read_webhook(row)


def find_webhooks(reader: Reader) -> list[Webhook]:
    """Every webhook, the oldest first."""
    rows = reader.rows(
        f"""
        select {_COLUMNS}
        from webhook
        order by webhook_id
        """
    )
    return [_read_webhook(row) for row in rows]


def get_webhook(reader: Reader, webhook_id: int) -> Webhook | None:
    """The webhook of this number."""
    row = reader.row(
        f"""
        select {_COLUMNS}
        from webhook
        where webhook_id = $webhook_id
        """,
        webhook_id=webhook_id,
    )
    return None if row is None else _read_webhook(row)


def find_listening(reader: Reader, kind: WebhookKind) -> list[int]:
    """The numbers of the webhooks that are on and told of this kind of event."""
    rows = reader.rows(
        steady("""
        select webhook_id
        from webhook
        where
            is_on
            and list_contains(string_split(events, ','), $kind)
        order by webhook_id
        """),
        kind=kind,
    )
    return [int(row[0]) for row in rows]


def update_webhook(tx: Transaction, webhook: Webhook) -> None:
    """Keep the webhook as it is now."""
    tx.run(
        """
        update webhook
        set
            address = $address,
            events = $events,
            salt = $salt,
            previous_salt = $previous_salt,
            previous_until = $previous_until,
            is_on = $is_on,
            trouble = $trouble
        where webhook_id = $webhook_id
        """,
        webhook_id=webhook.webhook_id,
        address=webhook.address,
        events=_join_kinds(webhook.kinds),
        salt=webhook.salt,
        previous_salt=webhook.previous_salt,
        previous_until=webhook.previous_until,
        is_on=webhook.is_on,
        trouble=webhook.trouble,
    )


def turn_webhook_off(tx: Transaction, webhook_id: int, trouble: str) -> None:
    """Tell this webhook nothing more, for a reason that its owner is told."""
    tx.run(
        "update webhook set is_on = false, trouble = $trouble where webhook_id = $webhook_id",
        webhook_id=webhook_id,
        trouble=trouble,
    )


def delete_webhook(tx: Transaction, webhook_id: int) -> None:
    """Forget the webhook, and all that it was or was to be told."""
    for sql in (
        "delete from webhook where webhook_id = $webhook_id",
        "delete from webhook_delivery where webhook_id = $webhook_id",
    ):
        tx.run(sql, webhook_id=webhook_id)
    tx.run(
        """
        delete from webhook_event
        where webhook_event_id not in (select webhook_event_id from webhook_delivery)
        """
    )


def _join_kinds(kinds: frozenset[WebhookKind]) -> str:
    return ",".join(sorted(kinds))


def _read_webhook(row: Row) -> Webhook:
    kinds = frozenset(WebhookKind(word) for word in row[2].split(",") if word)
    return Webhook(*(*row[:2], kinds, *row[3:]))
