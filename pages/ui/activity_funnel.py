"""The gate's funnel: how many browsers took each step, as bars with percentages."""

from html import escape

import plotly.graph_objects as go
import streamlit as st

from data.gate_funnel import Funnel
from pages.ui.activity_words import STEP_WORDS
from pages.ui.chart_cards import TICK_STYLE
from pages.ui.chart_findings import FEWEST_FOR_PERCENT, say_funnel_finding
from pages.ui.charts import FIRST_COLOUR, HEIGHT_PIXELS, SECOND_COLOUR
from pages.ui.forms import show_empty

# Apart from the steps: whoever was refused may have come back and got in.
TURNED_AWAY = "Refused or gone"


def funnel_figure(funnel: Funnel) -> go.Figure:
    """A bar for each step, with its share of those who opened, and one for those turned away."""
    counts = [*funnel.steps.values(), funnel.refused]
    figure = go.Figure(
        go.Bar(
            x=counts,
            y=_names_of(funnel),
            orientation="h",
            marker={"color": [FIRST_COLOUR] * len(funnel.steps) + [SECOND_COLOUR]},
            text=[_bar_text(count, funnel.opened) for count in counts],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="<b>%{y}</b><br>%{x:,} browsers<extra></extra>",
        )
    )
    longest = max(*counts, 1)
    figure.update_xaxes(visible=False, range=[0, longest * 1.6])
    figure.update_yaxes(autorange="reversed", showgrid=False)
    return figure.update_layout(
        height=HEIGHT_PIXELS,
        margin={"l": 8, "r": 8, "t": 12, "b": 8},
        showlegend=False,
        bargap=0.25,
        dragmode=False,
    )


def show_funnel(funnel: Funnel, *, place: str = "activity", refused_address: str = "") -> None:
    """The funnel in a card, its finding above it; another card where there is nothing to count.

    `refused_address` is where those turned away are listed, if that is elsewhere.
    """
    if not funnel.refused and not any(funnel.steps.values()):
        show_empty(
            "Nobody has opened a link in this time",
            "Send a share link to somebody: from then on this shows how far they come.",
        )
        return
    finding = say_funnel_finding(funnel)
    with st.container(border=True):
        st.text("From opening to viewing")
        st.markdown(f"**{finding}**")
        st.html(TICK_STYLE)
        if st.toggle("Show as table", key=f"{place}_funnel_rows"):
            columns = {
                "Step": _names_of(funnel),
                "Browsers": [*funnel.steps.values(), funnel.refused],
            }
            st.dataframe(columns, hide_index=True)
        else:
            st.plotly_chart(
                funnel_figure(funnel),
                key=f"{place}_funnel",
                config={"displayModeBar": False, "displaylogo": False},
                alt=f"From opening to viewing: {finding}",
            )
        st.text("Steps that a link does not ask for are skipped, so a later one can be larger.")
        if refused_address and funnel.refused:
            noun = "browser was" if funnel.refused == 1 else "browsers were"
            st.html(
                f'<a href="{escape(refused_address)}" target="_self" '
                f'style="color:light-dark(#1D4ED8,#93C0FF)">{funnel.refused:,} {noun} '
                "refused or went away: see who</a>"
            )


def _names_of(funnel: Funnel) -> list[str]:
    return [*(STEP_WORDS[step] for step in funnel.steps), TURNED_AWAY]


def _bar_text(count: int, opened: int) -> str:
    if opened < FEWEST_FOR_PERCENT:
        return f"{count:,}"
    return f"{count:,} ({count / opened:.0%})"
