"""What a browser typed at a gate, kept while its codes are awaited."""

from collections.abc import Sequence
from datetime import datetime

from data.database import Reader, Transaction
from data.records import Channel, EntryIdentifier, GateEntry, Identifier


def insert_entry(tx: Transaction, entry: GateEntry) -> GateEntry:
    """The entry with its number, stored; the number that it came with is not looked at."""
    row = tx.row(
        """
        insert into gate_entry
        values (
            nextval('gate_entry_id_seq'),
            $browser_id,
            $share_link_id,
            $policy_epoch,
            $created_at,
            $expires_at,
            null
        )
        returning gate_entry_id
        """,
        browser_id=entry.browser_id,
        share_link_id=entry.share_link_id,
        policy_epoch=entry.policy_epoch,
        created_at=entry.created_at,
        expires_at=entry.expires_at,
    )
    gate_entry_id = int(row[0]) if row else 0
    for one in entry.identifiers:
        _insert_entry_identifier(tx, gate_entry_id, one)
    return GateEntry(
        gate_entry_id,
        entry.browser_id,
        entry.share_link_id,
        entry.policy_epoch,
        entry.created_at,
        entry.expires_at,
        None,
        entry.identifiers,
    )


def get_open_entry(
    reader: Reader, *, browser_id: int, share_link_id: int, now: datetime
) -> GateEntry | None:
    """The newest entry of this browser at this link that still waits for a code."""
    row = reader.row(
        """
        select
            gate_entry_id,
            browser_id,
            share_link_id,
            policy_epoch,
            created_at,
            expires_at,
            closed_at
        from gate_entry
        where
            browser_id = $browser_id
            and share_link_id = $share_link_id
            and closed_at is null
            and created_at <= $now
            and expires_at > $now
        order by gate_entry_id desc
        limit 1
        """,
        browser_id=browser_id,
        share_link_id=share_link_id,
        now=now,
    )
    if row is None:
        return None
    return GateEntry(*(*row, tuple(_find_entry_identifiers(reader, row[0]))))


def verify_entry_identifier(
    tx: Transaction, gate_entry_id: int, channel: Channel, now: datetime
) -> None:
    """Note that a code proved the entry's identifier of this channel."""
    tx.run(
        """
        update gate_entry_identifier
        set verified_at = $now
        where gate_entry_id = $gate_entry_id and channel = $channel
        """,
        gate_entry_id=gate_entry_id,
        channel=channel,
        now=now,
    )


def close_entries(tx: Transaction, *, browser_id: int, share_link_id: int, now: datetime) -> None:
    """End whatever this browser still waits for at this link."""
    tx.run(
        """
        update gate_entry
        set closed_at = $now
        where
            browser_id = $browser_id
            and share_link_id = $share_link_id
            and closed_at is null
        """,
        browser_id=browser_id,
        share_link_id=share_link_id,
        now=now,
    )


def _insert_entry_identifier(tx: Transaction, gate_entry_id: int, one: EntryIdentifier) -> None:
    tx.run(
        """
        insert into gate_entry_identifier
        values ($gate_entry_id, $channel, $key, $address, $typed, $needs_code, $verified_at)
        """,
        gate_entry_id=gate_entry_id,
        channel=one.identifier.channel,
        key=one.identifier.key,
        address=one.identifier.address,
        typed=one.identifier.typed,
        needs_code=one.needs_code,
        verified_at=one.verified_at,
    )


def _find_entry_identifiers(reader: Reader, gate_entry_id: int) -> Sequence[EntryIdentifier]:
    rows = reader.rows(
        """
        select
            channel,
            key,
            address,
            typed,
            needs_code,
            verified_at
        from gate_entry_identifier
        where gate_entry_id = $gate_entry_id
        order by channel
        """,
        gate_entry_id=gate_entry_id,
    )
    return [
        EntryIdentifier(Identifier(Channel(channel), key, address, typed), needs_code, verified_at)
        for channel, key, address, typed, needs_code, verified_at in rows
    ]
