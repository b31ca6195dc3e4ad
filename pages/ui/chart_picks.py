"""What a click in a chart asks for: the view that it leads to. No widget here, and no question."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from data.activity_buckets import BucketSize, end_of_bucket
from data.contact_filter import ActivityBucket, ContactFilter, TopItem
from pages.ui.url_view import ContactView, Period


def pick_days(
    view: ContactView,
    contact_filter: ContactFilter,
    buckets: Sequence[ActivityBucket],
    size: BucketSize,
    points: Sequence[int],
) -> ContactView:
    """The days of the picked buckets as a period, no longer than the one that is looked at."""
    shown = [point for point in points if point < len(buckets)]
    if not shown:
        return view
    first_on = buckets[min(shown)].starts_at.date()
    after = end_of_bucket(buckets[max(shown)].starts_at, size)
    last_on = (after - timedelta(microseconds=1)).date()
    return replace(
        view,
        period=Period.CUSTOM,
        from_on=max(first_on, contact_filter.from_on or first_on),
        to_on=min(last_on, contact_filter.to_on or last_on),
    )


def pick_link(view: ContactView, items: Sequence[TopItem], points: Sequence[int]) -> ContactView:
    """The picked share link alone; without it, if it is chosen alone already."""
    return replace(view, share_link_ids=_turned(view.share_link_ids, items[points[0]].item_id))


def pick_document(
    view: ContactView, items: Sequence[TopItem], points: Sequence[int]
) -> ContactView:
    """The picked document alone; without it, if it is chosen alone already."""
    return replace(view, document_ids=_turned(view.document_ids, items[points[0]].item_id))


def _turned(chosen: frozenset[int], picked: int) -> frozenset[int]:
    only = frozenset({picked})
    return frozenset() if chosen == only else only
