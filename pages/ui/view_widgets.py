"""What the widgets of the owner's view begin with, and what they hold.

A value that is put into a widget is sent to the browser once, and lost if a click begins the page
anew before the widget has come, or while its code is still on the way: the browser would show the
first option, and send that with the next click. So a widget begins with its value as its default,
which is sent with it each time; and if the view changes from outside, new widgets take over.
"""

from dataclasses import replace
from typing import TypeVar

from data.contact_filter import ContactSort
from data.records import Channel
from pages.ui.session import get_widget_value, recall, remember
from pages.ui.url_view import ContactView, Period
from pages.ui.url_words import clean_search

T = TypeVar("T")

TYPE = "contacts_type"
LINK = "contacts_link"
DOCUMENT = "contacts_document"
WORKSPACE = "contacts_workspace"
PERIOD = "contacts_period"
FROM = "contacts_from"
TO = "contacts_to"
SEARCH = "contacts_search"
ARCHIVED = "contacts_archived"
SORT = "contacts_sort"
DIRECTION = "contacts_direction"

DIRECTION_OPTIONS = {"desc": True, "asc": False}

_BEGUN_WITH = "contacts_begun_with"
_NUMBER = "contacts_widgets"


def key_of(widget: str) -> str:
    """The key of this widget, one of the names above; another one after each `follow_view`."""
    number = recall(_NUMBER, 0)
    return f"{widget}_{number}" if number else widget


def get_first_view() -> ContactView:
    """The view that the present widgets began with: their defaults."""
    return recall(_BEGUN_WITH, ContactView())


def follow_view(view: ContactView) -> None:
    """Have new widgets begin with this view, unless the present ones show it already."""
    has_begun = recall(_BEGUN_WITH, None) is not None
    if has_begun and read_widgets(view) == view:
        return
    remember(_BEGUN_WITH, view)
    if has_begun:
        remember(_NUMBER, recall(_NUMBER, 0) + 1)


def read_widgets(asked: ContactView) -> ContactView:
    """The view with the values of the widgets; the rest, that of `asked`."""
    first = get_first_view()
    period = _read(PERIOD, first.period)
    is_custom = period is Period.CUSTOM
    direction = _read(DIRECTION, direction_of(first.sort))
    return replace(
        asked,
        channels=frozenset[Channel](_read(TYPE, sorted(first.channels))),
        share_link_ids=frozenset[int](_read(LINK, sorted(first.share_link_ids))),
        document_ids=frozenset[int](_read(DOCUMENT, sorted(first.document_ids))),
        workspace_ids=frozenset[int](_read(WORKSPACE, sorted(first.workspace_ids))),
        period=period,
        from_on=get_widget_value(key_of(FROM), first.from_on) if is_custom else None,
        to_on=get_widget_value(key_of(TO), first.to_on) if is_custom else None,
        search=clean_search(_read(SEARCH, first.search)),
        includes_archived=_read(ARCHIVED, first.includes_archived),
        sort=ContactSort(_read(SORT, first.sort.column), DIRECTION_OPTIONS[direction]),
    )


def direction_of(sort: ContactSort) -> str:
    """The option of the direction's widget that stands for this order's."""
    return "desc" if sort.is_descending else "asc"


def _read(widget: str, first: T) -> T:
    return get_widget_value(key_of(widget), first)
