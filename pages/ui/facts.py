"""A list of names, values and what they mean, that folds into cards on a phone."""

from collections.abc import Iterable
from html import escape

import streamlit as st

_STYLE = """
<style>
.facts { font-size: .9375rem; padding: 0 !important; margin: 0 !important; }
.facts div {
    display: grid; grid-template-columns: minmax(0, 5fr) minmax(0, 4fr) minmax(0, 6fr);
    gap: .1rem 1rem; padding: .45rem 0;
    border-bottom: 1px solid light-dark(#cbd5e1, #3b4a63);
}
.facts dt, .facts dd { margin: 0; overflow-wrap: anywhere; }
.facts dt { font-weight: 600; }
.facts dd + dd { color: light-dark(#475569, #b6c2d4); }
.facts.is-short div { grid-template-columns: minmax(0, 2fr) minmax(0, 3fr); }
@media (max-width: 40rem) { .facts div { grid-template-columns: minmax(0, 1fr); } }
</style>
"""


def show_facts(facts: Iterable[tuple[str, str, str]]) -> None:
    """Draw each name with its value and its meaning, which may be empty; all are plain text."""
    facts = list(facts)
    short = "" if any(meaning for _, _, meaning in facts) else " is-short"
    rows = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd>"
        + (f"<dd>{escape(meaning)}</dd></div>" if meaning else "</div>")
        for name, value, meaning in facts
    )
    st.html(f'{_STYLE}<dl class="facts{short}">{rows}</dl>')
