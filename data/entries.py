"""What a browser typed at a gate, kept while its codes are awaited."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from data.database import Reader, Row, Transaction
from data.engine.together import spread
from data.records import Channel, Identifier

_COLUMNS = """
    gate_entry_id,
    browser_id,
    share_link_id,
    policy_epoch,
    created_at,
    expires_at,
    closed_at,
    consent_wording,
    language,
    is_denied
"""


@dataclass(frozen=True, slots=True)
class EntryIdentifier:
    """One identifier that a browser typed at a gate, and whether a code has proved it yet."""

    identifier: Identifier
    needs_code: bool
    verified_at: datetime | None


@dataclass(frozen=True, slots=True)
class GateEntry:
    """What one browser typed at one link's gate, kept while its codes are awaited.

    The codes of one that `is_denied` are decoys.
    """

    gate_entry_id: int
    browser_id: int
    share_link_id: int
    policy_epoch: int
    created_at: datetime
    expires_at: datetime
    closed_at: datetime | None
    consent_wording: str | None
    language: str
    is_denied: bool
    identifiers: tuple[EntryIdentifier, ...]


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
            null,
            $consent_wording,
            $language,
            $is_denied
        )
        returning gate_entry_id
        """,
        browser_id=entry.browser_id,
        share_link_id=entry.share_link_id,
        policy_epoch=entry.policy_epoch,
        created_at=entry.created_at,
        expires_at=entry.expires_at,
        consent_wording=entry.consent_wording,
        language=entry.language,
        is_denied=entry.is_denied,
    )
    gate_entry_id = int(row[0]) if row else 0
    for one in entry.identifiers:
        _insert_entry_identifier(tx, gate_entry_id, one)
    return replace(entry, gate_entry_id=gate_entry_id, closed_at=None)


def get_open_entry(
    reader: Reader, *, browser_id: int, share_link_id: int, now: datetime
) -> GateEntry | None:
    """The newest entry of this browser at this link that still waits for a code."""
    row = reader.row(
        spread(
            f"""
        select {_COLUMNS}
        from gate_entry
        where
            browser_id = $browser_id
            and share_link_id = $share_link_id
            and closed_at is null
            and created_at <= $now
            and expires_at > $now
        order by gate_entry_id desc
        """,
            by="browser_id",
        ),
        browser_id=browser_id,
        share_link_id=share_link_id,
        now=now,
    )
    return None if row is None else _read_entry(reader, row)


def find_abandoned_entries(reader: Reader, *, silent_since: datetime) -> list[GateEntry]:
    """Entries still open whose last code went out, or which began, before `silent_since`."""
    rows = reader.rows(
        f"""
        select {_COLUMNS}
        from gate_entry
        where
            closed_at is null
            and created_at < $silent_since
            and gate_entry_id not in (
                select gate_entry_id
                from challenge
                where sent_at >= $silent_since
            )
        order by gate_entry_id
        """,
        silent_since=silent_since,
    )
    return [_read_entry(reader, row) for row in rows]


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
        spread("""
        update gate_entry
        set closed_at = $now
        where
            browser_id = $browser_id
            and share_link_id = $share_link_id
            and closed_at is null
        """),
        browser_id=browser_id,
        share_link_id=share_link_id,
        now=now,
    )


def purge_entries(tx: Transaction, *, before: datetime) -> None:
    """Forget what was typed at gates by entries that were closed, or ran out, before an instant."""
    tx.run(
        """
        delete from gate_entry
        where least(expires_at, coalesce(closed_at, expires_at)) < $before
        """,
        before=before,
    )
    tx.run(
        """
        delete from gate_entry_identifier
        where gate_entry_id not in (
            select gate_entry_id
            from gate_entry
        )
        """
    )


def _read_entry(reader: Reader, row: Row) -> GateEntry:
    return GateEntry(*(*row, tuple(_find_entry_identifiers(reader, row[0]))))


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
