"""Erased people as keyed hashes: all that is left of them, so that no consent comes back."""

from datetime import datetime

from data.database import Transaction


def insert_suppression(tx: Transaction, identifier_hash: str, now: datetime) -> None:
    """Note that whoever this is was erased just now; who was erased before is noted anew."""
    tx.run(
        """
        insert into suppression
        values ($identifier_hash, $now)
        on conflict (identifier_hash) do update set erased_at = excluded.erased_at
        """,
        identifier_hash=identifier_hash,
        now=now,
    )
