"""The widgets of the owner's filter. How they and the URL agree is in `view_binding.py`."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data.contact_filter import ContactSort, SortColumn
from data.records import Channel
from pages.ui.choices import Choices
from pages.ui.column_chooser import show_column_chooser
from pages.ui.filter_chips import show_chips
from pages.ui.filter_words import CHANNEL_WORDS, COLUMN_WORDS, PERIOD_WORDS
from pages.ui.more_filters import show_more_filters
from pages.ui.plain import as_plain
from pages.ui.url_view import ContactView, Period
from pages.ui.url_words import EARLIEST_DAY, LATEST_DAY, clean_search
from pages.ui.view_binding import (
    bind_view,
    clear_filters,
    get_page_picker_key,
    get_unread_filters,
    is_moved,
    mark_filter_moved,
    mark_page_moved,
)
from pages.ui.view_widgets import (
    ARCHIVED,
    DIRECTION,
    DIRECTION_OPTIONS,
    DOCUMENT,
    FROM,
    LINK,
    PERIOD,
    SEARCH,
    SORT,
    TO,
    TYPE,
    WORKSPACE,
    direction_of,
    get_first_view,
    key_of,
)

# A chosen option's white text cannot be read on the dark theme's light primary colour, and the
# directions are as high as what is beside them.
_STYLE = """
<style>
.stMultiSelect [data-tag], .stMultiSelect [data-tag] * {
    color: light-dark(#ffffff, #0b1222) !important;
}
[class*="st-key-contacts_direction"] button { height: 2.5rem; }
</style>
"""
_PERIODS = tuple(Period)
_COLUMNS = tuple(SortColumn)
_DIRECTION_WORDS = {"desc": "Descending", "asc": "Ascending"}


def show_filters(choices: Choices, toolbar: DeltaGenerator, time_zone: str) -> ContactView:
    """The owner's choices, from the sidebar and the toolbar; its page is the URL's.

    Call `show_pages` once the number of pages is known, then `view_binding.write_url`.
    """
    asked = bind_view(choices.known)
    with st.sidebar:
        st.html(_STYLE)
        st.markdown("**Filters**")
        view = _show_sidebar(asked, choices, time_zone)
    with toolbar:
        search, sort = _show_toolbar(asked)
        view = replace(view, search=search, sort=sort)
        show_chips(view, choices)
        _show_unread(view)
    return view


def show_pages(view: ContactView, page_count: int) -> int:
    """The page to show, at most the last one: turned by the owner, or named in the URL."""
    asked = min(view.page, page_count)
    key = get_page_picker_key(asked)
    if page_count == 1:
        return 1
    return st.pagination(
        page_count, default=1 if is_moved() else asked, key=key, on_change=mark_page_moved
    )


def _show_unread(view: ContactView) -> None:
    # What is passed over leaves more people in the list than the address asked for.
    if unread := get_unread_filters(view):
        st.info(
            f"The address asked for what is not here: {as_plain(', '.join(unread))}. "
            "This list is without that filter.",
            icon=":material/info:",
        )


def _show_sidebar(asked: ContactView, choices: Choices, time_zone: str) -> ContactView:
    first = get_first_view()
    channels = st.multiselect(
        "Type",
        list(Channel),
        sorted(first.channels),
        format_func=CHANNEL_WORDS.__getitem__,
        key=key_of(TYPE),
        on_change=mark_filter_moved,
        placeholder="Any type",
        # All of them say what none says, and Enter would choose that line first.
        select_all=False,
    )
    links = _show_choice("Share link", LINK, choices.share_links, first.share_link_ids)
    documents = _show_choice("Document", DOCUMENT, choices.documents, first.document_ids)
    workspaces = _show_choice("Workspace", WORKSPACE, choices.workspaces, first.workspace_ids)
    period = _show_period(time_zone)
    first_on, last_on = _show_days() if period is Period.CUSTOM else (None, None)
    show_more_filters(asked, time_zone)
    includes_archived = st.toggle(
        "Include archived contacts",
        first.includes_archived,
        key=key_of(ARCHIVED),
        on_change=mark_filter_moved,
    )
    st.button("Clear all filters", on_click=clear_filters, key="contacts_clear", width="stretch")
    return replace(
        asked,
        channels=frozenset(channels),
        share_link_ids=links,
        document_ids=documents,
        workspace_ids=workspaces,
        period=period,
        from_on=first_on,
        to_on=last_on,
        includes_archived=includes_archived,
    )


def _show_choice(
    label: str, widget: str, labels: Mapping[int, str], first: frozenset[int]
) -> frozenset[int]:
    chosen = st.multiselect(
        label,
        list(labels),
        sorted(first & labels.keys()),
        format_func=lambda number: labels.get(number, ""),
        key=key_of(widget),
        on_change=mark_filter_moved,
        placeholder=f"Any {label.lower()}" if labels else "None yet",
        select_all=False,
    )
    return frozenset(chosen)


def _show_period(time_zone: str) -> Period:
    return st.selectbox(
        "Period",
        _PERIODS,
        _PERIODS.index(get_first_view().period),
        format_func=PERIOD_WORDS.__getitem__,
        key=key_of(PERIOD),
        on_change=mark_filter_moved,
        help=f"Days begin and end in the account's time zone, {time_zone}.",
    )


def _show_days() -> tuple[date | None, date | None]:
    first = get_first_view()
    first_on = _show_day("From", FROM, first.from_on)
    last_on = _show_day("To", TO, first.to_on)
    if first_on and last_on and first_on > last_on:
        st.text("The first day is after the last one, so they are taken the other way round.")
        return last_on, first_on
    return first_on, last_on


def _show_day(label: str, widget: str, first: date | None) -> date | None:
    return st.date_input(
        label,
        first,
        min_value=EARLIEST_DAY,
        max_value=LATEST_DAY,
        key=key_of(widget),
        on_change=mark_filter_moved,
        format="YYYY-MM-DD",
    )


def _show_toolbar(asked: ContactView) -> tuple[str, ContactSort]:
    left, middle, right, columns = st.columns([5, 3, 3, 2], vertical_alignment="bottom")
    first = get_first_view()
    typed = left.text_input(
        "Search",
        first.search,
        key=key_of(SEARCH),
        type="search",
        placeholder="Email, phone number, name or company",
        on_change=mark_filter_moved,
    )
    column = middle.selectbox(
        "Sort by",
        _COLUMNS,
        _COLUMNS.index(first.sort.column),
        format_func=COLUMN_WORDS.__getitem__,
        key=key_of(SORT),
        on_change=mark_filter_moved,
    )
    direction = right.segmented_control(
        "Direction",
        list(DIRECTION_OPTIONS),
        format_func=_DIRECTION_WORDS.__getitem__,
        required=True,
        default=direction_of(first.sort),
        key=key_of(DIRECTION),
        on_change=mark_filter_moved,
        width="stretch",
    )
    with columns:
        show_column_chooser(asked)
    is_descending = DIRECTION_OPTIONS.get(direction or "desc", True)
    return clean_search(typed or ""), ContactSort(column, is_descending)
