"""The charts of a filter, each in a card: its finding in words, the figure, and the same as rows.

A question is asked only for what is drawn, and all of them of the same matched contacts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from data.accounts import get_account
from data.activity_queries import (
    BucketSize,
    choose_bucket,
    find_activity,
    find_count_bins,
    find_heat,
    find_top_documents,
    find_top_links,
)
from data.contact_filter import ActivityBucket, ContactFilter, CountBin, HeatCell, TopItem
from data.contact_queries import Matched
from data.database import Database
from pages.ui.charts import (
    HEIGHT_PIXELS,
    WEEKDAYS,
    activity_figure,
    binned_counts,
    bucket_label,
    heat_figure,
    ranking_figure,
    repeat_figure,
)
from pages.ui.filter_words import say_day

Columns = Mapping[str, Sequence[Any]]
_SIZE_WORDS = {
    BucketSize.HOUR: "hour",
    BucketSize.DAY: "day",
    BucketSize.WEEK: "week",
    BucketSize.MONTH: "month",
}


# Streamlit's grey for ticks has a contrast below 4.5:1 in both themes.
TICK_STYLE = """
<style>
.js-plotly-plot .xtick text, .js-plotly-plot .ytick text, .js-plotly-plot .bartext {
    fill: light-dark(#475569, #b6c2d4) !important;
}
.js-plotly-plot .legendtext { fill: light-dark(#0f172a, #e8edf5) !important; }
</style>
"""


@dataclass(frozen=True, slots=True)
class ChartCard:
    """One chart: what it shows, what it found, the figure, and its numbers as columns."""

    name: str
    title: str
    finding: str
    figure: go.Figure
    columns: Columns


def show_charts(
    db: Database, contact_filter: ContactFilter, matched: Matched, *, now: datetime
) -> None:
    """Draw every chart of the matched contacts of this filter."""
    st.html(TICK_STYLE)
    zone = contact_filter.time_zone
    local_now = now.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    buckets, size = _find_fitting_activity(db, contact_filter, matched, local_now)
    show_card(activity_card(buckets, size, local_now))
    _show_pair(heat_card(find_heat(db, matched), zone), repeat_card(find_count_bins(db, matched)))
    _show_pair(
        ranking_card("documents", find_top_documents(db, matched)),
        ranking_card("share links", find_top_links(db, matched)),
    )


def _find_fitting_activity(
    db: Database, contact_filter: ContactFilter, matched: Matched, local_now: datetime
) -> tuple[list[ActivityBucket], BucketSize]:
    """The activity in buckets that suit its length, and their size.

    Without a first day, the months tell when it began.
    """
    today = local_now.date()
    opened_on = get_account(db).created_at.astimezone(ZoneInfo(contact_filter.time_zone)).date()
    last_on = min(contact_filter.to_on or today, today)
    first_on = contact_filter.from_on
    if first_on is None:
        months = find_activity(db, matched, BucketSize.MONTH)
        first_on = months[0].starts_at.date() if months else last_on
    size = choose_bucket(max(1, (last_on - max(first_on, opened_on)).days + 1))
    return trim_activity(find_activity(db, matched, size), opened_on, local_now), size


def trim_activity(
    buckets: Sequence[ActivityBucket], opened_on: date, local_now: datetime
) -> list[ActivityBucket]:
    """The buckets without the empty ones before the account began and after the present."""
    shown = list(buckets)
    while len(shown) > 1 and not shown[-1].sessions and shown[-1].starts_at > local_now:
        shown.pop()
    while len(shown) > 1 and not shown[0].sessions and shown[1].starts_at.date() <= opened_on:
        shown.pop(0)
    return shown


def activity_card(
    buckets: Sequence[ActivityBucket], size: BucketSize, local_now: datetime
) -> ChartCard:
    """Sessions and new contacts over time."""
    sessions = sum(bucket.sessions for bucket in buckets)
    newcomers = sum(bucket.new_contacts for bucket in buckets)
    finding = f"{_say_number(sessions, 'session')}, {_say_number(newcomers, 'new contact')}"
    if sessions:
        peak = max(buckets, key=lambda bucket: bucket.sessions)
        finding += (
            f"; busiest {_SIZE_WORDS[size]} {bucket_label(peak.starts_at, size)} "
            f"with {peak.sessions:,}"
        )
    return ChartCard(
        name="activity",
        title="Over time",
        finding=finding,
        figure=activity_figure(buckets, size, local_now),
        columns={
            f"{_SIZE_WORDS[size].capitalize()} from": [
                f"{bucket.starts_at:%Y-%m-%d %H:%M}"
                if size is BucketSize.HOUR
                else say_day(bucket.starts_at.date())
                for bucket in buckets
            ],
            "Viewing sessions": [bucket.sessions for bucket in buckets],
            "New contacts": [bucket.new_contacts for bucket in buckets],
        },
    )


def heat_card(cells: Sequence[HeatCell], time_zone: str) -> ChartCard:
    """Sessions by weekday and hour."""
    finding = "No sessions yet"
    if cells:
        peak = max(cells, key=lambda cell: cell.sessions)
        finding = (
            f"Busiest on {WEEKDAYS[peak.weekday - 1]} at {peak.hour:02}:00, "
            f"with {_say_number(peak.sessions, 'session')}"
        )
    return ChartCard(
        name="heat",
        title=f"When they come ({time_zone})",
        finding=finding,
        figure=heat_figure(cells),
        columns={
            "Weekday": [WEEKDAYS[cell.weekday - 1] for cell in cells],
            "Hour": [f"{cell.hour:02}:00" for cell in cells],
            "Viewing sessions": [cell.sessions for cell in cells],
        },
    )


def ranking_card(noun: str, items: Sequence[TopItem]) -> ChartCard:
    """The documents or share links with the most sessions."""
    finding = f"No {noun} yet"
    if items:
        finding = f"{items[0].name} leads with {_say_number(items[0].sessions, 'session')}"
    return ChartCard(
        name=noun.replace(" ", "_"),
        title=f"Top {noun}",
        finding=finding,
        figure=ranking_figure(items),
        columns={
            noun.capitalize()[:-1]: [item.name for item in items],
            "Viewing sessions": [item.sessions for item in items],
            "Contacts": [item.contacts for item in items],
        },
    )


def repeat_card(bins: Sequence[CountBin]) -> ChartCard:
    """How often a contact comes."""
    came = sum(found.contacts for found in bins if found.sessions >= 1)
    returned = sum(found.contacts for found in bins if found.sessions >= 2)
    finding = "Nobody has opened anything yet"
    if came:
        finding = f"{returned / came:.0%} came more than once"
    bars = binned_counts(bins)
    return ChartCard(
        name="repeat",
        title="Sessions per contact",
        finding=finding,
        figure=repeat_figure(bars),
        columns={
            "Sessions": [label for label, _ in bars],
            "Contacts": [contacts for _, contacts in bars],
        },
    )


def _show_pair(first: ChartCard, second: ChartCard) -> None:
    for column, card in zip(st.columns(2), (first, second), strict=True):
        with column:
            show_card(card)


def show_card(card: ChartCard, *, place: str = "contacts") -> None:
    """Draw one chart, or its rows if those are wanted; `place` tells where, if it is elsewhere."""
    with st.container(border=True, height="stretch"):
        st.html(
            f'<p style="margin:0;font-size:.875rem">{escape(card.title)}</p>'
            f'<p style="margin:0;font-weight:600">{escape(card.finding)}</p>'
        )
        slot = st.container()
        if st.toggle("Show as table", key=f"{place}_rows_{card.name}"):
            slot.dataframe(pd.DataFrame(card.columns), hide_index=True, height=HEIGHT_PIXELS)
        else:
            slot.plotly_chart(
                card.figure,
                key=f"{place}_chart_{card.name}",
                config={"displayModeBar": False, "displaylogo": False},
                alt=f"{card.title}: {card.finding}",
            )


def _say_number(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
