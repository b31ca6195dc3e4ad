"""Pairs of contacts that an owner says are two people; `data/same_person.py` lists them."""

from datetime import datetime

from data.database import Reader, Transaction


def is_apart(reader: Reader, one_id: int, other_id: int) -> bool:
    """Whether an owner said of these two, the lower number first, that they are not one person."""
    row = reader.row(
        """
        select 1
        from contact_apart
        where contact_id = $one_id and other_contact_id = $other_id
        """,
        one_id=one_id,
        other_id=other_id,
    )
    return row is not None


def insert_apart(
    tx: Transaction, one_id: int, other_id: int, *, member_id: int, now: datetime
) -> None:
    """Keep that these two, the lower number first, are not one person."""
    tx.run(
        "insert into contact_apart values ($one_id, $other_id, $member_id, $now)",
        one_id=one_id,
        other_id=other_id,
        member_id=member_id,
        now=now,
    )


def delete_apart(tx: Transaction, one_id: int, other_id: int) -> None:
    """Forget that these two were told apart."""
    tx.run(
        """
        delete from contact_apart
        where contact_id = $one_id and other_contact_id = $other_id
        """,
        one_id=one_id,
        other_id=other_id,
    )
