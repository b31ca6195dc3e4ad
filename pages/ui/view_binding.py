"""The owner's view bound in both directions: the URL's words and the filter widgets' values.

The URL restores the view: whenever no widget of ours was moved (a new browser, a reload, the back
button, a pasted address) the widgets follow its words (`view_widgets.py`). When one was moved, the
widgets win and the URL is rewritten. Streamlit's own binding keeps labels in the URL; ours keeps
numbers.

Widgets that are not always drawn (`more_filters.py`, `column_chooser.py`) own no value: they are
seeded from the URL in each run, and change it at once.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from data.contact_filter import ContactSort, SortColumn
from pages.ui.list_columns import ListColumn
from pages.ui.opened_view import VIEW, read_words, write_words
from pages.ui.session import forget, get_widget_value, recall, remember, set_widget_value
from pages.ui.unread_words import find_unread_filters
from pages.ui.url_view import ContactView, KnownIds, Period, format_view
from pages.ui.view_widgets import follow_view, read_widgets

# The word of the URL that says which contact is looked at.
CONTACT = "contact"

# The widget takes no None for "nothing chosen".
VERIFIED = "contacts_verified"
VERIFIED_OPTIONS = {"any": None, "yes": True, "no": False}

# What is looked through from A to Z, so that a first click sorts it so.
_READ_UPWARD = (SortColumn.IDENTIFIER, SortColumn.TYPE, SortColumn.NAME, SortColumn.COMPANY)

# What is kept between runs besides the widgets.
_PAGE = "contacts_page"
_MOVED = "contacts_moved"
_PICKED = "contacts_picked_column"
_SHOWN_PAGE = "contacts_shown_page"
_PAGE_PICKERS = "contacts_page_pickers"
_UNREAD = "contacts_unread"
_NOTHING_UNREAD: tuple[dict[str, list[str]], list[str]] = ({}, [])


def bind_view(known: KnownIds) -> ContactView:
    """The view that the URL asks for; the widgets follow it unless one of them was moved.

    Call it before any widget of the view is drawn.
    """
    words = get_url_words()
    asked = _with_picked_column(read_words(words, known))
    if not is_moved():
        follow_view(asked)
        # It is told for as long as the view stays, though the URL is written anew at once.
        if unread := find_unread_filters(words, asked):
            remember(_UNREAD, (format_view(asked), unread))
    return asked


def get_unread_filters(view: ContactView) -> list[str]:
    """The filters of the address that was asked for, if this view was read without them."""
    told_of, unread = recall(_UNREAD, _NOTHING_UNREAD)
    if told_of == format_view(view):
        return unread
    forget(_UNREAD)
    return []


def is_moved() -> bool:
    """Whether the owner moved a widget of the view since the URL was last written."""
    return recall(_MOVED, False)


def write_url(view: ContactView) -> None:
    """Make the URL say this view, so that it can be shared, bookmarked and reloaded."""
    words = write_words(view)
    if get_url_words() != words:
        st.query_params.from_dict(words)
    remember(_SHOWN_PAGE, view.page)
    forget(_MOVED)


def get_page_picker_key(asked_page: int) -> str:
    """The key of the page picker; a new one whenever the page changes from outside it.

    A picker has a default page, and one with a default takes no value from outside.
    """
    if not is_moved() and asked_page != recall(_SHOWN_PAGE, 1):
        _renew_page_picker()
    return f"{_PAGE}_{recall(_PAGE_PICKERS, 0)}"


def mark_page_moved() -> None:
    """Note that the owner turned the page. For a widget's callback."""
    remember(_MOVED, True)


def mark_filter_moved() -> None:
    """Note that the owner moved a filter or the order: back to page 1. For a callback."""
    remember(_MOVED, True)
    _renew_page_picker()


def get_url_words() -> dict[str, list[str]]:
    """The words of the page's address."""
    return {name: st.query_params.get_all(name) for name in st.query_params}


def open_contact(contact_id: int) -> None:
    """Look at this contact from the next run on. For a widget's callback."""
    st.query_params[CONTACT] = str(contact_id)


def is_looking_at(contact_id: int) -> bool:
    """Whether it is this contact that the URL says is looked at."""
    return st.query_params.get(CONTACT) == str(contact_id)


def close_contact() -> None:
    """Look at the list alone from the next run on. For a widget's callback, too."""
    st.query_params.pop(CONTACT, None)


def pick_column(column: SortColumn) -> None:
    """Sort by this column from the next run on; picked twice, its direction turns."""
    remember(_PICKED, column)


def get_present_view() -> ContactView:
    """The view as it is now: the URL's, and what was moved since it was written. For a callback."""
    asked = read_words(get_url_words(), None)
    return read_widgets(asked) if is_moved() else asked


def narrow_view(**changes: Any) -> None:
    """Change these fields of the present `ContactView`, from page 1 on. For a callback.

    What a click on a chart or a chip calls: `narrow_view(tags=frozenset({"investor"}))`. Fields
    that are not named stay, and so does the open contact; a first or last day makes the period a
    custom one. The widgets and the URL follow in the run after the callback.
    """
    if changes.keys() & {"from_on", "to_on"}:
        changes.setdefault("period", Period.CUSTOM)
    if changes.get("period", Period.CUSTOM) is not Period.CUSTOM:
        changes |= {"from_on": None, "to_on": None}
    _ask_for(replace(get_present_view(), **changes, page=1))


def clear_filters() -> None:
    """Take every filter and the search away; the order stays. For a button's callback."""
    present = get_present_view()
    _ask_for(ContactView(sort=present.sort, columns=present.columns, contact_id=present.contact_id))


def show_columns(columns: frozenset[ListColumn]) -> None:
    """Show these columns of the list, on the same page of it. For a widget's callback."""
    _ask_for(replace(get_present_view(), columns=columns))


def list_key(view: ContactView) -> str:
    """A key that differs between views whose lists differ, in rows or in columns."""
    return str(format_view(replace(view, contact_id=None)))


def seed_widgets(values: Mapping[str, object]) -> None:
    """Put these values into the widgets that hold others, before those are drawn."""
    for key, value in values.items():
        # A value put in again would be sent again, and take away what is being typed.
        if get_widget_value(key, None) != value:
            set_widget_value(key, value)


def open_view(saved_view_id: int | None) -> None:
    """Show a saved view as it was saved, or with None every contact. For a widget's callback."""
    _ask_words({VIEW: [str(saved_view_id)]} if saved_view_id else {}, 1)


def is_filtered(view: ContactView) -> bool:
    """Whether anything is chosen that may leave contacts out."""
    rest = replace(view, page=1, contact_id=None, includes_archived=False)
    return rest != ContactView(sort=view.sort, columns=view.columns)


def _ask_for(view: ContactView) -> None:
    """Let the URL say this view, and the widgets follow it in the next run."""
    _ask_words(write_words(view), view.page)


def _ask_words(words: dict[str, list[str]], page: int) -> None:
    st.query_params.from_dict(words)
    forget(_MOVED)
    remember(_SHOWN_PAGE, page)
    _renew_page_picker()


def _with_picked_column(asked: ContactView) -> ContactView:
    column = recall(_PICKED, None)
    if not isinstance(column, SortColumn):
        return asked
    forget(_PICKED)
    reads_upward = column in _READ_UPWARD
    is_again = column is asked.sort.column
    is_descending = not asked.sort.is_descending if is_again else not reads_upward
    return replace(asked, sort=ContactSort(column, is_descending), page=1)


def _renew_page_picker() -> None:
    remember(_PAGE_PICKERS, recall(_PAGE_PICKERS, 0) + 1)
