"""Deliveries: each message that carries a code, from the queue to whoever it is for.

The list of them for an owner is in `data/past_deliveries.py`.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from data.database import Reader, Row, Transaction
from data.records import Channel


class DeliveryState(StrEnum):
    """How far a message got, as far as we were told.

    `HELD_BACK` is a decoy's: nothing is ever sent. `DELAYED` is tried again by itself.
    `UNCERTAIN` went out, but nobody said that it was taken.
    """

    QUEUED = "queued"
    DELAYED = "delayed"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    UNDELIVERABLE = "undeliverable"
    UNCERTAIN = "uncertain"
    HELD_BACK = "held_back"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message with a code. `reason` is for the owner: why it failed or waits."""

    delivery_id: int
    challenge_id: int
    share_link_id: int
    channel: Channel
    identifier_mask: str
    state: DeliveryState
    reason: str | None
    provider_message_id: str | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class ProviderStatus:
    """What a provider told about one message: `sent`, `delivered`, `read` or `failed`."""

    provider_message_id: str
    status: str
    reason: str | None
    told_at: datetime


_COLUMNS = """
    delivery_id,
    challenge_id,
    share_link_id,
    channel,
    identifier_mask,
    state,
    reason,
    provider_message_id,
    created_at,
    updated_at
"""


def insert_delivery(
    tx: Transaction,
    *,
    challenge_id: int,
    share_link_id: int,
    channel: Channel,
    identifier_hash: str,
    identifier_mask: str,
    now: datetime,
) -> int:
    """The number of a new delivery, which is queued."""
    row = tx.row(
        """
        insert into delivery
        values (
            nextval('delivery_id_seq'),
            $challenge_id,
            $share_link_id,
            $channel,
            $identifier_hash,
            $identifier_mask,
            'queued',
            null,
            null,
            $now,
            $now
        )
        returning delivery_id
        """,
        challenge_id=challenge_id,
        share_link_id=share_link_id,
        channel=channel,
        identifier_hash=identifier_hash,
        identifier_mask=identifier_mask,
        now=now,
    )
    return int(row[0]) if row else 0


def update_delivery(
    tx: Transaction,
    delivery_id: int,
    state: DeliveryState,
    *,
    reason: str | None = None,
    provider_message_id: str | None = None,
    now: datetime,
) -> None:
    """Note how far the message got."""
    tx.run(
        """
        update delivery
        set
            state = $state,
            reason = $reason,
            provider_message_id = coalesce($provider_message_id, provider_message_id),
            updated_at = $now
        where delivery_id = $delivery_id
        """,
        delivery_id=delivery_id,
        state=state,
        reason=reason,
        provider_message_id=provider_message_id,
        now=now,
    )


def get_last_delivery(reader: Reader, challenge_id: int) -> Delivery | None:
    """The challenge's newest message, without what its provider told later."""
    row = reader.row(
        f"""
        select {_COLUMNS}
        from delivery
        where challenge_id = $challenge_id
        order by delivery_id desc
        """,
        challenge_id=challenge_id,
    )
    if row is None:
        return None
    return _read_delivery(row)


def insert_delivery_status(tx: Transaction, told: ProviderStatus, now: datetime) -> bool:
    """Whether this is news: a status that is told twice is kept once."""
    known = tx.row(
        """
        select 1
        from delivery_status
        where
            provider_message_id = $provider_message_id
            and status = $status
        """,
        provider_message_id=told.provider_message_id,
        status=told.status,
    )
    if known is not None:
        return False
    tx.run(
        """
        insert into delivery_status
        values ($provider_message_id, $status, $reason, $told_at, $now)
        """,
        provider_message_id=told.provider_message_id,
        status=told.status,
        reason=told.reason,
        told_at=told.told_at,
        now=now,
    )
    return True


def find_unsettled_challenges(reader: Reader) -> list[int]:
    """The numbers of challenges whose message was still waiting to be sent."""
    rows = reader.rows(
        """
        select distinct challenge_id
        from delivery
        where state in ('queued', 'delayed')
        order by challenge_id
        """
    )
    return [row[0] for row in rows]


def drop_unsettled(tx: Transaction, reason: str, now: datetime) -> None:
    """Settle every message that still waits: it will not be sent."""
    tx.run(
        """
        update delivery
        set
            state = 'dropped',
            reason = $reason,
            updated_at = $now
        where state in ('queued', 'delayed')
        """,
        reason=reason,
        now=now,
    )


def purge_deliveries(tx: Transaction, *, before: datetime, unknown_before: datetime) -> None:
    """Forget messages from before an instant, and all that was told of them.

    A provider may tell of a message before we note its number: what is told of one that we do not
    know is kept until `unknown_before`.
    """
    tx.run("delete from delivery where created_at < $before", before=before)
    tx.run(
        """
        delete from delivery_status
        where
            received_at < $unknown_before
            and not exists (
                select 1
                from delivery
                where delivery.provider_message_id = delivery_status.provider_message_id
            )
        """,
        unknown_before=unknown_before,
    )


def _read_delivery(row: Row) -> Delivery:
    """The delivery of a row that has its fields in their order."""
    return Delivery(*(*row[:3], Channel(row[3]), row[4], DeliveryState(row[5]), *row[6:]))
