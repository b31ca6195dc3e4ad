"""The stored person. Lists and sums of many contacts are in `data/contact_queries.py`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from data.activity_slots import slots_moved
from data.counted_facts import note_counted
from data.database import Reader, Transaction
from data.engine.together import spread
from data.item_totals import items_moved


@dataclass(frozen=True, slots=True)
class Contact:
    """The stored person: what its visits add up to, and what an owner wrote down about it.

    Instants are None while it has opened nothing. `tags` are in alphabetical order.
    """

    contact_id: int
    name: str | None
    company: str | None
    notes: str | None
    tags: tuple[str, ...]
    created_at: datetime
    first_accessed_at: datetime | None
    last_accessed_at: datetime | None
    access_count: int
    archived_at: datetime | None


def insert_contact(tx: Transaction, now: datetime) -> int:
    """A new contact's number; it has no identifier and no viewing session yet."""
    contact_id = tx.draw_number("contact_id_seq")
    tx.run(
        spread(
            """
            insert into contact (contact_id, created_at, access_count)
            values ($contact_id, $now, 0)
            """
        ),
        contact_id=contact_id,
        now=now,
    )
    return contact_id


def has_contact(reader: Reader) -> bool:
    """Whether there is any contact at all, archived or not."""
    return reader.row("select 1 from contact limit 1") is not None


def remake_contact(
    tx: Transaction, contact_id: int, *, created_at: datetime, archived_at: datetime | None
) -> None:
    """Store a contact anew under the number that it had before it became part of another."""
    tx.run(
        """
        insert into contact (contact_id, created_at, archived_at, access_count)
        values ($contact_id, $created_at, $archived_at, 0)
        """,
        contact_id=contact_id,
        created_at=created_at,
        archived_at=archived_at,
    )


def delete_emptied_contact(tx: Transaction, contact_id: int) -> None:
    """Delete a contact that has no identifier any more, with what was written down about it."""
    tx.run("delete from contact_tag where contact_id = $contact_id", contact_id=contact_id)
    tx.run("delete from contact where contact_id = $contact_id", contact_id=contact_id)


def get_contact(reader: Reader, contact_id: int) -> Contact | None:
    """The contact of this number, archived or not; None if there is none, or it was erased."""
    row = reader.row(
        """
        select
            contact_id,
            name,
            company,
            notes,
            created_at,
            first_accessed_at,
            last_accessed_at,
            access_count,
            archived_at,
            (
                select coalesce(list(tag order by lower(tag)), [])
                from contact_tag
                where contact_id = $contact_id
            ) as tags
        from contact
        where contact_id = $contact_id
        """,
        contact_id=contact_id,
    )
    if row is None:
        return None
    return Contact(
        contact_id=row[0],
        name=row[1],
        company=row[2],
        notes=row[3],
        tags=tuple(row[9]),
        created_at=row[4],
        first_accessed_at=row[5],
        last_accessed_at=row[6],
        access_count=row[7],
        archived_at=row[8],
    )


def update_contact_details(
    tx: Transaction,
    contact_id: int,
    *,
    name: str | None,
    company: str | None,
    notes: str | None,
    tags: Iterable[str],
) -> None:
    """Replace all that an owner wrote down about this contact."""
    tx.run(
        """
        update contact
        set name = $name, company = $company, notes = $notes
        where contact_id = $contact_id
        """,
        contact_id=contact_id,
        name=name,
        company=company,
        notes=notes,
    )
    tx.run("delete from contact_tag where contact_id = $contact_id", contact_id=contact_id)
    tx.run(
        """
        insert into contact_tag
        select
            $contact_id,
            unnest($tags)
        """,
        contact_id=contact_id,
        tags=list(tags),
    )


def update_contact_archived_at(
    tx: Transaction, contact_id: int, archived_at: datetime | None
) -> None:
    """Take the contact off list, charts and exports, or with None put it back."""
    with slots_moved(tx, [contact_id]), items_moved(tx, [contact_id]):
        tx.run(
            """
            update contact
            set archived_at = $archived_at
            where contact_id = $contact_id
            """,
            contact_id=contact_id,
            archived_at=archived_at,
        )
    note_counted(tx, [contact_id])


def find_tags(reader: Reader) -> list[str]:
    """Every tag that some contact has, in alphabetical order."""
    rows = reader.rows(
        """
        select distinct tag
        from contact_tag
        order by
            lower(tag),
            tag
        """
    )
    return [row[0] for row in rows]
