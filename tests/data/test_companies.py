"""Companies: each row is what the contact list says of its domain, and their sum is all of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.companies import (
    CompanyColumn,
    CompanyRow,
    FreeMail,
    count_companies,
    find_companies,
    get_company_totals,
)
from data.contact_filter import ContactFilter
from data.contact_queries import get_contact_totals, match_contacts
from data.database import Database
from gate.companies import FREE_MAIL_NAMES, SECOND_LEVEL_NAMES, guess_company
from tests.data.worlds import add_house, clear_people, store_world
from tests.factories import add_contact, add_link_passed, add_session, add_share_link, add_workspace

FREE = FreeMail(FREE_MAIL_NAMES, SECOND_LEVEL_NAMES)
NOW = datetime(2026, 3, 18, 12, tzinfo=UTC)
ANYTHING = ContactFilter()


@contextmanager
def _new_database() -> Iterator[Database]:
    with TemporaryDirectory() as folder:
        db = Database(Path(folder) / "gatebook.duckdb")
        try:
            yield db
        finally:
            db.close()


def companies(
    db: Database,
    chosen: ContactFilter = ANYTHING,
    column: CompanyColumn = CompanyColumn.LAST_ACCESSED,
    *,
    is_descending: bool = True,
    sought: str = "",
) -> list[CompanyRow]:
    return find_companies(
        db,
        match_contacts(chosen),
        FREE,
        column=column,
        is_descending=is_descending,
        sought=sought,
        most=100,
    )


def come(db: Database, *addresses: str, times: int = 1, company: str | None = None) -> None:
    link = add_share_link(db, add_workspace(db))
    contact = add_contact(db, *addresses, company=company, verified=True)
    add_link_passed(db, contact, link, NOW)
    for hours in range(times):
        add_session(db, contact, link, NOW - timedelta(hours=hours))


@pytest.fixture
def busy(db: Database) -> Database:
    come(db, "ada@acme.com", times=3, company="Acme Inc")
    come(db, "bob@acme.com", company="Acme Inc")
    come(db, "carol@acme.com", "carol@beta.co.uk", times=2, company="Beta")
    come(db, "dora@gmail.com", "+447700900123", times=4)
    come(db, "eve@web.co.uk", times=1)
    add_contact(db, "gone@acme.com", archived_at=NOW)
    return db


def test_a_company_is_named_as_most_of_its_people_are(busy: Database) -> None:
    rows = companies(busy, column=CompanyColumn.PEOPLE)
    told = [(one.domain, one.company, one.people, one.verified, one.sessions) for one in rows]
    assert told == [("acme.com", "Acme Inc", 3, 3, 6), ("beta.co.uk", "Beta", 1, 1, 2)]


def test_free_mail_and_phones_stand_apart_and_who_has_two_domains_is_told(busy: Database) -> None:
    totals = get_company_totals(busy, match_contacts(ANYTHING), FREE)
    assert (totals.companies, totals.people, totals.sessions) == (2, 3, 6)
    assert (totals.other_people, totals.other_sessions) == (2, 5)
    assert (totals.extra_people, totals.extra_sessions) == (1, 2)


@pytest.mark.parametrize("column", CompanyColumn)
def test_every_column_sorts_both_ways(busy: Database, column: CompanyColumn) -> None:
    up, down = (
        [one.domain for one in companies(busy, column=column, is_descending=way)]
        for way in (False, True)
    )
    assert sorted(up) == ["acme.com", "beta.co.uk"]
    values = {one.domain: one for one in companies(busy)}
    is_tied = values["acme.com"].last_accessed_at == values["beta.co.uk"].last_accessed_at
    assert up == down[::-1] or (is_tied and column is CompanyColumn.LAST_ACCESSED)


@pytest.mark.parametrize(("sought", "found"), [("ACME", 1), ("beta", 1), ("%", 0), ("", 2)])
def test_a_company_is_found_by_domain_or_name(busy: Database, sought: str, found: int) -> None:
    assert len(companies(busy, sought=sought)) == found
    assert count_companies(busy, match_contacts(ANYTHING), FREE, sought) == found


@settings(max_examples=40, deadline=None)
@given(
    name=st.sampled_from(["gmail", "acme", "web", "co", "yahoo"]),
    ending=st.sampled_from(["com", "co.uk", "com.br", "de", "uk", "example"]),
    below=st.sampled_from(["", "mail.", "a.b."]),
)
def test_what_is_free_mail_is_what_names_no_company(name: str, ending: str, below: str) -> None:
    domain = f"{below}{name}.{ending}"
    with _new_database() as db:
        add_contact(db, f"ada@{domain}")
        assert bool(companies(db)) == (guess_company(f"ada@{domain}") is not None)


@settings(max_examples=10, deadline=None)
@given(rng=st.randoms(use_true_random=True))
def test_each_row_is_its_list_and_their_sum_is_the_whole_list(rng: Random) -> None:
    with _new_database() as db:
        house = add_house(db)
        clear_people(db)
        with db.transaction() as tx:
            store_world(tx, house, rng, ZoneInfo("Asia/Kolkata"))
        for chosen in (
            ContactFilter(),
            ContactFilter(from_on=date(2026, 4, 1), time_zone="Asia/Kolkata"),
            ContactFilter(workspace_ids=frozenset({1})),
        ):
            _compare_companies(db, chosen)


def _compare_companies(db: Database, chosen: ContactFilter) -> None:
    rows, whole = companies(db, chosen), get_contact_totals(db, match_contacts(chosen))
    for row in rows:
        of_domain = ContactFilter(
            time_zone=chosen.time_zone,
            from_on=chosen.from_on,
            workspace_ids=chosen.workspace_ids,
            domains=frozenset({row.domain}),
        )
        totals = get_contact_totals(db, match_contacts(of_domain))
        assert (row.people, row.sessions) == (totals.contacts, totals.sessions)
    found = get_company_totals(db, match_contacts(chosen), FREE)
    people = sum(row.people for row in rows) + found.other_people - found.extra_people
    sessions = sum(row.sessions for row in rows) + found.other_sessions - found.extra_sessions
    assert (people, sessions) == (whole.contacts, whole.sessions)
    assert found.people + found.other_people == whole.contacts
