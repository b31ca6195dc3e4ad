"""What a click in a chart asks for: changes of the view. No widget here, and no question."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from data.activity_buckets import BucketSize, end_of_bucket
from data.contact_filter import ActivityBucket, ContactFilter
from pages.ui.charts import bin_ranges
from pages.ui.url_view import ContactView

Changes = Mapping[str, Any]


def pick_days(
    contact_filter: ContactFilter,
    buckets: Sequence[ActivityBucket],
    size: BucketSize,
    points: Sequence[int],
) -> Changes:
    """The days of the picked buckets as a period, no longer than the one that is looked at."""
    shown = [point for point in points if point < len(buckets)]
    if not shown:
        return {}
    first_on = buckets[min(shown)].starts_at.date()
    after = end_of_bucket(buckets[max(shown)].starts_at, size)
    last_on = (after - timedelta(microseconds=1)).date()
    return {
        "from_on": max(first_on, contact_filter.from_on or first_on),
        "to_on": min(last_on, contact_filter.to_on or last_on),
    }


def pick_one(
    view: ContactView, name: str, values: Sequence[object], points: Sequence[int]
) -> Changes:
    """The picked value alone in this field of the view; none, if it is chosen alone already."""
    only = frozenset({values[points[0]]})
    return {name: frozenset() if getattr(view, name) == only else only}


def pick_counts(view: ContactView, labels: Sequence[str], points: Sequence[int]) -> Changes:
    """The picked bar's numbers of sessions; any, if they are chosen already."""
    fewest, most = bin_ranges()[labels[points[0]]]
    is_chosen = (view.min_access_count, view.max_access_count) == (fewest, most)
    return {
        "min_access_count": None if is_chosen else fewest,
        "max_access_count": None if is_chosen else most,
    }
