"""Erased people as keyed hashes: all that is left of them, so that no consent comes back."""

from collections.abc import Collection
from datetime import datetime

from data.database import Reader, Transaction
from data.engine.steady import steady
from data.engine.together import spread

_ANYBODY = steady("select 1 from suppression limit 1")


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


def is_suppressed(reader: Reader, identifier_hashes: Collection[str]) -> bool:
    """Whether somebody of one of these hashes was erased once."""
    if reader.row(_ANYBODY) is None:
        return False
    row = reader.row(
        spread(
            """
            select 1
            from suppression
            where list_contains(string_split($hashes, ' '), identifier_hash)
            """,
            by="hashes",
        ),
        hashes=" ".join(sorted(identifier_hashes)),
    )
    return row is not None
