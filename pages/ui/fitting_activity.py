"""Activity over time in buckets that suit its length, and the period before laid over them."""

from datetime import date, datetime, timedelta

from data.activity_buckets import BucketSize, choose_bucket, merge_buckets, move_buckets
from data.activity_queries import find_activity
from data.contact_filter import ActivityBucket, previous_period
from data.contact_queries import Matched, match_contacts
from data.database import Reader
from pages.ui.chart_cards import Comparison


def trim_activity(
    buckets: list[ActivityBucket], opened_on: date, local_now: datetime
) -> list[ActivityBucket]:
    """The buckets without the empty ones before the account began and after the present."""
    shown = list(buckets)
    while len(shown) > 1 and not shown[-1].sessions and shown[-1].starts_at > local_now:
        shown.pop()
    while len(shown) > 1 and not shown[0].sessions and shown[1].starts_at.date() <= opened_on:
        shown.pop(0)
    return shown


def find_fitting_activity(
    db: Reader, matched: Matched, local_now: datetime, opened_on: date
) -> tuple[list[ActivityBucket], BucketSize]:
    """The activity in buckets that suit its length, and their size: asked by day, then merged."""
    chosen, today = matched.contact_filter, local_now.date()
    last_on = min(chosen.to_on or today, today)
    days = []
    first_on = chosen.from_on
    if first_on is None or (last_on - first_on).days >= 2:
        days = find_activity(db, matched, BucketSize.DAY)
    if first_on is None:
        first_on = days[0].starts_at.date() if days else last_on
    size = choose_bucket(max(1, (last_on - max(first_on, opened_on)).days + 1))
    if size is BucketSize.HOUR or not days:
        buckets = find_activity(db, matched, size)
    else:
        buckets = merge_buckets(days, size)
    return trim_activity(buckets, opened_on, local_now), size


def compare_before(
    db: Reader, matched: Matched, size: BucketSize, local_now: datetime, opened_on: date
) -> Comparison | None:
    """The period before in the same buckets; None for an open period.

    It is not compared where the account did not exist yet, or the period has not ended.
    """
    chosen = matched.contact_filter
    if chosen.from_on is None or chosen.to_on is None:
        return None
    length = chosen.to_on - chosen.from_on + timedelta(days=1)
    earlier = previous_period(chosen)
    is_whole = chosen.to_on <= local_now.date()
    if earlier is None or earlier.from_on is None or earlier.from_on < opened_on or not is_whole:
        return Comparison(length.days)
    asked = BucketSize.HOUR if size is BucketSize.HOUR else BucketSize.DAY
    found = find_activity(db, match_contacts(earlier), asked)
    return Comparison(length.days, merge_buckets(move_buckets(found, length), size))
