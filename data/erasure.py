"""Erasing a person: every row that is about them, in every table, and what may stay instead.

What stays is a keyed hash in `suppression`. A deleted row's text stays in the database file until
the file is written anew.
"""

from collections.abc import Sequence
from datetime import datetime

from data.database import Transaction
from data.rollup_facts import rebuild_rollups

# In this order: what points to a row goes before it.
_BY_CONTACT = (
    "delete from browser_grant where pass_id in (select pass_id from pass where {whose})",
    "delete from pass where {whose}",
    "delete from document_view where {whose}",
    "delete from viewing_session where {whose}",
    "delete from contact_link where {whose}",
    "delete from contact_document where {whose}",
    "delete from consent where {whose}",
    """
    delete from browser_proof
    where identifier_id in (select identifier_id from identifier where {whose})
    """,
    "delete from identifier where {whose}",
    "delete from contact where {whose}",
)
# What knows a person only by a keyed hash keeps what happened, and forgets to whom.
_BY_HASH = (
    "update gate_event set identifier_hash = null, identifier_mask = null where {whose}",
    "update audit set identifier_hash = null, identifier_mask = null where {whose}",
    "delete from attempt where {whose}",
    "delete from failure_streak where {whose}",
    "delete from gate_block where list_contains($hashes, subject)",
)


def erase_contact_rows(
    tx: Transaction, contact_id: int, hashes: dict[str, str], now: datetime
) -> None:
    """Remove a contact from every table; `hashes` has the keyed hash of each lookup of theirs.

    Entries of a link's lists that name them go on to mean them, by their hash.
    """
    for sql in _BY_CONTACT:
        tx.run(sql.format(whose="contact_id = $contact_id"), contact_id=contact_id)
    for lookup, hashed in hashes.items():
        _forget_entries(tx, lookup.partition(":")[2])
        _conceal_list_entries(tx, lookup.partition(":")[2], hashed)
        _suppress(tx, hashed, now)
    for sql in _BY_HASH:
        whose = "list_contains($hashes, identifier_hash)"
        tx.run(sql.format(whose=whose), hashes=list(hashes.values()))
    rebuild_rollups(tx)


def end_contact_sessions(tx: Transaction, contact_id: int, now: datetime) -> None:
    """End every viewing session of this contact that still runs."""
    tx.run(
        """
        update viewing_session
        set ended_at = $now
        where contact_id = $contact_id and ended_at is null
        """,
        contact_id=contact_id,
        now=now,
    )


def find_lookups(tx: Transaction, contact_id: int) -> Sequence[str]:
    """Channel and key of each of the contact's identifiers."""
    rows = tx.rows(
        "select lookup from identifier where contact_id = $contact_id order by identifier_id",
        contact_id=contact_id,
    )
    return [row[0] for row in rows]


def _forget_entries(tx: Transaction, key: str) -> None:
    tx.run(
        """
        delete from delivery
        where challenge_id in (select challenge_id from challenge where identifier_key = $key)
        """,
        key=key,
    )
    tx.run("delete from challenge where identifier_key = $key", key=key)
    tx.run(
        """
        delete from gate_entry
        where gate_entry_id in (select gate_entry_id from gate_entry_identifier where key = $key)
        """,
        key=key,
    )
    tx.run(
        """
        delete from gate_entry_identifier
        where gate_entry_id not in (select gate_entry_id from gate_entry)
        """
    )


def _conceal_list_entries(tx: Transaction, key: str, hashed: str) -> None:
    tx.run(
        """
        update list_entry
        set form = 'hash', value = $hashed, label = 'somebody erased'
        where form in ('address', 'number') and value = $key
        """,
        key=key,
        hashed=hashed,
    )


def _suppress(tx: Transaction, hashed: str, now: datetime) -> None:
    tx.run("delete from suppression where identifier_hash = $hashed", hashed=hashed)
    tx.run("insert into suppression values ($hashed, $now)", hashed=hashed, now=now)
