"""One page of the audit trail as a table that folds into cards on a phone."""

from collections.abc import Sequence
from html import escape
from zoneinfo import ZoneInfo

import streamlit as st

from data.audit_queries import AuditLine
from pages.ui.audit_words import Names, about_words, actor_words, event_words
from pages.ui.table import say_instant

HEADS = ("When", "Who", "What", "About")
# Each row of a narrow page is a card; roles are said, as `display` takes them from a table.
_STYLE = """
<style>
.trail { width: 100%; border-collapse: collapse; font-size: .9375rem; }
.trail th { text-align: left; font-weight: 600; }
.trail th, .trail td {
    padding: .45rem .75rem .45rem 0; vertical-align: top; overflow-wrap: anywhere;
    border: 0; border-bottom: 1px solid light-dark(#cbd5e1, #3b4a63);
}
.trail td:first-child { white-space: nowrap; font-variant-numeric: tabular-nums; }
.trail td:nth-child(2) { min-width: 12rem; }
@media (max-width: 40rem) {
    .trail thead { position: absolute; clip-path: inset(50%); width: 1px; overflow: hidden; }
    .trail, .trail tbody, .trail tr, .trail td { display: block; }
    .trail tr { padding: .5rem 0; border-bottom: 1px solid light-dark(#cbd5e1, #3b4a63); }
    .trail td, .trail td:nth-child(2) { padding: .1rem 0; border: 0; min-width: 0; }
    .trail td:nth-child(3) { font-weight: 600; }
}
</style>
"""


def show_audit_table(
    lines: Sequence[AuditLine], links: Names, workspaces: Names, zone: ZoneInfo
) -> None:
    """Draw these lines; every word of theirs is plain text."""
    rows = (
        (
            say_instant(line.created_at, zone),
            actor_words(line),
            event_words(line.event),
            about_words(line, links, workspaces),
        )
        for line in lines
    )
    st.html(_STYLE + _table_html(rows_of=list(rows)))


def _table_html(rows_of: list[tuple[str, str, str, str]]) -> str:
    heads = "".join(f'<th role="columnheader" scope="col">{head}</th>' for head in HEADS)
    body = "".join(
        '<tr role="row">'
        + "".join(f'<td role="cell">{escape(cell)}</td>' for cell in row)
        + "</tr>"
        for row in rows_of
    )
    return (
        '<table class="trail" role="table" aria-label="Audit trail, newest first">'
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead>'
        f'<tbody role="rowgroup">{body}</tbody></table>'
    )
