"""The owner's view in the words of a URL: reading and writing them, and what they ask for.

Nothing of Streamlit here: the contacts page and the export route share this one parser, so that
a page and the file downloaded from it always speak of the same contacts.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from data.contact_filter import ContactFilter, ContactSort, SortColumn
from data.records import Channel

EXPORT_PATH = "/export/contacts.csv"
EARLIEST_DAY = date(2000, 1, 1)
LATEST_DAY = date(2100, 12, 31)
MAX_SEARCH_CHARACTERS = 200
MAX_PAGE = 1_000_000
MAX_ID_DIGITS = 9
DEFAULT_SORT = ContactSort()

Words = Mapping[str, Sequence[str]]
Member = TypeVar("Member", bound=StrEnum)


class Period(StrEnum):
    """Which time is counted; values are the words of the URL."""

    ALL = "all"
    WEEK = "7d"
    MONTH = "30d"
    QUARTER = "90d"
    YEAR = "365d"
    CUSTOM = "custom"

    @property
    def days(self) -> int | None:
        """How many days back a preset reaches, today included; None for the others."""
        return int(self[:-1]) if self.endswith("d") else None


@dataclass(frozen=True, slots=True)
class KnownIds:
    """The numbers that may be asked for; others in a URL are passed over."""

    share_links: frozenset[int]
    documents: frozenset[int]
    workspaces: frozenset[int]


@dataclass(frozen=True, slots=True)
class ContactView:
    """All that the owner chose on the contacts page. Empty means any.

    `from_on` and `to_on` have a value only in a custom period; `page` starts at 1. `contact_id` is
    the contact that is looked at, which leaves none of the others out.
    """

    channels: frozenset[Channel] = frozenset()
    share_link_ids: frozenset[int] = frozenset()
    document_ids: frozenset[int] = frozenset()
    workspace_ids: frozenset[int] = frozenset()
    is_verified: bool | None = None
    period: Period = Period.ALL
    from_on: date | None = None
    to_on: date | None = None
    search: str = ""
    includes_archived: bool = False
    sort: ContactSort = DEFAULT_SORT
    page: int = 1
    contact_id: int | None = None


def parse_view(words: Words, known: KnownIds) -> ContactView:
    """The view that a URL's words ask for; whatever is unknown or malformed falls back."""
    first_on, last_on = _parse_day(words, "from"), _parse_day(words, "to")
    period = _parse_period(words, has_days=bool(first_on or last_on))
    if period is not Period.CUSTOM:
        first_on = last_on = None
    if first_on and last_on and first_on > last_on:
        first_on, last_on = last_on, first_on
    return ContactView(
        channels=frozenset(_members(Channel, _many(words, "type"))),
        share_link_ids=_ids(words, "link", known.share_links),
        document_ids=_ids(words, "document", known.documents),
        workspace_ids=_ids(words, "workspace", known.workspaces),
        is_verified={"yes": True, "no": False}.get(_one(words, "verified").lower()),
        period=period,
        from_on=first_on,
        to_on=last_on,
        search=clean_search(_one(words, "q")),
        includes_archived=_one(words, "archived").lower() == "yes",
        sort=_parse_sort(words),
        page=_parse_page(_one(words, "page")),
        contact_id=_number(_one(words, "contact")) or None,
    )


def format_view(view: ContactView) -> dict[str, str]:
    """The words of a view for a URL, in a fixed order; what is the default is left out."""
    words = {
        "type": ",".join(sorted(view.channels)),
        "link": _joined(view.share_link_ids),
        "document": _joined(view.document_ids),
        "workspace": _joined(view.workspace_ids),
        "verified": {True: "yes", False: "no", None: ""}[view.is_verified],
        "period": "" if view.period is Period.ALL else str(view.period),
        "from": view.from_on.isoformat() if view.from_on else "",
        "to": view.to_on.isoformat() if view.to_on else "",
        "q": view.search,
        "archived": "yes" if view.includes_archived else "",
        "sort": "" if view.sort.column is DEFAULT_SORT.column else str(view.sort.column),
        "dir": "" if view.sort.is_descending else "asc",
        "page": "" if view.page == 1 else str(view.page),
        "contact": "" if view.contact_id is None else str(view.contact_id),
    }
    return {name: word for name, word in words.items() if word}


def export_address(view: ContactView) -> str:
    """The path and query that download every page of this view as CSV."""
    words = format_view(replace(view, page=1, contact_id=None))
    return EXPORT_PATH + ("?" + urlencode(words) if words else "")


def make_filter(view: ContactView, time_zone: str, now: datetime) -> ContactFilter:
    """The filter of a view; a preset ends on the present day of the account's time zone."""
    first_on, last_on = view.from_on, view.to_on
    if view.period.days is not None:
        last_on = now.astimezone(ZoneInfo(time_zone)).date()
        first_on = last_on - timedelta(days=view.period.days - 1)
    return ContactFilter(
        time_zone=time_zone,
        channels=view.channels,
        share_link_ids=view.share_link_ids,
        document_ids=view.document_ids,
        workspace_ids=view.workspace_ids,
        is_verified=view.is_verified,
        from_on=first_on,
        to_on=last_on,
        search=view.search,
        includes_archived=view.includes_archived,
    )


def clean_search(text: str) -> str:
    """What is searched for: at most 200 characters, without NULs and outer white space."""
    return text.replace("\0", "").strip()[:MAX_SEARCH_CHARACTERS].strip()


def _one(words: Words, name: str) -> str:
    return next(iter(words.get(name, ())), "").strip()


def _many(words: Words, name: str) -> list[str]:
    return [part.strip() for word in words.get(name, ()) for part in word.split(",")]


def _members(kind: type[Member], texts: Iterable[str]) -> list[Member]:
    by_value = {str(member): member for member in kind}
    return [by_value[text.lower()] for text in texts if text.lower() in by_value]


def _ids(words: Words, name: str, known: frozenset[int]) -> frozenset[int]:
    return frozenset(_number(text) for text in _many(words, name)) & known


def _number(text: str) -> int:
    is_number = text.isascii() and text.isdigit() and len(text) <= MAX_ID_DIGITS
    return int(text) if is_number else 0


def _parse_period(words: Words, *, has_days: bool) -> Period:
    # "30" is taken for "30d", and days without a period for a custom one.
    text = _one(words, "period")
    found = _members(Period, [text, text + "d"])
    return found[0] if found else Period.CUSTOM if has_days else Period.ALL


def _parse_day(words: Words, name: str) -> date | None:
    try:
        day = date.fromisoformat(_one(words, name))
    except ValueError:
        return None
    return day if EARLIEST_DAY <= day <= LATEST_DAY else None


def _parse_sort(words: Words) -> ContactSort:
    columns = _members(SortColumn, [_one(words, "sort")])
    return ContactSort(
        column=columns[0] if columns else DEFAULT_SORT.column,
        is_descending=_one(words, "dir").lower() != "asc",
    )


def _parse_page(text: str) -> int:
    return min(max(_number(text), 1), MAX_PAGE)


def _joined(numbers: Iterable[int]) -> str:
    return ",".join(str(number) for number in sorted(numbers))
