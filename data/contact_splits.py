"""Splits as stored, and what the timeline of a contact tells of its merges and splits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from data.database import Reader, Transaction


@dataclass(frozen=True, slots=True)
class PastJoining:
    """A merge or a split of a contact: which addresses came or went, when, and who did it.

    `contact_merge_id` is None for a split. `other_id` is the merged or the new contact.
    """

    happened_at: datetime
    contact_merge_id: int | None
    contact_id: int
    other_id: int
    addresses: tuple[str, ...]
    member: str
    undone_at: datetime | None


_JOININGS = """
    with told as (
        select
            merged_at as happened_at,
            contact_merge_id,
            kept_id as contact_id,
            merged_id as other_id,
            identifier_ids,
            member_id,
            undone_at
        from contact_merge
        where kept_id = $contact_id or merged_id = $contact_id
        union all
        select
            split_at,
            null,
            contact_id,
            new_contact_id,
            identifier_ids,
            member_id,
            null
        from contact_split
        where contact_id = $contact_id or new_contact_id = $contact_id
    )
    select
        told.happened_at,
        told.contact_merge_id,
        told.contact_id,
        told.other_id,
        (
            select coalesce(list(address order by identifier_id), [])
            from identifier
            where list_contains(told.identifier_ids, identifier_id)
        ),
        coalesce(member.email, ''),
        told.undone_at
    from told
    left join member on member.member_id = told.member_id
    order by
        told.happened_at desc,
        told.contact_merge_id desc,
        told.other_id
"""


def find_joinings(reader: Reader, contact_id: int) -> list[PastJoining]:
    """The contact's merges, undone ones too, and splits, the newest first."""
    rows = reader.rows(_JOININGS, contact_id=contact_id)
    return [
        PastJoining(
            happened_at=row[0],
            contact_merge_id=row[1],
            contact_id=row[2],
            other_id=row[3],
            addresses=tuple(row[4]),
            member=row[5],
            undone_at=row[6],
        )
        for row in rows
    ]


def insert_split(
    tx: Transaction,
    *,
    contact_id: int,
    new_contact_id: int,
    identifier_ids: Sequence[int],
    member_id: int,
    now: datetime,
) -> None:
    """Note that these identifiers were taken out of a contact into a new one."""
    tx.run(
        """
        insert into contact_split
        values (
            nextval('contact_split_id_seq'),
            $contact_id,
            $new_contact_id,
            $identifier_ids,
            $member_id,
            $now
        )
        """,
        contact_id=contact_id,
        new_contact_id=new_contact_id,
        identifier_ids=list(identifier_ids),
        member_id=member_id,
        now=now,
    )
