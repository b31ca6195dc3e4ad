"""Sessions over time as a figure: new against returning contacts, the previous period behind them.

Buckets are local wall time of the account.
"""

from collections.abc import Sequence
from datetime import datetime

import plotly.graph_objects as go

from data.activity_buckets import BucketSize, end_of_bucket
from data.contact_filter import ActivityBucket
from pages.ui.charts import FIRST_COLOUR, MAX_TICKS, MIN_BARS, SECOND_COLOUR, finished_figure

# The theme's fifth colour, a quiet one: it stands behind what is counted now.
QUIET_COLOUR = "#000005"
NOW_WORDS = {
    BucketSize.HOUR: "this hour",
    BucketSize.DAY: "today",
    BucketSize.WEEK: "this week",
    BucketSize.MONTH: "this month",
}
# How a bucket is headed when it is pointed at.
_HOVER_FORMATS = {
    BucketSize.HOUR: "%a %-d %b, %H:%M",
    BucketSize.DAY: "%a %-d %b %Y",
    BucketSize.WEEK: "Week of %-d %b %Y",
    BucketSize.MONTH: "%B %Y",
}


def activity_figure(
    buckets: Sequence[ActivityBucket],
    size: BucketSize,
    local_now: datetime,
    earlier: Sequence[ActivityBucket] = (),
) -> go.Figure:
    """Sessions by new and returning contacts, stacked; the unfinished bucket is hatched.

    `earlier` is the previous period, laid over the same buckets.
    """
    starts = [bucket.starts_at for bucket in buckets]
    hatched = {
        "shape": ["/" if is_unfinished(start, size, local_now) else "" for start in starts],
        "fillmode": "overlay",
        "size": 6,
    }
    figure = go.Figure()
    for name, colour, counts in (
        ("Returning", FIRST_COLOUR, [bucket.returning_sessions for bucket in buckets]),
        ("New", SECOND_COLOUR, [bucket.new_contacts for bucket in buckets]),
    ):
        figure.add_bar(
            x=starts,
            y=counts,
            name=name,
            marker={"color": colour, "pattern": hatched},
            hovertemplate=f"%{{y:,}} by {name.lower()} contacts<extra></extra>",
        )
    if earlier:
        figure.add_scatter(
            x=[bucket.starts_at for bucket in earlier],
            y=[bucket.sessions for bucket in earlier],
            name="Period before",
            # A click goes to the nearest point, of a line without any to none at all.
            mode="lines+markers",
            marker={"size": 6 if len(earlier) == 1 else 1, "color": QUIET_COLOUR},
            line={"color": QUIET_COLOUR, "width": 2, "dash": "dot", "shape": "hvh"},
            hovertemplate="%{y:,} in the period before<extra></extra>",
        )
    return _with_axes(figure, starts, size)


def bucket_label(start: datetime, size: BucketSize) -> str:
    """When a bucket begins, as short as its size allows."""
    if size is BucketSize.HOUR:
        return f"{start:%a %H:%M}"
    if size is BucketSize.MONTH:
        return f"{start:%b %Y}"
    year = f" ’{start:%y}" if size is BucketSize.WEEK else ""
    return f"{start.day} {start:%b}{year}"


def is_unfinished(start: datetime, size: BucketSize, local_now: datetime) -> bool:
    """Whether the present falls into the bucket, so that its count will still grow."""
    return start <= local_now < end_of_bucket(start, size)


def _with_axes(figure: go.Figure, starts: Sequence[datetime], size: BucketSize) -> go.Figure:
    step = max(1, -(-len(starts) // MAX_TICKS))
    ticks = list(starts[::step])
    figure.update_xaxes(
        tickvals=ticks,
        ticktext=[bucket_label(tick, size) for tick in ticks],
        tickangle=0,
        showgrid=False,
        hoverformat=_HOVER_FORMATS[size],
    )
    if starts and len(starts) < MIN_BARS:
        # One day would be a slab as wide as the page.
        length = end_of_bucket(starts[0], size) - starts[0]
        figure.update_xaxes(range=[starts[0] - length / 2, starts[0] + length * (MIN_BARS - 0.5)])
    figure.update_yaxes(nticks=MAX_TICKS, rangemode="tozero", tickformat=",d")
    figure.update_layout(barmode="stack", selectdirection="h")
    return finished_figure(figure, has_legend=True, hovermode="x unified")
