"""The charts' questions about a filter's contacts: when they came, to what, and how often.

All ask the relations of `data/matching.py`, so that their sums are the list's.
"""

from datetime import date, datetime, time, timedelta
from enum import StrEnum

from data.breakdowns import document_counts_of, link_counts_of, slots_of
from data.contact_filter import ActivityBucket, CountBin, HeatCell, TopItem
from data.database import Reader
from data.matching import Matched


class BucketSize(StrEnum):
    """How long one bar of activity is; weeks begin on Monday. Values are `date_trunc` units."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


_LONGEST_BY_HOUR_DAYS = 2
_LONGEST_BY_DAY_DAYS = 45
_LONGEST_BY_WEEK_DAYS = 400

_LOCAL_SLOT = "to_timestamp(slot * 900) at time zone $time_zone"


def choose_bucket(days: int) -> BucketSize:
    """The bucket that shows this many days in a readable number of bars."""
    if days <= _LONGEST_BY_HOUR_DAYS:
        return BucketSize.HOUR
    if days <= _LONGEST_BY_DAY_DAYS:
        return BucketSize.DAY
    return BucketSize.WEEK if days <= _LONGEST_BY_WEEK_DAYS else BucketSize.MONTH


def find_activity(db: Reader, matched: Matched, bucket: BucketSize) -> list[ActivityBucket]:
    """Sessions and new contacts by local time, oldest first, empty buckets with 0.

    From the first to the last bucket of the period; where the period is open, of the sessions.
    """
    slots = slots_of(db, matched)
    rows = db.rows(
        f"""
        select
            date_trunc('{bucket.value}', {_LOCAL_SLOT}) as starts_at,
            cast(sum(sessions) as bigint),
            cast(sum(newcomers) as bigint)
        from ({slots.sql}) as slots
        group by starts_at
        order by starts_at
        """,
        **slots.parameters | {"time_zone": matched.contact_filter.time_zone},
    )
    return _without_gaps([ActivityBucket(*row) for row in rows], matched, bucket)


def find_heat(db: Reader, matched: Matched) -> list[HeatCell]:
    """Sessions by local weekday and hour, for those that had any."""
    slots = slots_of(db, matched)
    rows = db.rows(
        f"""
        select
            isodow({_LOCAL_SLOT}) as weekday,
            hour({_LOCAL_SLOT}) as local_hour,
            cast(sum(sessions) as bigint) as sessions
        from ({slots.sql}) as slots
        where sessions > 0
        group by
            weekday,
            local_hour
        order by
            weekday,
            local_hour
        """,
        **slots.parameters | {"time_zone": matched.contact_filter.time_zone},
    )
    return [HeatCell(*row) for row in rows]


def find_top_documents(db: Reader, matched: Matched, limit: int | None = 10) -> list[TopItem]:
    """The documents opened in most of the filter's sessions; one session may open several."""
    counts = document_counts_of(matched)
    rows = db.rows(
        f"""
        select
            document.document_id,
            document.name,
            cast(sum(counts.sessions) as bigint) as session_count,
            count(*)
        from ({counts.sql}) as counts
        join document on document.document_id = counts.document_id
        group by
            document.document_id,
            document.name
        order by
            session_count desc,
            document.document_id
        limit $limit
        """,
        **counts.parameters,
        limit=limit,
    )
    return [TopItem(*row) for row in rows]


def find_top_links(db: Reader, matched: Matched, limit: int | None = 10) -> list[TopItem]:
    """The share links that most of the filter's sessions came through."""
    counts = link_counts_of(matched)
    rows = db.rows(
        f"""
        select
            share_link.share_link_id,
            share_link.name,
            cast(sum(counts.sessions) as bigint) as session_count,
            count(*)
        from ({counts.sql}) as counts
        join share_link on share_link.share_link_id = counts.share_link_id
        group by
            share_link.share_link_id,
            share_link.name
        order by
            session_count desc,
            share_link.share_link_id
        limit $limit
        """,
        **counts.parameters,
        limit=limit,
    )
    return [TopItem(*row) for row in rows]


def find_count_bins(db: Reader, matched: Matched) -> list[CountBin]:
    """How many contacts have how many sessions within the filter, fewest sessions first."""
    rows = db.rows(
        f"""
        select
            cast(access_count as bigint) as sessions,
            count(*)
        from ({matched.contacts.sql}) as matched
        group by sessions
        order by sessions
        """,
        **matched.contacts.parameters,
    )
    return [CountBin(*row) for row in rows]


def _without_gaps(
    found: list[ActivityBucket], matched: Matched, bucket: BucketSize
) -> list[ActivityBucket]:
    from_on, to_on = matched.contact_filter.from_on, matched.contact_filter.to_on
    if not found and not (from_on and to_on):
        return []
    starts_at = _bucket_start(from_on, time.min, bucket) if from_on else found[0].starts_at
    last_at = _bucket_start(to_on, time(23), bucket) if to_on else found[-1].starts_at
    by_start = {one.starts_at: one for one in found}
    filled = []
    while starts_at <= last_at:
        filled.append(by_start.get(starts_at) or ActivityBucket(starts_at, 0, 0))
        starts_at = _next_start(starts_at, bucket)
    return filled


def _bucket_start(day: date, hour: time, bucket: BucketSize) -> datetime:
    midnight = datetime.combine(day, time.min)
    if bucket is BucketSize.HOUR:
        return datetime.combine(day, hour)
    if bucket is BucketSize.WEEK:
        return midnight - timedelta(days=midnight.weekday())
    return midnight.replace(day=1) if bucket is BucketSize.MONTH else midnight


def _next_start(starts_at: datetime, bucket: BucketSize) -> datetime:
    if bucket is BucketSize.MONTH:
        return (starts_at + timedelta(days=31)).replace(day=1)
    lengths = {
        BucketSize.HOUR: timedelta(hours=1),
        BucketSize.DAY: timedelta(days=1),
        BucketSize.WEEK: timedelta(weeks=1),
    }
    return starts_at + lengths[bucket]
