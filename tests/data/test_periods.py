"""Days as the account's own: whole, in its time zone, also where clocks change at midnight."""

from datetime import UTC, date, datetime, timedelta

import pytest

from data.contact_filter import ContactFilter, ContactSort
from data.contact_queries import find_contacts, match_contacts, previous_period
from data.database import Database
from tests.factories import add_contact, add_session, add_share_link, add_workspace


@pytest.mark.parametrize(
    ("zone", "day", "first_minute", "last_minute"),
    [
        ("UTC", "2026-03-08", "2026-03-08 00:00", "2026-03-08 23:59"),
        ("Asia/Kolkata", "2026-03-08", "2026-03-07 18:30", "2026-03-08 18:29"),
        ("America/St_Johns", "2026-03-08", "2026-03-08 03:30", "2026-03-09 02:29"),
        ("America/St_Johns", "2026-11-01", "2026-11-01 02:30", "2026-11-02 03:29"),
        ("Australia/Lord_Howe", "2026-04-05", "2026-04-04 13:00", "2026-04-05 13:29"),
        ("Australia/Lord_Howe", "2026-10-04", "2026-10-03 13:30", "2026-10-04 12:59"),
        # Midnight is missing, and comes twice.
        ("America/Havana", "2026-03-08", "2026-03-08 05:00", "2026-03-09 03:59"),
        ("America/Havana", "2026-11-01", "2026-11-01 04:00", "2026-11-02 04:59"),
        ("America/Havana", "2026-10-31", "2026-10-31 04:00", "2026-11-01 03:59"),
    ],
)
def test_a_day_is_the_accounts_own_when_clocks_change(
    db: Database, zone: str, day: str, first_minute: str, last_minute: str
) -> None:
    link = add_share_link(db, add_workspace(db))
    first, last = (
        datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (first_minute, last_minute)
    )
    ada = add_contact(db, "ada@example.com")
    minute = timedelta(minutes=1)
    for started_at in (first - minute, first, last, last + minute):
        add_session(db, ada, link, started_at)
    on = date.fromisoformat(day)
    matched = match_contacts(ContactFilter(time_zone=zone, from_on=on, to_on=on))
    (row,) = find_contacts(db, matched, ContactSort(), page=1, page_size=10)
    assert (row.first_accessed_at, row.last_accessed_at, row.access_count) == (first, last, 2)


def test_the_previous_period_is_as_long_and_ends_the_day_before() -> None:
    chosen = ContactFilter(from_on=date(2026, 3, 1), to_on=date(2026, 3, 7), search="ada")
    assert previous_period(chosen) == ContactFilter(
        from_on=date(2026, 2, 22), to_on=date(2026, 2, 28), search="ada"
    )


@pytest.mark.parametrize(
    "open_ended",
    [
        ContactFilter(),
        ContactFilter(from_on=date(2026, 3, 1)),
        ContactFilter(to_on=date(2026, 3, 1)),
        ContactFilter(from_on=date(2, 1, 1), to_on=date(2026, 3, 1)),
    ],
)
def test_all_time_has_no_previous_period(open_ended: ContactFilter) -> None:
    assert previous_period(open_ended) is None
