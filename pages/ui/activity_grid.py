"""A list of the Activity page as a grid: its pages, its columns, and the line that is selected."""

from collections.abc import Mapping, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.elements.lib.column_types import ColumnConfig

from pages.ui.chosen_card import bring_in_sight, show_chosen
from pages.ui.session import recall, remember
from pages.ui.table import MAX_ROWS_IN_SIGHT, ROW_PIXELS, paged_grid

PAGE_SIZE = 50
NOTHING = "—"
# On a phone the first three are in sight; the selected line is told in full below the grid.
_PIXELS = {
    "When": 96,
    "Who": 134,
    "What": 124,
    "Why": 330,
    "Share link": 176,
    "By": 84,
    "At": 128,
}


def ask_page(total: int, name: str) -> int:
    """How many of `total` lines come before the page that was chosen, of `PAGE_SIZE` lines each."""
    pages = max(1, -(-total // PAGE_SIZE))
    if pages == 1:
        return 0
    # Another number of pages is another widget: a page that is gone is not asked for.
    chosen = st.pagination(pages, key=f"activity_{name}_page_{pages}")
    return (min(chosen if isinstance(chosen, int) else 1, pages) - 1) * PAGE_SIZE


def show_lines(columns: Mapping[str, Sequence[str]], *, key: str, alt: str) -> int | None:
    """Draw one page of lines; the position of the line that is selected, if one is.

    `key` must differ between pages and filters: the grid remembers positions.
    """
    count = len(next(iter(columns.values())))
    state = paged_grid(f"activity_lines_{key}").dataframe(
        dict(columns),
        hide_index=True,
        column_config=_configure(columns),
        height=(min(count, MAX_ROWS_IN_SIGHT) + 1) * ROW_PIXELS + 2,
        row_height=ROW_PIXELS,
        key=key,
        on_select="rerun",
        # A cell, not a row: no column of boxes takes the place of words on a phone.
        selection_mode="single-cell",
        alt=alt,
    )
    cells = state["selection"]["cells"]
    return cells[0][0] if cells and cells[0][0] < count else None


def begin_panel(list_name: str, line: int | None) -> DeltaGenerator:
    """The place for the words of a selected line, in sight as soon as another line is selected.

    `line` is the number of what the line tells of, None while none is selected.
    """
    card = f"activity_{list_name}_panel"
    if line is not None and recall(f"{card}_line", 0) != line:
        bring_in_sight(card)
    remember(f"{card}_line", line or 0)
    show_chosen(card, "nearest")
    return st.container(key=card)


def say_pages(total: int, skipped: int, noun: str) -> str:
    """Which of all lines are in sight: "1–50 of 1,204 lines"."""
    plural = noun if total == 1 else f"{noun}s"
    if total <= PAGE_SIZE:
        return f"{total:,} {plural}"
    return f"{skipped + 1:,}–{min(skipped + PAGE_SIZE, total):,} of {total:,} {plural}"


def _configure(columns: Mapping[str, Sequence[str]]) -> dict[str, ColumnConfig]:
    return {name: st.column_config.TextColumn(width=_PIXELS[name]) for name in columns}
