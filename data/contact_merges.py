"""Merges of contacts as stored; identifiers move in `data/identifier_moves.py`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from data.contacts import Contact
from data.database import Reader, Transaction


@dataclass(frozen=True, slots=True)
class NotedDetails:
    """What an owner wrote down about a contact; None for nothing."""

    name: str | None
    company: str | None
    notes: str | None
    tags: tuple[str, ...]

    @classmethod
    def of(cls, contact: Contact) -> "NotedDetails":
        """What is written down about this contact now."""
        return cls(contact.name, contact.company, contact.notes, contact.tags)


@dataclass(frozen=True, slots=True)
class ContactMerge:
    """One contact that became part of another, and what undoing it needs.

    `merged` is what was written down about the merged contact; `before` and `after` are of the
    kept one. Once it is undone, they are empty.
    """

    contact_merge_id: int
    kept_id: int
    merged_id: int
    identifier_ids: tuple[int, ...]
    merged_created_at: datetime
    merged_archived_at: datetime | None
    undone_at: datetime | None
    merged: NotedDetails
    before: NotedDetails
    after: NotedDetails


_SIDES = ("merged", "before", "after")
_NOTHING = NotedDetails(None, None, None, ())


def insert_merge(
    tx: Transaction,
    *,
    kept: Contact,
    merged: Contact,
    identifier_ids: Sequence[int],
    after: NotedDetails,
    member_id: int,
    now: datetime,
) -> int:
    """The number of a new merge, with all that undoing it needs."""
    row = tx.row(
        """
        insert into contact_merge
        values (
            nextval('contact_merge_id_seq'),
            $kept_id,
            $merged_id,
            $identifier_ids,
            $created_at,
            $archived_at,
            $member_id,
            $now, null, null
        )
        returning contact_merge_id
        """,
        kept_id=kept.contact_id,
        merged_id=merged.contact_id,
        identifier_ids=list(identifier_ids),
        created_at=merged.created_at,
        archived_at=merged.archived_at,
        member_id=member_id,
        now=now,
    )
    contact_merge_id = int(row[0]) if row else 0
    told = (NotedDetails.of(merged), NotedDetails.of(kept), after)
    for side, details in zip(_SIDES, told, strict=True):
        _insert_details(tx, contact_merge_id, side, details)
    return contact_merge_id


def get_merge(reader: Reader, contact_merge_id: int) -> ContactMerge | None:
    """The merge of this number, undone or not; None if there is none, or somebody was erased."""
    row = reader.row(
        """
        select
            contact_merge_id,
            kept_id,
            merged_id,
            identifier_ids,
            merged_created_at,
            merged_archived_at,
            undone_at
        from contact_merge
        where contact_merge_id = $contact_merge_id
        """,
        contact_merge_id=contact_merge_id,
    )
    if row is None:
        return None
    details = _find_details(reader, contact_merge_id)
    merged, before, after = (details.get(of_whom, _NOTHING) for of_whom in _SIDES)
    return ContactMerge(
        contact_merge_id=row[0],
        kept_id=row[1],
        merged_id=row[2],
        identifier_ids=tuple(row[3]),
        merged_created_at=row[4],
        merged_archived_at=row[5],
        undone_at=row[6],
        merged=merged,
        before=before,
        after=after,
    )


def close_merge(tx: Transaction, contact_merge_id: int, *, member_id: int, now: datetime) -> None:
    """Note that a merge was undone; what was kept for that is forgotten."""
    tx.run(
        """
        update contact_merge
        set undone_by = $member_id, undone_at = $now
        where contact_merge_id = $contact_merge_id
        """,
        contact_merge_id=contact_merge_id,
        member_id=member_id,
        now=now,
    )
    tx.run(
        "delete from contact_merge_details where contact_merge_id = $contact_merge_id",
        contact_merge_id=contact_merge_id,
    )


def has_later_merge(reader: Reader, merge: ContactMerge) -> bool:
    """Whether another contact was merged into the kept one after this, and still is."""
    row = reader.row(
        """
        select 1
        from contact_merge
        where
            kept_id = $kept_id
            and contact_merge_id > $contact_merge_id
            and undone_at is null
        """,
        kept_id=merge.kept_id,
        contact_merge_id=merge.contact_merge_id,
    )
    return row is not None


def get_kept_id(reader: Reader, contact_id: int) -> int | None:
    """The contact that a merged one is part of now, through all merges; None if it isn't merged."""
    row = reader.row(
        """
        with recursive followed as (
            select
                kept_id,
                1 as step
            from contact_merge
            where merged_id = $contact_id and undone_at is null
            union all
            select
                contact_merge.kept_id,
                followed.step + 1
            from followed
            join contact_merge on contact_merge.merged_id = followed.kept_id
            where contact_merge.undone_at is null
        )
        select kept_id
        from followed
        order by step desc
        limit 1
        """,
        contact_id=contact_id,
    )
    return int(row[0]) if row else None


def _insert_details(
    tx: Transaction, contact_merge_id: int, of_whom: str, details: NotedDetails
) -> None:
    tx.run(
        """
        insert into contact_merge_details
        values ($contact_merge_id, $of_whom, $name, $company, $notes, $tags)
        """,
        contact_merge_id=contact_merge_id,
        of_whom=of_whom,
        name=details.name,
        company=details.company,
        notes=details.notes,
        tags=list(details.tags),
    )


def _find_details(reader: Reader, contact_merge_id: int) -> dict[str, NotedDetails]:
    rows = reader.rows(
        """
        select
            of_whom,
            name,
            company,
            notes,
            tags
        from contact_merge_details
        where contact_merge_id = $contact_merge_id
        """,
        contact_merge_id=contact_merge_id,
    )
    return {row[0]: NotedDetails(row[1], row[2], row[3], tuple(row[4])) for row in rows}
