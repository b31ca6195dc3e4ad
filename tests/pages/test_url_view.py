"""The words of a URL and the view they stand for."""

from datetime import UTC, date, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.contact_filter import ContactSort, SortColumn
from data.records import Channel
from pages.ui.url_view import (
    EARLIEST_DAY,
    LATEST_DAY,
    ContactView,
    KnownIds,
    Period,
    clean_search,
    export_address,
    format_view,
    make_filter,
    parse_view,
)

KNOWN = KnownIds(
    share_links=frozenset(range(1, 9)),
    documents=frozenset(range(11, 19)),
    workspaces=frozenset({1, 2, 3}),
)
DAYS = st.none() | st.dates(EARLIEST_DAY, LATEST_DAY)


@st.composite
def views(draw: st.DrawFn) -> ContactView:
    period = draw(st.sampled_from(Period))
    from_on, to_on = draw(st.tuples(DAYS, DAYS))
    if from_on and to_on and from_on > to_on:
        from_on, to_on = to_on, from_on
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
        sort=ContactSort(draw(st.sampled_from(SortColumn)), draw(st.booleans())),
        page=draw(st.integers(1, 999)),
    )


@given(views())
def test_every_view_comes_back_from_its_words(view: ContactView) -> None:
    words = {name: [word] for name, word in format_view(view).items()}

    assert parse_view(words, KNOWN) == view


@given(views())
def test_the_export_has_the_same_words_but_for_the_page(view: ContactView) -> None:
    words = parse_qs(urlsplit(export_address(view)).query)

    assert "page" not in words
    exported, shown = parse_view(words, KNOWN), view
    assert make_filter(exported, "UTC", NOW) == make_filter(shown, "UTC", NOW)
    assert exported.sort == shown.sort


WORD_LISTS = st.lists(st.text(max_size=12), max_size=3)
NAMES = ["type", "link", "document", "workspace", "verified", "period", "from", "to", "q"]


@given(st.dictionaries(st.sampled_from([*NAMES, "sort", "dir", "page", "x"]), WORD_LISTS))
def test_nothing_in_a_url_breaks_the_view(words: dict[str, list[str]]) -> None:
    view = parse_view(words, KNOWN)

    again = {name: [word] for name, word in format_view(view).items()}
    assert parse_view(again, KNOWN) == view
    make_filter(view, "Asia/Kolkata", NOW)


def test_the_default_view_has_no_words() -> None:
    assert format_view(ContactView()) == {}
    assert export_address(ContactView()) == "/export/contacts.csv"


def test_lists_are_read_repeated_and_comma_joined() -> None:
    repeated = parse_view({"link": ["3", "5"], "type": ["email", "whatsapp"]}, KNOWN)
    joined = parse_view({"link": ["5,3"], "type": ["whatsapp,email"]}, KNOWN)

    assert repeated == joined
    assert repeated.share_link_ids == {3, 5}
    assert format_view(repeated) == {"type": "email,whatsapp", "link": "3,5"}


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
