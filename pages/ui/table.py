"""One page of the contact list as a grid, and the words around it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from html import escape
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.elements.lib.column_types import ButtonColumnResult, ColumnConfig

from data.contact_filter import ContactRow, ContactSort, SortColumn
from gate.identifiers import has_mixed_scripts
from pages.ui.filter_words import CHANNEL_WORDS, COLUMN_WORDS
from pages.ui.list_columns import ListColumn
from pages.ui.session import get_clicked_row, get_widget_value, set_widget_value
from pages.ui.url_view import ContactView
from pages.ui.view_binding import list_key, open_contact

PAGE_SIZE = 50
ROW_PIXELS = 36
MAX_ROWS_IN_SIGHT = 14
NEVER = "—"
# Text that stands back and still has a contrast of 7:1 in both themes.
QUIET = "color:light-dark(#475569,#B6C2D4)"
MIXED_SCRIPTS_MARK = "⚠ mixed scripts"
# Where a click on an identifier, and a choice below the grid, are told.
_OPENED, _CHOSEN = "contacts_opened", "contacts_chosen"

# The grid's columns, by the names that a click on a header sends back.
_SORTS = {
    "identifier": SortColumn.IDENTIFIER,
    "name": SortColumn.NAME,
    "company": SortColumn.COMPANY,
    "type": SortColumn.TYPE,
    "verified": SortColumn.VERIFIED,
    "last": SortColumn.LAST_ACCESSED,
    "last_exact": SortColumn.LAST_ACCESSED,
    "count": SortColumn.ACCESS_COUNT,
    "first_exact": SortColumn.FIRST_ACCESSED,
}
_GRID_COLUMNS = {
    ListColumn.NAME: "name",
    ListColumn.COMPANY: "company",
    ListColumn.TYPE: "type",
    ListColumn.VERIFIED: "verified",
    ListColumn.LAST_ACCESSED: "last",
    ListColumn.LAST_ACCESSED_AT: "last_exact",
    ListColumn.ACCESS_COUNT: "count",
    ListColumn.FIRST_ACCESSED: "first_exact",
    ListColumn.TAGS: "tags",
}


def show_table(
    rows: Sequence[ContactRow],
    view: ContactView,
    tags: Mapping[int, Sequence[str]],
    *,
    time_zone: str,
    now: datetime,
) -> SortColumn | None:
    """Draw one page of contacts in the view's columns; the column whose header was clicked, if any.

    `tags` are by contact, as far as they are shown.
    """
    frame = contact_frame(rows, tags, time_zone, now)
    state = paged_grid("contacts_list").dataframe(
        frame[["identifier", *(_GRID_COLUMNS[one] for one in ListColumn if one in view.columns)]],
        hide_index=True,
        column_config=_columns(view.sort, time_zone, [row.contact_id for row in rows]),
        height=(min(len(rows), MAX_ROWS_IN_SIGHT) + 1) * ROW_PIXELS + 2,
        row_height=ROW_PIXELS,
        # The grid remembers positions: another page, order or filter is another grid.
        key=f"contacts_table_{list_key(view)}",
        on_select="rerun",
        selection_mode="single-column",
        placeholder=NEVER,
        alt="Contacts",
    )
    picked = state["selection"]["columns"]
    return _SORTS.get(picked[0]) if picked else None


def paged_grid(key: str) -> DeltaGenerator:
    """Where a grid of one page belongs: its own toolbar would search and hide within this page.

    On a phone the toolbar lies over what stands above the grid, such as the way to the next page.
    """
    st.html(f'<style>.st-key-{key} [data-testid="stElementToolbar"] {{ display: none; }}</style>')
    return st.container(key=key)


def show_opener(rows: Sequence[ContactRow]) -> None:
    """Open one of these contacts by keyboard: the grid's buttons take clicks and taps only."""
    names = {row.contact_id: say_identifier(row) for row in rows}
    st.selectbox(
        "Open a contact",
        list(names),
        index=None,
        format_func=lambda number: names.get(number, ""),
        key=_CHOSEN,
        placeholder="Open a contact: click it above, or choose it here",
        label_visibility="collapsed",
        on_change=_open_chosen,
    )


def contact_frame(
    rows: Sequence[ContactRow], tags: Mapping[int, Sequence[str]], time_zone: str, now: datetime
) -> pd.DataFrame:
    """The rows as they are shown, in every column; instants in the account's time zone."""
    zone = ZoneInfo(time_zone)
    return pd.DataFrame(
        {
            "identifier": [say_identifier(row) for row in rows],
            "name": [row.name for row in rows],
            "company": [row.company for row in rows],
            "type": [CHANNEL_WORDS[row.channel] for row in rows],
            "verified": ["Verified" if row.is_verified else "Not verified" for row in rows],
            "last": [say_ago(row.last_accessed_at, now) for row in rows],
            "last_exact": [say_instant(row.last_accessed_at, zone) for row in rows],
            "count": [row.access_count for row in rows],
            "first_exact": [say_instant(row.first_accessed_at, zone) for row in rows],
            "tags": [", ".join(tags.get(row.contact_id, ())) or None for row in rows],
        }
    )


