"""How long contacts are kept after they last came, and who is over that."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from data.database import Reader, Transaction

# A contact that opened nothing yet came when it passed a gate.
_OVERDUE = """
    from contact
    where
        coalesce(last_accessed_at, created_at) < $before
        and not exists (
            select 1
            from contact_link
            where contact_link.contact_id = contact.contact_id and linked_at >= $before
        )
"""


@dataclass(frozen=True, slots=True)
class OverdueContact:
    """A contact whose time is over: its first address, and when it last came."""

    contact_id: int
    address: str
    last_came_at: datetime


def get_retention_months(reader: Reader) -> int | None:
    """How many months contacts are kept after they last came; None: until they are erased."""
    row = reader.row("select max(months) from contact_retention")
    return row[0] if row else None


def replace_retention(
    tx: Transaction, months: int | None, *, member_id: int, now: datetime
) -> None:
    """Keep contacts for so many months from now on, or with None until they are erased."""
    tx.run("delete from contact_retention")
    if months is not None:
        tx.run(
            "insert into contact_retention values ($months, $member_id, $now)",
            months=months,
            member_id=member_id,
            now=now,
        )


def count_overdue(reader: Reader, before: datetime) -> int:
    """How many contacts last came before that instant."""
    row = reader.row(f"select count(*) {_OVERDUE}", before=before)
    return int(row[0]) if row else 0


def find_overdue(reader: Reader, before: datetime, most: int) -> Sequence[OverdueContact]:
    """At most so many contacts who last came before that instant, longest away first."""
    rows = reader.rows(
        f"""
        select
            contact_id,
            coalesce(
                (
                    select arg_min(address, identifier_id)
                    from identifier
                    where identifier.contact_id = contact.contact_id
                ),
                ''
            ),
            coalesce(last_accessed_at, created_at) as last_came_at
        {_OVERDUE}
        order by last_came_at, contact_id
        limit $most
        """,
        before=before,
        most=most,
    )
    return [OverdueContact(*row) for row in rows]
