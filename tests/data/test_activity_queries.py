"""The charts' numbers: buckets without gaps, local hours, the most visited, how often."""

from datetime import UTC, date, datetime, timedelta

import pytest

from data.activity_buckets import BucketSize, choose_bucket
from data.activity_queries import (
    find_activity,
    find_count_bins,
    find_heat,
    find_top_countries,
    find_top_documents,
    find_top_domains,
    find_top_links,
)
from data.contact_filter import ActivityBucket, ContactFilter, CountBin, HeatCell, TopItem, TopPlace
from data.contact_queries import get_contact_totals, match_contacts
from data.database import Database
from data.records import ContactIdentifier, ShareLink
from tests.factories import (
    add_contact,
    add_document,
    add_session,
    add_share_link,
    add_workspace,
)


@pytest.fixture
def link(db: Database) -> ShareLink:
    return add_share_link(db, add_workspace(db), name="To investors")


@pytest.fixture
def ada(db: Database) -> ContactIdentifier:
    return add_contact(db, "ada@example.com")


def _local(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _buckets(db: Database, chosen: ContactFilter, size: BucketSize) -> dict[str, tuple[int, int]]:
    found = find_activity(db, match_contacts(chosen), size)
    return {f"{one.starts_at}": (one.sessions, one.new_contacts) for one in found}


def test_empty_days_between_sessions_are_there_with_0(
    db: Database, link: ShareLink, ada: ContactIdentifier, now: datetime
) -> None:
    for days in (0, 0, 2):
        add_session(db, ada, link, now + timedelta(days=days))
    assert find_activity(db, match_contacts(ContactFilter()), BucketSize.DAY) == [
        ActivityBucket(_local("2026-03-18"), 2, 1),
        ActivityBucket(_local("2026-03-19"), 0, 0),
        ActivityBucket(_local("2026-03-20"), 1, 0),
    ]


def test_a_period_shows_all_its_days_even_without_sessions(db: Database) -> None:
    chosen = ContactFilter(from_on=date(2026, 2, 27), to_on=date(2026, 3, 1))
    days = ["2026-02-27 00:00:00", "2026-02-28 00:00:00", "2026-03-01 00:00:00"]
    assert _buckets(db, chosen, BucketSize.DAY) == dict.fromkeys(days, (0, 0))


def test_a_period_of_one_day_has_24_hours(db: Database) -> None:
    chosen = ContactFilter(from_on=date(2026, 3, 1), to_on=date(2026, 3, 1))
    hours = list(_buckets(db, chosen, BucketSize.HOUR))
    assert (hours[0], hours[-1], len(hours)) == ("2026-03-01 00:00:00", "2026-03-01 23:00:00", 24)


def test_weeks_begin_on_monday_and_months_on_the_first(
    db: Database, link: ShareLink, ada: ContactIdentifier
) -> None:
    for day in (date(2026, 1, 31), date(2026, 3, 1)):
        add_session(db, ada, link, datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
    weeks = _buckets(db, ContactFilter(), BucketSize.WEEK)
    assert (next(iter(weeks)), len(weeks)) == ("2026-01-26 00:00:00", 5)
    assert _buckets(db, ContactFilter(), BucketSize.MONTH) == {
        "2026-01-01 00:00:00": (1, 1),
        "2026-02-01 00:00:00": (0, 0),
        "2026-03-01 00:00:00": (1, 0),
    }


def test_an_open_period_without_sessions_has_no_buckets(db: Database) -> None:
    assert _buckets(db, ContactFilter(from_on=date(2026, 3, 1)), BucketSize.DAY) == {}
    assert _buckets(db, ContactFilter(), BucketSize.DAY) == {}


def test_hours_are_local_to_the_quarter(
    db: Database, link: ShareLink, ada: ContactIdentifier
) -> None:
    # Sunday 18:14 and 18:15 in UTC, in Nepal (+05:45) around midnight.
    for minute in (14, 15):
        add_session(db, ada, link, datetime(2026, 3, 1, 18, minute, tzinfo=UTC))
    matched = match_contacts(ContactFilter(time_zone="Asia/Kathmandu"))
    assert find_heat(db, matched) == [HeatCell(1, 0, 1), HeatCell(7, 23, 1)]


def test_an_archived_contact_is_in_no_chart(db: Database, link: ShareLink, now: datetime) -> None:
    workspace = add_workspace(db)
    gone = add_contact(db, "gone@example.com", archived_at=now)
    add_session(db, gone, link, now, documents=[add_document(db, workspace)])
    matched = match_contacts(ContactFilter())
    assert find_activity(db, matched, BucketSize.DAY) == []
    assert find_heat(db, matched) == []
    assert find_top_links(db, matched) == []
    assert find_top_documents(db, matched) == []
    assert find_count_bins(db, matched) == []


def test_the_most_visited_come_first_with_sessions_and_contacts(
    db: Database, link: ShareLink, ada: ContactIdentifier, now: datetime
) -> None:
    workspace = add_workspace(db)
    deck, plan = add_document(db, workspace, name="Deck"), add_document(db, workspace, name="Plan")
    other = add_share_link(db, workspace, name="To press")
    bob = add_contact(db, "bob@example.com")
    add_session(db, ada, link, now, documents=[deck, plan])
    add_session(db, ada, link, now, documents=[plan])
    add_session(db, bob, other, now, documents=[plan])
    matched = match_contacts(ContactFilter())
    plans = TopItem(plan.document_id, "Plan", 3, 2)
    assert find_top_documents(db, matched) == [plans, TopItem(deck.document_id, "Deck", 1, 1)]
    assert find_top_documents(db, matched, 1) == [plans]
    assert find_top_links(db, matched) == [
        TopItem(link.share_link_id, "To investors", 2, 1),
        TopItem(other.share_link_id, "To press", 1, 1),
    ]


def test_a_contacts_sessions_count_for_each_domain_and_country_once(
    db: Database, link: ShareLink, ada: ContactIdentifier, now: datetime
) -> None:
    both = add_contact(
        db, "bob@example.com", "bob@corp.example", "+5511987654321", "+5511987654322"
    )
    add_contact(db, "never@came.example")
    for contact in (ada, both, both):
        add_session(db, contact, link, now)
    matched = match_contacts(ContactFilter())
    assert find_top_domains(db, matched) == [
        TopPlace("example.com", 3, 2),
        TopPlace("corp.example", 2, 1),
    ]
    assert find_top_countries(db, matched) == [TopPlace("BR", 2, 1)]
    of_corp = get_contact_totals(
        db, match_contacts(ContactFilter(domains=frozenset({"corp.example"})))
    )
    assert (of_corp.sessions, of_corp.contacts) == (2, 1)


def test_who_never_opened_anything_has_a_bin_too(
    db: Database, link: ShareLink, ada: ContactIdentifier, now: datetime
) -> None:
    add_contact(db, "bob@example.com")
    add_session(db, ada, link, now)
    add_session(db, ada, link, now)
    assert find_count_bins(db, match_contacts(ContactFilter())) == [CountBin(0, 1), CountBin(2, 1)]


@pytest.mark.parametrize(
    ("days", "size"),
    [
        (1, BucketSize.HOUR),
        (2, BucketSize.HOUR),
        (3, BucketSize.DAY),
        (45, BucketSize.DAY),
        (46, BucketSize.WEEK),
        (400, BucketSize.WEEK),
        (401, BucketSize.MONTH),
    ],
)
def test_longer_periods_have_longer_buckets(days: int, size: BucketSize) -> None:
    assert choose_bucket(days) is size
