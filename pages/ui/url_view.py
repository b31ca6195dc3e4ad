"""The owner's view in the words of a URL: reading and writing them, and what they ask for.

Nothing of Streamlit here: the contacts page and the export route share this one parser, so that
a page and the file downloaded from it always speak of the same contacts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from data.contact_filter import ConsentChoice, ContactFilter, ContactSort, SortColumn
from data.records import Channel
from pages.ui.list_columns import DEFAULT_COLUMNS, ListColumn, format_columns, parse_columns
from pages.ui.url_words import (
    Words,
    clean_domains,
    clean_search,
    in_order,
    read_amount,
    read_countries,
    read_day,
    read_ids,
    read_list,
    read_members,
    read_number,
    read_texts,
    read_word,
)

MAX_PAGE = 1_000_000
MAX_QUIET_DAYS = 3_650
DEFAULT_SORT = ContactSort()


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
    first_seen_from_on: date | None = None
    first_seen_to_on: date | None = None
    min_access_count: int | None = None
    max_access_count: int | None = None
    domains: frozenset[str] = frozenset()
    companies: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    consent: ConsentChoice | None = None
    quiet_days: int | None = None
    sort: ContactSort = DEFAULT_SORT
    columns: frozenset[ListColumn] = DEFAULT_COLUMNS
    page: int = 1
    contact_id: int | None = None


def parse_view(words: Words, known: KnownIds | None) -> ContactView:
    """The view that a URL's words ask for; whatever is unknown or malformed falls back.

    With None, every number is taken for known: for words that were read once already.
    """
    first_on, last_on = in_order(read_day(words, "from"), read_day(words, "to"))
    period = _parse_period(words, has_days=bool(first_on or last_on))
    if period is not Period.CUSTOM:
        first_on = last_on = None
    seen_from_on, seen_to_on = in_order(read_day(words, "seen_from"), read_day(words, "seen_to"))
    fewest, most = in_order(
        read_amount(read_word(words, "min")), read_amount(read_word(words, "max"))
    )
    return ContactView(
        channels=frozenset(read_members(Channel, read_list(words, "type"))),
        share_link_ids=read_ids(words, "link", known.share_links if known else None),
        document_ids=read_ids(words, "document", known.documents if known else None),
        workspace_ids=read_ids(words, "workspace", known.workspaces if known else None),
        is_verified={"yes": True, "no": False}.get(read_word(words, "verified").lower()),
        period=period,
        from_on=first_on,
        to_on=last_on,
        search=clean_search(read_word(words, "q")),
        includes_archived=read_word(words, "archived").lower() == "yes",
        first_seen_from_on=seen_from_on,
        first_seen_to_on=seen_to_on,
        min_access_count=fewest,
        max_access_count=most,
        domains=clean_domains(read_texts(words, "domain")),
        companies=read_texts(words, "company"),
        countries=read_countries(words, "country"),
        tags=read_texts(words, "tag"),
        consent=next(iter(read_members(ConsentChoice, [read_word(words, "consent")])), None),
        quiet_days=_parse_quiet_days(words),
        sort=_parse_sort(words),
        columns=parse_columns(words),
        page=_parse_page(read_word(words, "page")),
        contact_id=read_number(read_word(words, "contact")) or None,
    )


def format_view(view: ContactView) -> dict[str, list[str]]:
    """The words of a view for a URL, in a fixed order; what is the default is left out.

    Numbers of one name are joined by commas; texts, which may hold one, repeat the name.
    """
    words = {
        "type": [",".join(sorted(view.channels))],
        "link": [_joined(view.share_link_ids)],
        "document": [_joined(view.document_ids)],
        "workspace": [_joined(view.workspace_ids)],
        "verified": [{True: "yes", False: "no", None: ""}[view.is_verified]],
        "period": ["" if view.period is Period.ALL else str(view.period)],
        "from": [_day_word(view.from_on)],
        "to": [_day_word(view.to_on)],
        "q": [view.search],
        "archived": ["yes" if view.includes_archived else ""],
        "seen_from": [_day_word(view.first_seen_from_on)],
        "seen_to": [_day_word(view.first_seen_to_on)],
        "min": [_number_word(view.min_access_count)],
        "max": [_number_word(view.max_access_count)],
        "domain": sorted(view.domains),
        "company": sorted(view.companies),
        "country": [",".join(sorted(view.countries))],
        "tag": sorted(view.tags),
        "consent": [str(view.consent or "")],
        "quiet": [_number_word(view.quiet_days)],
        "sort": ["" if view.sort.column is DEFAULT_SORT.column else str(view.sort.column)],
        "dir": ["" if view.sort.is_descending else "asc"],
        "columns": [format_columns(view.columns)],
        "page": ["" if view.page == 1 else str(view.page)],
        "contact": [_number_word(view.contact_id)],
    }
    return {name: given for name, given in words.items() if any(given)}


def make_filter(view: ContactView, time_zone: str, now: datetime) -> ContactFilter:
    """The filter of a view; a preset ends on the present day of the account's time zone."""
    first_on, last_on = view.from_on, view.to_on
    today_on = now.astimezone(ZoneInfo(time_zone)).date()
    if view.period.days is not None:
        last_on = today_on
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
        first_seen_from_on=view.first_seen_from_on,
        first_seen_to_on=view.first_seen_to_on,
        min_access_count=view.min_access_count,
        max_access_count=view.max_access_count,
        domains=view.domains,
        companies=view.companies,
        countries=view.countries,
        tags=view.tags,
        consent=view.consent,
        quiet_days=view.quiet_days,
        today_on=today_on if view.quiet_days is not None else None,
    )


def _parse_period(words: Words, *, has_days: bool) -> Period:
    # "30" is taken for "30d", and days without a period for a custom one.
    text = read_word(words, "period")
    found = read_members(Period, [text, text + "d"])
    return found[0] if found else Period.CUSTOM if has_days else Period.ALL


def _parse_sort(words: Words) -> ContactSort:
    columns = read_members(SortColumn, [read_word(words, "sort")])
    return ContactSort(
        column=columns[0] if columns else DEFAULT_SORT.column,
        is_descending=read_word(words, "dir").lower() != "asc",
    )


def _parse_page(text: str) -> int:
    return min(max(read_number(text), 1), MAX_PAGE)


def _joined(numbers: Iterable[int]) -> str:
    return ",".join(str(number) for number in sorted(numbers))


def _parse_quiet_days(words: Words) -> int | None:
    days = read_number(read_word(words, "quiet"))
    return min(days, MAX_QUIET_DAYS) or None


def _day_word(day: date | None) -> str:
    return day.isoformat() if day else ""


def _number_word(number: int | None) -> str:
    return "" if number is None else str(number)