def say_identifier(row: ContactRow) -> str:
    """The identifier, how many more the contact has, and a mark if its scripts are mixed."""
    parts = [row.identifier]
    if row.more_identifiers:
        parts.append(f"+{row.more_identifiers}")
    if has_mixed_scripts(row.identifier):
        parts.append(MIXED_SCRIPTS_MARK)
    return "  ".join(parts)


def say_ago(instant: datetime | None, now: datetime) -> str:
    """How long ago, in the largest whole unit: "3 hours ago"."""
    if instant is None:
        return NEVER
    passed = max(now - instant, timedelta())
    days = passed.days
    for length, unit in ((365, "year"), (30, "month"), (7, "week"), (1, "day")):
        if days >= length:
            return _say_count(days // length, unit)
    seconds = passed.seconds
    if seconds >= 3600:
        return _say_count(seconds // 3600, "hour")
    return _say_count(seconds // 60, "minute") if seconds >= 60 else "just now"


def say_instant(instant: datetime | None, zone: ZoneInfo) -> str:
    """The minute, in the zone, in a form that reads the same everywhere."""
    return NEVER if instant is None else f"{instant.astimezone(zone):%Y-%m-%d %H:%M}"


def say_range(page: int, total: int) -> str:
    """Which of the contacts are on this page: "1–50 of 1,204 contacts"."""
    noun = "contact" if total == 1 else "contacts"
    if total == 0:
        return "0 contacts"
    first, last = (page - 1) * PAGE_SIZE + 1, min(page * PAGE_SIZE, total)
    shown = f"{first:,}" if first == last else f"{first:,}–{last:,}"
    return f"{shown} of {total:,} {noun}"


def show_list_words(sentence: str, *details: str) -> None:
    """What the list shows, in words, and a quieter line below it with those that say something."""
    detail = " · ".join(filter(None, details))
    st.html(
        f'<p style="margin:0;font-weight:600;overflow-wrap:anywhere">{escape(sentence)}</p>'
        f'<p style="margin:0;{QUIET}">{escape(detail)}</p>'
    )


def show_notes(notes: Sequence[str]) -> None:
    """Quiet sentences below the list; nothing for none."""
    if notes:
        st.html(f'<p style="margin:0;{QUIET}">{escape(" ".join(notes))}</p>')


def count_pages(total: int) -> int:
    """How many pages the list has; an empty list has one."""
    return max(1, -(-total // PAGE_SIZE))


def _say_count(count: int, unit: str) -> str:
    return f"{count} {unit}{'' if count == 1 else 's'} ago"


def _open_chosen() -> None:
    chosen = get_widget_value(_CHOSEN, 0)
    if chosen:
        open_contact(chosen)
    set_widget_value(_CHOSEN, None)


def _open_row(contact_ids: Sequence[int]) -> None:
    row = get_clicked_row(_OPENED)
    if row is not None and row < len(contact_ids):
        open_contact(contact_ids[row])


def _columns(
    sort: ContactSort, time_zone: str, contact_ids: Sequence[int]
) -> dict[str, ColumnConfig | ButtonColumnResult]:
    zone = f"In the account's time zone, {time_zone}"
    text = st.column_config.TextColumn
    return {
        "identifier": st.column_config.ButtonColumn(
            _header("identifier", sort),
            width=296,
            type="tertiary",
            alignment="left",
            key=_OPENED,
            on_click=_open_row,
            args=(contact_ids,),
        ),
        "name": text(_header("name", sort), width=160),
        "company": text(_header("company", sort), width=160),
        "type": text(_header("type", sort), width=88),
        "verified": text(_header("verified", sort), width=106),
        "last": text(_header("last", sort), width=120),
        "last_exact": text("Last accessed at", width=128, help=zone),
        "count": st.column_config.NumberColumn(
            _header("count", sort), width=112, alignment="right", format="localized"
        ),
        "first_exact": text(_header("first_exact", sort), width=128, help=zone),
        "tags": text("Tags", width=200),
    }


def _header(name: str, sort: ContactSort) -> str:
    column = _SORTS[name]
    arrow = "" if column is not sort.column else " ↓" if sort.is_descending else " ↑"
    return COLUMN_WORDS[column] + arrow
