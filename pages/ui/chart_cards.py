"""A chart in its card: its finding in words, the figure, and the same numbers as rows.

What can be picked in a figure is a callback's matter: a point or a range becomes another view.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from data.activity_buckets import BucketSize
from data.contact_filter import ActivityBucket, CountBin, HeatCell, TopItem
from pages.ui.chart_findings import (
    say_activity_finding,
    say_heat_finding,
    say_ranking_finding,
    say_repeat_finding,
)
from pages.ui.chart_picks import Changes
from pages.ui.charts import (
    HEIGHT_PIXELS,
    WEEKDAYS,
    binned_counts,
    heat_figure,
    ranking_figure,
    repeat_figure,
)
from pages.ui.filter_words import say_day
from pages.ui.session import get_widget_value
from pages.ui.time_chart import NOW_WORDS, activity_figure, is_unfinished
from pages.ui.view_binding import narrow_view

Columns = Mapping[str, Sequence[Any]]
# From the numbers of the picked points, which are never none, to the changes that they ask for.
Pick = Callable[[Sequence[int]], Changes]

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
    """One chart: what it shows, what it found, the figure, its numbers as columns, and a note."""

    name: str
    title: str
    finding: str
    figure: go.Figure
    columns: Columns
    note: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The period before, in the buckets of the one shown, and how many days either has."""

    days: int
    earlier: Sequence[ActivityBucket] = ()

    @property
    def sessions(self) -> int | None:
        """All sessions of the period before; None if it cannot be compared."""
        return sum(bucket.sessions for bucket in self.earlier) if self.earlier else None


def activity_card(
    buckets: Sequence[ActivityBucket],
    size: BucketSize,
    local_now: datetime,
    compared: Comparison | None = None,
) -> ChartCard:
    """Sessions of new and returning contacts over time, beside the period before."""
    earlier = compared.earlier if compared else ()
    before = {bucket.starts_at: bucket.sessions for bucket in earlier}
    columns: dict[str, list[Any]] = {
        f"{size.value.capitalize()} from": [
            f"{bucket.starts_at:%Y-%m-%d %H:%M}"
            if size is BucketSize.HOUR
            else say_day(bucket.starts_at.date())
            for bucket in buckets
        ],
        "Viewing sessions": [bucket.sessions for bucket in buckets],
        "By new contacts": [bucket.new_contacts for bucket in buckets],
        "By returning contacts": [bucket.returning_sessions for bucket in buckets],
    }
    if earlier:
        columns["Period before"] = [before.get(bucket.starts_at, 0) for bucket in buckets]
    note = "New: the contact's first viewing session of all."
    if any(is_unfinished(bucket.starts_at, size, local_now) for bucket in buckets):
        note += f" Hatched: {NOW_WORDS[size]} is not over."
    return ChartCard(
        name="activity",
        title="New and returning over time",
        finding=say_activity_finding(
            buckets,
            days=compared.days if compared else None,
            before=compared.sessions if compared else None,
        ),
        figure=activity_figure(buckets, size, local_now, earlier),
        columns=columns,
        note=note,
    )


def heat_card(cells: Sequence[HeatCell], time_zone: str) -> ChartCard:
    """Sessions by weekday and hour."""
    return ChartCard(
        name="heat",
        title=f"When they come ({time_zone})",
        finding=say_heat_finding(cells),
        figure=heat_figure(cells),
        columns={
            "Weekday": [WEEKDAYS[cell.weekday - 1] for cell in cells],
            "Hour": [f"{cell.hour:02}:00" for cell in cells],
            "Viewing sessions": [cell.sessions for cell in cells],
        },
    )


def ranking_card(nouns: str, items: Sequence[TopItem], sessions: int, note: str = "") -> ChartCard:
    """Those with the most of all these sessions; `nouns` says of what, in the plural."""
    return ChartCard(
        name=nouns.replace(" ", "_"),
        title=f"Top {nouns}",
        finding=say_ranking_finding(items, nouns, sessions),
        figure=ranking_figure(items),
        columns={
            "Name": [item.name for item in items],
            "Viewing sessions": [item.sessions for item in items],
            "Contacts": [item.contacts for item in items],
        },
        note=note,
    )


def repeat_card(bins: Sequence[CountBin], note: str = "") -> ChartCard:
    """How often a contact comes."""
    bars = binned_counts(bins)
    return ChartCard(
        name="repeat",
        title="Sessions per contact",
        finding=say_repeat_finding(bins),
        figure=repeat_figure(bars),
        columns={
            "Sessions": [label for label, _ in bars],
            "Contacts": [contacts for _, contacts in bars],
        },
        note=note,
    )


def show_card(
    card: ChartCard, *, place: str = "contacts", version: str = "", pick: Pick | None = None
) -> None:
    """Draw one chart, or its rows if those are wanted; `place` tells where, if it is elsewhere.

    With a `pick`, a click on a point follows it. Another `version` is another chart, with nothing
    picked yet.
    """
    with st.container(border=True, height="stretch"):
        st.html(
            f'<p style="margin:0;font-size:.875rem">{escape(card.title)}</p>'
            f'<p style="margin:0;font-weight:600;overflow-wrap:anywhere">{escape(card.finding)}</p>'
        )
        slot = st.container()
        if st.toggle("Show as table", key=f"{place}_rows_{card.name}"):
            slot.dataframe(pd.DataFrame(card.columns), hide_index=True, height=HEIGHT_PIXELS)
        else:
            with slot:
                _show_figure(card, f"{place}_chart_{card.name}", version, pick)
        if card.note:
            st.html(f'<p style="margin:0;font-size:.875rem">{escape(card.note)}</p>')


def _show_figure(card: ChartCard, key: str, version: str, pick: Pick | None) -> None:
    alt = f"{card.title}: {card.finding}"
    if pick is None:
        bare = {"displayModeBar": False, "displaylogo": False}
        st.plotly_chart(card.figure, key=key, config=bare, alt=alt)
        return
    # A figure of two fixed axes is not dragged: the pointer is a hand, and a click is a choice.
    card.figure.update_layout(dragmode="pan")
    card.figure.update_xaxes(fixedrange=True)
    card.figure.update_yaxes(fixedrange=True)
    key = f"{key}_{version}"
    st.plotly_chart(
        card.figure,
        key=key,
        config={"displayModeBar": False, "displaylogo": False},
        alt=alt,
        on_select=lambda: _follow(key, pick),
        selection_mode="points",
    )


def _follow(key: str, pick: Pick) -> None:
    """Look at what was picked. What was let go of again changes nothing."""
    state: Any = get_widget_value(key, None)
    points = sorted(state["selection"]["point_indices"]) if state else []
    if points:
        narrow_view(**pick(points))
