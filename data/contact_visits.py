"""One contact's visits, one by one: what stands behind the numbers of the list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from data.database import Reader, Row
from data.filter_conditions import COUNTED_SESSION
from data.records import Channel


@dataclass(frozen=True, slots=True)
class PastVisit:
    """One viewing session: when, through which link, by which address, and what was opened.

    `document_names` are in the order in which they were first opened.
    """

    viewing_session_id: int
    started_at: datetime
    last_seen_at: datetime
    share_link_id: int
    channel: Channel
    address: str
    is_verified: bool
    document_names: tuple[str, ...]


_LATEST = f"""
    with latest as materialized (
        select
            viewing_session_id,
            started_at,
            last_seen_at,
            share_link_id,
            channel,
            identifier_id,
            is_verified
        from viewing_session
        where
            contact_id = $contact_id
            and {COUNTED_SESSION}
        order by
            started_at desc,
            viewing_session_id desc
        limit $most
    ),
    opened as (
        select
            viewing_session_id,
            document_id,
            min(opened_at) as opened_at
        from document_view
        where viewing_session_id in (select viewing_session_id from latest)
        group by
            viewing_session_id,
            document_id
    ),
    named as (
        select
            opened.viewing_session_id,
            list(document.name order by opened.opened_at, opened.document_id) as names
        from opened
        join document on document.document_id = opened.document_id
        group by opened.viewing_session_id
    )
    select
        latest.viewing_session_id,
        latest.started_at,
        latest.last_seen_at,
        latest.share_link_id,
        latest.channel,
        identifier.address,
        latest.is_verified,
        coalesce(named.names, [])
    from latest
    join identifier on identifier.identifier_id = latest.identifier_id
    left join named on named.viewing_session_id = latest.viewing_session_id
    order by
        latest.started_at desc,
        latest.viewing_session_id desc
"""


def find_visits(reader: Reader, contact_id: int, *, most: int) -> list[PastVisit]:
    """The contact's latest viewing sessions that count, at most so many, the newest first."""
    return [_read_visit(row) for row in reader.rows(_LATEST, contact_id=contact_id, most=most)]


@dataclass(frozen=True, slots=True)
class VisitCounts:
    """Viewing sessions that count, and the different documents opened in them."""

    sessions: int
    documents: int


def count_visits_of(reader: Reader, identifier_ids: Sequence[int]) -> VisitCounts:
    """What was done with these identifiers, together."""
    row = reader.row(
        f"""
        select
            count(distinct viewing_session.viewing_session_id),
            count(distinct document_view.document_id)
        from (
            select viewing_session_id
            from viewing_session
            where
                identifier_id = any($identifier_ids)
                and {COUNTED_SESSION}
        ) as viewing_session
        left join document_view
            on document_view.viewing_session_id = viewing_session.viewing_session_id
        """,
        identifier_ids=list(identifier_ids),
    )
    return VisitCounts(*row) if row else VisitCounts(0, 0)


def _read_visit(row: Row) -> PastVisit:
    return PastVisit(
        viewing_session_id=row[0],
        started_at=row[1],
        last_seen_at=row[2],
        share_link_id=row[3],
        channel=Channel(row[4]),
        address=row[5],
        is_verified=row[6],
        document_names=tuple(row[7]),
    )
