"""The charts' answers as Plotly figures, in the theme's own colours, light and dark.

Figures only: time is in `pages/ui/time_chart.py`, what stands around all in `chart_cards.py`.
Nothing that the gate's page needs may import this module: Plotly is 4.6 MB in the viewer's browser.
"""

from collections.abc import Sequence
from html import escape

import plotly.graph_objects as go

from data.contact_filter import CountBin, HeatCell, TopItem

HEIGHT_PIXELS = 280
MAX_TICKS = 5
MAX_NAME_CHARACTERS = 26
# Fewer bars leave room at the end instead of growing into slabs.
MIN_BARS = 6
# Streamlit's front end swaps these for the theme's palette: categorical, sequential.
FIRST_COLOUR = "#000001"
SECOND_COLOUR = "#000002"
SCALE = [f"#0000{number}" for number in range(11, 21)]
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
# Upper ends of the histogram's bars; beyond the last one comes "more".
BIN_ENDS = (0, 1, 2, 3, 5, 10, 20)


def heat_figure(cells: Sequence[HeatCell]) -> go.Figure:
    """Sessions by weekday and hour; the colour is capped at the 95th percentile of busy hours."""
    grid = [[0] * 24 for _ in WEEKDAYS]
    for cell in cells:
        grid[cell.weekday - 1][cell.hour] += cell.sessions
    figure = go.Figure(
        go.Heatmap(
            z=grid,
            x=list(range(24)),
            y=list(WEEKDAYS),
            zmin=0,
            zmax=colour_cap([cell.sessions for cell in cells]),
            colorscale=[[step / 9, colour] for step, colour in enumerate(SCALE)],
            showscale=False,
            xgap=2,
            ygap=2,
            hovertemplate="<b>%{y} %{x}:00</b><br>%{z:,} sessions<extra></extra>",
        )
    )
    hours = [0, 6, 12, 18]
    figure.update_xaxes(
        tickvals=hours, ticktext=[f"{hour:02}:00" for hour in hours], showgrid=False
    )
    figure.update_yaxes(autorange="reversed", showgrid=False)
    return finished_figure(figure)


def ranking_figure(items: Sequence[TopItem]) -> go.Figure:
    """Bars from the most visited down, each with its number of sessions."""
    ranks = list(range(len(items)))
    figure = go.Figure(
        go.Bar(
            x=[item.sessions for item in items],
            y=ranks,
            orientation="h",
            marker={"color": FIRST_COLOUR},
            text=[f"{item.sessions:,}" for item in items],
            textposition="outside",
            cliponaxis=False,
            customdata=[(plot_text(item.name), item.contacts) for item in items],
            hovertemplate=(
                "<b>%{customdata[0]}</b><br>%{x:,} sessions by "
                "%{customdata[1]:,} contacts<extra></extra>"
            ),
        )
    )
    longest = max((item.sessions for item in items), default=1)
    figure.update_xaxes(visible=False, range=[0, max(longest, 1) * 1.3])
    figure.update_yaxes(
        range=[max(len(items), MIN_BARS) - 0.5, -0.5],
        tickvals=ranks,
        ticktext=[plot_text(shortened(item.name)) for item in items],
        showgrid=False,
    )
    return finished_figure(figure)


def repeat_figure(bars: Sequence[tuple[str, int]]) -> go.Figure:
    """How many contacts came how often, one bar for each of `binned_counts`."""
    figure = go.Figure(
        go.Bar(
            x=[label for label, _ in bars],
            y=[contacts for _, contacts in bars],
            marker={"color": FIRST_COLOUR},
            text=[f"{contacts:,}" for _, contacts in bars],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="<b>%{x} sessions</b><br>%{y:,} contacts<extra></extra>",
        )
    )
    figure.update_xaxes(
        type="category",
        range=[-0.5, max(len(bars), MIN_BARS) - 0.5],
        tickangle=0,
        showgrid=False,
    )
    figure.update_yaxes(nticks=MAX_TICKS, tickformat=",d")
    return finished_figure(figure)


def bin_ranges() -> dict[str, tuple[int, int | None]]:
    """The histogram's bars by their labels, each with its fewest and most; None: no most."""
    starts = [0] + [end + 1 for end in BIN_ENDS]
    ends: list[int | None] = [*BIN_ENDS, None]
    return {_range_label(start, end): (start, end) for start, end in zip(starts, ends, strict=True)}


def binned_counts(bins: Sequence[CountBin]) -> list[tuple[str, int]]:
    """Contacts by number of sessions: each number to 3, then ranges; empty ends left out."""
    bars = [
        (label, _contacts_between(bins, start, end)) for label, (start, end) in bin_ranges().items()
    ]
    while bars and bars[-1][1] == 0:
        bars.pop()
    return bars[1:] if bars and bars[0][1] == 0 else bars


def colour_cap(counts: Sequence[int]) -> int:
    """The count that gets the strongest colour, so that one peak does not pale all the rest."""
    busy = sorted(count for count in counts if count > 0)
    return busy[int(0.95 * (len(busy) - 1))] if busy else 1


def shortened(name: str) -> str:
    """A name that fits beside a bar."""
    return name if len(name) <= MAX_NAME_CHARACTERS else name[: MAX_NAME_CHARACTERS - 1] + "…"


def plot_text(text: str) -> str:
    """People's words for Plotly, which would take their angle brackets for markup."""
    return escape(text, quote=False)


def finished_figure(
    figure: go.Figure, *, has_legend: bool = False, hovermode: str = "closest"
) -> go.Figure:
    """The figure with what all have in common: height, margins, legend, nothing to drag."""
    return figure.update_layout(
        height=HEIGHT_PIXELS,
        margin={"l": 8, "r": 8, "t": 32 if has_legend else 12, "b": 8},
        showlegend=has_legend,
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "title": None},
        hovermode=hovermode,
        bargap=0.2,
        dragmode=False,
    )


def _range_label(start: int, end: int | None) -> str:
    if end is None:
        return f"{start}+"
    return str(start) if start == end else f"{start}–{end}"


def _contacts_between(bins: Sequence[CountBin], start: int, end: int | None) -> int:
    return sum(
        found.contacts
        for found in bins
        if start <= found.sessions and (end is None or found.sessions <= end)
    )
