"""Blocks of the gate, which outlast the counters that led to them, and failures in a row."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from data.database import Reader, Transaction


class BlockKind(StrEnum):
    """What is different while a block lasts."""

    LONGER_CODES = "longer_codes"
    NUMBER_PREFIX = "number_prefix"
    IDENTIFIER = "identifier"


@dataclass(frozen=True, slots=True)
class GateBlock:
    """One block: of a link's number, a number prefix, or an identifier's keyed hash."""

    gate_block_id: int
    kind: BlockKind
    subject: str
    label: str
    created_at: datetime
    expires_at: datetime


def get_block(reader: Reader, kind: BlockKind, subject: str, now: datetime) -> GateBlock | None:
    """The block of this kind and subject that lasts longest, if one is in force."""
    found = _find_blocks(reader, now, kind, subject)
    return found[0] if found else None


def find_blocks(reader: Reader, now: datetime) -> list[GateBlock]:
    """Every block in force, the longest-lasting first."""
    return _find_blocks(reader, now, None, None)


def insert_block(tx: Transaction, block: GateBlock) -> None:
    """Store a new block; the number that it came with is not looked at."""
    tx.run(
        """
        insert into gate_block
        values (
            nextval('gate_block_id_seq'),
            $kind,
            $subject,
            $label,
            $created_at,
            $expires_at,
            null
        )
        """,
        kind=block.kind,
        subject=block.subject,
        label=block.label,
        created_at=block.created_at,
        expires_at=block.expires_at,
    )


def lift_block(tx: Transaction, gate_block_id: int, now: datetime) -> GateBlock | None:
    """The block, which was in force until now; None if it had been lifted before."""
    row = tx.row(
        """
        update gate_block
        set lifted_at = $now
        where
            gate_block_id = $gate_block_id
            and lifted_at is null
        returning
            gate_block_id,
            kind,
            subject,
            label,
            created_at,
            expires_at
        """,
        gate_block_id=gate_block_id,
        now=now,
    )
    return None if row is None else GateBlock(row[0], BlockKind(row[1]), *row[2:])


def get_last_lift(reader: Reader, kind: BlockKind, subject: str) -> datetime | None:
    """When a block of this kind and subject was last lifted."""
    row = reader.row(
        "select max(lifted_at) from gate_block where kind = $kind and subject = $subject",
        kind=kind,
        subject=subject,
    )
    return row[0] if row else None


def purge_blocks(tx: Transaction, *, before: datetime) -> None:
    """Forget blocks that ran out, or were lifted, before an instant."""
    tx.run(
        """
        delete from gate_block
        where least(expires_at, coalesce(lifted_at, expires_at)) < $before
        """,
        before=before,
    )


def count_failure_in_a_row(tx: Transaction, identifier_hash: str) -> int:
    """How many wrong codes in a row there were for this identifier, this one included."""
    row = tx.row(
        """
        update failure_streak
        set failures = failures + 1
        where identifier_hash = $identifier_hash
        returning failures
        """,
        identifier_hash=identifier_hash,
    )
    if row is not None:
        return int(row[0])
    tx.run("insert into failure_streak values ($hash, 1)", hash=identifier_hash)
    return 1


def end_failures_in_a_row(tx: Transaction, identifier_hash: str) -> None:
    """The next wrong code for this identifier is the first again."""
    tx.run(
        "update failure_streak set failures = 0 where identifier_hash = $identifier_hash",
        identifier_hash=identifier_hash,
    )


def _find_blocks(
    reader: Reader, now: datetime, kind: BlockKind | None, subject: str | None
) -> list[GateBlock]:
    rows = reader.rows(
        """
        select
            gate_block_id,
            kind,
            subject,
            label,
            created_at,
            expires_at
        from gate_block
        where
            ($kind is null or kind = $kind)
            and ($subject is null or subject = $subject)
            and created_at <= $now
            and expires_at > $now
            and lifted_at is null
        order by
            expires_at desc,
            gate_block_id
        """,
        kind=kind,
        subject=subject,
        now=now,
    )
    return [GateBlock(row[0], BlockKind(row[1]), *row[2:]) for row in rows]
