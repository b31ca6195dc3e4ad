"""The buckets that activity over time is cut into: how long they are, and what falls into each.

All of it is local wall time of the account; the questions themselves are in
`data/activity_queries.py`.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from data.contact_filter import ActivityBucket


class BucketSize(StrEnum):
    """How long one bar of activity is; weeks begin on Monday. Values are `date_trunc` units."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


_LONGEST_BY_HOUR_DAYS = 2
_LONGEST_BY_DAY_DAYS = 45
_LONGEST_BY_WEEK_DAYS = 400
_LENGTHS = {
    BucketSize.HOUR: timedelta(hours=1),
    BucketSize.DAY: timedelta(days=1),
    BucketSize.WEEK: timedelta(weeks=1),
}


def choose_bucket(days: int) -> BucketSize:
    """The bucket that shows this many days in a readable number of bars."""
    if days <= _LONGEST_BY_HOUR_DAYS:
        return BucketSize.HOUR
    if days <= _LONGEST_BY_DAY_DAYS:
        return BucketSize.DAY
    return BucketSize.WEEK if days <= _LONGEST_BY_WEEK_DAYS else BucketSize.MONTH


def start_of_bucket(instant: datetime, size: BucketSize) -> datetime:
    """When the bucket that this local instant falls into begins."""
    if size is BucketSize.HOUR:
        return instant.replace(minute=0, second=0, microsecond=0)
    midnight = datetime.combine(instant.date(), time.min)
    if size is BucketSize.WEEK:
        return midnight - timedelta(days=midnight.weekday())
    return midnight.replace(day=1) if size is BucketSize.MONTH else midnight


def end_of_bucket(starts_at: datetime, size: BucketSize) -> datetime:
    """When the bucket that begins then ends, and the next one begins."""
    if size is BucketSize.MONTH:
        return (starts_at + timedelta(days=31)).replace(day=1)
    return starts_at + _LENGTHS[size]


def fill_gaps(
    found: Sequence[ActivityBucket], from_on: date | None, to_on: date | None, size: BucketSize
) -> list[ActivityBucket]:
    """The buckets of a whole period, empty ones with 0; an open end is that of what was found."""
    if not found and not (from_on and to_on):
        return []
    first = datetime.combine(from_on, time.min) if from_on else found[0].starts_at
    last = datetime.combine(to_on, time(23)) if to_on else found[-1].starts_at
    starts_at, last_at = start_of_bucket(first, size), start_of_bucket(last, size)
    by_start = {one.starts_at: one for one in found}
    filled = []
    while starts_at <= last_at:
        filled.append(by_start.get(starts_at) or ActivityBucket(starts_at, 0, 0))
        starts_at = end_of_bucket(starts_at, size)
    return filled


def merge_buckets(buckets: Sequence[ActivityBucket], size: BucketSize) -> list[ActivityBucket]:
    """The same sessions in longer buckets, for those that were asked by day."""
    merged: list[ActivityBucket] = []
    for bucket in buckets:
        starts_at = start_of_bucket(bucket.starts_at, size)
        if not merged or merged[-1].starts_at != starts_at:
            merged.append(ActivityBucket(starts_at, 0, 0))
        last = merged[-1]
        merged[-1] = ActivityBucket(
            starts_at, last.sessions + bucket.sessions, last.new_contacts + bucket.new_contacts
        )
    return merged


def move_buckets(buckets: Sequence[ActivityBucket], later: timedelta) -> list[ActivityBucket]:
    """The same buckets that much later: a period laid over the one that follows it."""
    return [replace(bucket, starts_at=bucket.starts_at + later) for bucket in buckets]
