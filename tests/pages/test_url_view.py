"""The words of a URL and the view they stand for."""

from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.contact_filter import ConsentChoice, ContactSort, SortColumn
from data.export_kinds import ExportWanted, FileFormat
from data.records import Channel
from pages.routes.script_words import find_empty_words, find_unknown_words, find_unread_words
from pages.ui.export_words import export_address
from pages.ui.list_columns import ListColumn
from pages.ui.url_view import (
    MAX_QUIET_DAYS,
    ContactView,
    KnownIds,
    Period,
    format_view,
    make_filter,
    parse_view,
)
from pages.ui.url_words import EARLIEST_DAY, LATEST_DAY, clean_search, clean_texts

KNOWN = KnownIds(
    share_links=frozenset(range(1, 9)),
    documents=frozenset(range(11, 19)),
    workspaces=frozenset({1, 2, 3}),
)
COUNTS = st.none() | st.integers(0, 999_999_999)
# Commas, quotes and ampersands are part of a text.
TEXTS = st.lists(st.text(max_size=9) | st.just("Grey, Lee & Sons"), max_size=3).map(clean_texts)
DAYS = st.none() | st.dates(EARLIEST_DAY, LATEST_DAY)


def _is_in_order(pair: tuple[Any, Any]) -> bool:
    return None in pair or pair[0] <= pair[1]


@st.composite
def views(draw: st.DrawFn) -> ContactView:
    period = draw(st.sampled_from(Period))
    from_on, to_on = draw(st.tuples(DAYS, DAYS).filter(_is_in_order))
    seen_from_on, seen_to_on = draw(st.tuples(DAYS, DAYS).filter(_is_in_order))
    fewest, most = draw(st.tuples(COUNTS, COUNTS).filter(_is_in_order))
    if period is not Period.CUSTOM:
        from_on = to_on = None
    return ContactView(
        channels=draw(st.frozensets(st.sampled_from(Channel))),
        share_link_ids=draw(st.frozensets(st.sampled_from(sorted(KNOWN.share_links)))),
        document_ids=draw(st.frozensets(st.sampled_from(sorted(KNOWN.documents)))),
        workspace_ids=draw(st.frozensets(st.sampled_from(sorted(KNOWN.workspaces)))),
        is_verified=draw(st.sampled_from([None, True, False])),
        period=period,
        from_on=from_on,
        to_on=to_on,
        search=clean_search(draw(st.text(max_size=40))),
        first_seen_from_on=seen_from_on,
        first_seen_to_on=seen_to_on,
        min_access_count=fewest,
        max_access_count=most,
        domains=draw(st.frozensets(st.sampled_from(["acme.example", "xn--bcher-kva.example"]))),
        companies=draw(TEXTS),
        countries=draw(st.frozensets(st.sampled_from(["DE", "GB", "US"]))),
        tags=draw(TEXTS),
        consent=draw(st.sampled_from([None, *ConsentChoice])),
        quiet_days=draw(st.none() | st.integers(1, MAX_QUIET_DAYS)),
        sort=ContactSort(draw(st.sampled_from(SortColumn)), draw(st.booleans())),
        columns=draw(st.frozensets(st.sampled_from(ListColumn))),
        page=draw(st.integers(1, 999)),
    )


@given(views())
def test_every_view_comes_back_from_its_words(view: ContactView) -> None:
    assert parse_view(format_view(view), KNOWN) == view


@given(views())
def test_the_export_has_the_same_words_but_for_the_page(view: ContactView) -> None:
    words = parse_qs(urlsplit(export_address(view)).query)

    assert not {"page", "columns"} & words.keys()
    exported, shown = parse_view(words, KNOWN), view
    assert make_filter(exported, "UTC", NOW) == make_filter(shown, "UTC", NOW)
    assert exported.sort == shown.sort


@given(views())
def test_no_script_is_refused_the_address_that_the_page_writes(view: ContactView) -> None:
    words = parse_qs(urlsplit(export_address(view)).query, keep_blank_values=True)
    assert find_empty_words(words) == find_unknown_words(words) == []
    assert find_unread_words(words, parse_view(words, KNOWN), ExportWanted()) == []


@pytest.mark.parametrize("file_format", FileFormat)
def test_no_script_is_refused_the_file_that_the_page_offers(file_format: FileFormat) -> None:
    wanted = ExportWanted(file_format)
    words = parse_qs(urlsplit(export_address(ContactView(), wanted)).query, keep_blank_values=True)
    assert find_unread_words(words, ContactView(), wanted) == []


WORD_LISTS = st.lists(st.text(max_size=12), max_size=3)
NAMES = ["type", "link", "document", "workspace", "verified", "period", "from", "to", "q"]
NAMES += ["seen_from", "seen_to", "min", "max", "domain", "company", "country", "tag", "consent"]


NAMES += ["quiet", "sort", "dir", "columns", "page", "x"]


@given(st.dictionaries(st.sampled_from(NAMES), WORD_LISTS))
def test_nothing_in_a_url_breaks_the_view(words: dict[str, list[str]]) -> None:
    view = parse_view(words, KNOWN)

    assert parse_view(format_view(view), KNOWN) == view
    make_filter(view, "Asia/Kolkata", NOW)


def test_the_default_view_has_no_words() -> None:
    assert format_view(ContactView()) == {}
    assert export_address(ContactView()) == "/export/contacts.csv"


def test_lists_are_read_repeated_and_comma_joined() -> None:
    repeated = parse_view({"link": ["3", "5"], "type": ["email", "whatsapp"]}, KNOWN)
    joined = parse_view({"link": ["5,3"], "type": ["whatsapp,email"]}, KNOWN)

    assert repeated == joined
    assert repeated.share_link_ids == {3, 5}
    assert format_view(repeated) == {"type": ["email,whatsapp"], "link": ["3,5"]}


@pytest.mark.parametrize(
    "words",
    [
        {"type": ["fax"]},
        {"link": ["99", "-1", "٣", "3.0", "Deck.pdf", "9" * 40]},
        {"verified": ["maybe"]},
        {"period": ["12d"]},
        {"from": ["yesterday"], "to": ["0001-01-01"]},
        {"sort": ["contact_id; drop table contact"]},
        {"dir": ["sideways"]},
        {"page": ["0"]},
        {"columns": ["password"]},
        {"seen_from": ["soon"], "min": ["-1"], "max": ["many"]},
        {"country": ["Germany", "D1"], "consent": ["maybe"], "quiet": ["0"]},
        {"domain": ["", "@"], "company": [" "], "tag": ["\0"]},
    ],
)
def test_unknown_values_fall_back(words: dict[str, list[str]]) -> None:
    assert parse_view(words, KNOWN) == ContactView()


def test_days_the_wrong_way_round_are_turned() -> None:
    view = parse_view({"from": ["2026-03-09"], "to": ["2026-03-01"]}, KNOWN)

    assert view.period is Period.CUSTOM
    assert (view.from_on, view.to_on) == (date(2026, 3, 1), date(2026, 3, 9))


NOW = datetime(2026, 3, 10, 20, 0, tzinfo=UTC)


def test_a_preset_ends_today_in_the_accounts_time_zone() -> None:
    week = make_filter(ContactView(period=Period.WEEK), "Asia/Kolkata", NOW)

    assert (week.from_on, week.to_on) == (date(2026, 3, 5), date(2026, 3, 11))


def test_all_time_has_no_period() -> None:
    assert not make_filter(ContactView(), "UTC", NOW).has_period
