"""The gate's funnel: how many browsers took each step, as bars with percentages."""

import plotly.graph_objects as go
import streamlit as st

from data.gate_events import GateStep
from pages.ui.activity_words import STEP_WORDS
from pages.ui.chart_cards import TICK_STYLE
from pages.ui.charts import FIRST_COLOUR, HEIGHT_PIXELS
from pages.ui.forms import show_empty


def funnel_finding(counts: dict[GateStep, int]) -> str:
    """What the funnel says, in one sentence."""
    opened, viewed = counts[GateStep.OPENED], counts[GateStep.VIEWED]
    if not opened:
        return "Nobody opened a link in this time. These had opened one before."
    noun = "browser" if opened == 1 else "browsers"
    share = f"{viewed / opened:.0%}"
    return f"{viewed:,} of {opened:,} {noun} that opened a link went on to view ({share})"


def funnel_figure(counts: dict[GateStep, int]) -> go.Figure:
    """A bar for each step, with its share of those who opened."""
    first = max(counts[GateStep.OPENED], 1)
    names = [STEP_WORDS[step] for step in counts]
    figure = go.Figure(
        go.Bar(
            x=list(counts.values()),
            y=names,
            orientation="h",
            marker={"color": FIRST_COLOUR},
            text=[f"{count:,} ({count / first:.0%})" for count in counts.values()],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="<b>%{y}</b><br>%{x:,} browsers<extra></extra>",
        )
    )
    longest = max(max(counts.values()), 1)
    figure.update_xaxes(visible=False, range=[0, longest * 1.35])
    figure.update_yaxes(autorange="reversed", showgrid=False)
    return figure.update_layout(
        height=HEIGHT_PIXELS,
        margin={"l": 8, "r": 8, "t": 12, "b": 8},
        showlegend=False,
        bargap=0.25,
        dragmode=False,
    )


def show_funnel(counts: dict[GateStep, int]) -> None:
    """The funnel in a card, its finding above it; another card where there is nothing to count."""
    if not any(counts.values()):
        show_empty(
            "Nobody has opened a link in this time",
            "Send a share link to somebody: from then on this shows how far they come.",
        )
        return
    finding = funnel_finding(counts)
    with st.container(border=True):
        st.text("From opening to viewing")
        st.markdown(f"**{finding}**")
        st.html(TICK_STYLE)
        if st.toggle("Show as table", key="activity_funnel_rows"):
            rows = {"Step": [STEP_WORDS[step] for step in counts], "Browsers": counts.values()}
            st.dataframe({name: list(column) for name, column in rows.items()}, hide_index=True)
        else:
            st.plotly_chart(
                funnel_figure(counts),
                key="activity_funnel",
                config={"displayModeBar": False, "displaylogo": False},
                alt=f"From opening to viewing: {finding}",
            )
        st.text("Steps that a link does not ask for are skipped, so a later one can be larger.")
