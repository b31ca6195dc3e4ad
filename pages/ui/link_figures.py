"""What came through one share link, in figures, with the ways to who it was."""

from datetime import datetime
from html import escape

import streamlit as st

from data.link_usage import LinkUsage
from pages.ui.table import NEVER, say_ago

REFUSED_DAYS = 7
_STYLE = """
<style>
.figures {
    display: grid; grid-template-columns: 1fr 1fr; gap: .5rem 1.25rem;
    padding: 0 !important; margin: 0 !important;
}
.figures div { min-width: 0; }
.figures dt { font-size: .875rem; color: light-dark(#475569, #b6c2d4); }
.figures dd { margin: 0; font-size: 1.25rem; font-weight: 600; overflow-wrap: anywhere; }
.figures-ways { display: flex; flex-wrap: wrap; gap: .5rem; margin-top: .75rem; }
</style>
"""


def show_link_figures(usage: LinkUsage, now: datetime) -> None:
    """Contacts, sessions, last accessed and refused, with links to its contacts and activity."""
    last = NEVER if usage.last_accessed_at is None else say_ago(usage.last_accessed_at, now)
    number = usage.share_link_id
    st.html(
        _STYLE
        + figures_html(
            {
                "Contacts": f"{usage.contacts:,}",
                "Viewing sessions": f"{usage.sessions:,}",
                "Last accessed": last,
                f"Refused in {REFUSED_DAYS} days": f"{usage.refused:,}",
            }
        )
        + '<div class="figures-ways">'
        f'<a class="quiet-link" href="/contacts?link={number}" target="_self">Its contacts</a>'
        f'<a class="quiet-link" href="/activity?link={number}" target="_self">Its activity</a>'
        "</div>"
    )


def figures_html(figures: dict[str, str]) -> str:
    """A list of figures with their names; everything in it escaped."""
    cells = (f"<div><dt>{escape(k)}</dt><dd>{escape(v)}</dd></div>" for k, v in figures.items())
    return f'<dl class="figures">{"".join(cells)}</dl>'
