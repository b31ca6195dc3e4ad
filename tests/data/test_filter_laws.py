"""One filter, one answer: list, totals, charts and export agree, whatever the facts and the zone.

Random accounts are asked through rollups, through facts alone, and in plain Python.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.activity_buckets import BucketSize, merge_buckets
from data.activity_queries import (
    find_activity,
    find_count_bins,
    find_heat,
    find_top_documents,
    find_top_links,
)
from data.check import check_database
from data.contact_filter import ContactFilter, ContactRow, ContactSort, SortColumn
from data.contact_queries import (
    Matched,
    contacts_statement,
    count_contacts,
    find_contacts,
    get_contact_totals,
    match_contacts,
    match_contacts_from_facts,
)
from data.contact_visits import find_visits
from data.contacts import get_contact
from data.database import Database
from data.left_out import count_left_out_sessions, find_left_out_sessions
from data.records import SessionKind
from data.rollups import rebuild_rollups
from tests.data.joinings import Joiner
from tests.data.oracle import Answer, answer, count_days, meets, ordered
from tests.data.worlds import House, World, add_house, clear_people, pick_filter, store_world
from tests.factories import LONG_AGO

ZONES = (
    "UTC",
    "Asia/Kolkata",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "America/Havana",  # its clocks change at midnight, so one 00:00 is missing and one comes twice
)
PAGE_SIZE = 2
FILTERS_EACH = 14
FILTERS_WITH_CHARTS = 4


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, House]]:
    db = Database(Path(tmp_path_factory.mktemp("laws")) / "gatebook.duckdb")
    with db.transaction() as tx:
        tx.run(
            """
            insert into member (member_id, email, name, role, created_at)
            values (1, 'owner@example.com', 'Owner', 'owner', $now)
            """,
            now=LONG_AGO,
        )
    yield db, add_house(db)
    db.close()


@pytest.mark.parametrize("zone", ZONES)
@settings(
    max_examples=4,
    deadline=None,
)
@given(rng=st.randoms(use_true_random=True))
def test_every_question_about_a_filter_has_one_answer(
    shared: tuple[Database, House], zone: str, rng: Random
) -> None:
    db, house = shared
    clear_people(db)
    with db.transaction() as tx:
        world = store_world(tx, house, rng, ZoneInfo(zone))
    assert check_database(db) == []
    _compare_visits(db, world)
    for number in range(FILTERS_EACH):
        chosen = pick_filter(rng, world, zone)
        _compare_list(db, world, chosen, rng)
        if number < FILTERS_WITH_CHARTS:
            _compare_all(db, world, chosen, rng)
    with db.transaction() as tx:
        rebuild_rollups(tx)
    assert check_database(db) == []


@pytest.mark.parametrize("zone", ZONES[:2])
@settings(max_examples=4, deadline=None)
@given(rng=st.randoms(use_true_random=True))
def test_every_question_has_one_answer_after_people_were_joined_and_parted(
    shared: tuple[Database, House], zone: str, rng: Random
) -> None:
    db, house = shared
    clear_people(db)
    with db.transaction() as tx:
        world = store_world(tx, house, rng, ZoneInfo(zone))
    joiner = Joiner(db, world, rng, LONG_AGO)
    for _ in range(5):
        joiner.act()
        assert check_database(db) == []
        chosen = pick_filter(rng, joiner.world, zone)
        _compare_list(db, joiner.world, chosen, rng)
    before = _rollups(db)
    joiner.merge_and_undo()
    assert _rollups(db) == before
    _compare_visits(db, joiner.world)
    _compare_all(db, joiner.world, pick_filter(rng, joiner.world, zone), rng)


def _rollups(db: Database) -> list[list[tuple[object, ...]]]:
    tables = (
        "contact",
        "contact_link",
        "contact_document",
        "activity_slot",
        "item_total",
        "left_out_slot",
        "identifier",
    )
    return [db.rows(f"select * from {table} order by all") for table in tables]


def _compare_list(db: Database, world: World, chosen: ContactFilter, rng: Random) -> None:
    expected, sort = answer(world, chosen), _pick_sort(rng)
    for matched in (match_contacts(chosen), match_contacts_from_facts(chosen)):
        rows = find_contacts(db, matched, sort, page=1, page_size=100)
        assert rows == ordered(expected.rows, sort)
        assert get_contact_totals(db, matched) == expected.totals()


def _compare_visits(db: Database, world: World) -> None:
    """What the drawer lists, one by one, is what the list counts."""
    for person in world.people:
        contact = get_contact(db, person.contact_id)
        listed = find_visits(db, person.contact_id, most=1000)
        expected = [
            visit
            for visit in world.visits
            if visit.session.contact_id == person.contact_id
            and visit.session.kind is SessionKind.VIEWER
        ]
        assert contact is not None
        assert len(listed) == contact.access_count == len(expected)
        assert {visit.viewing_session_id: len(visit.document_names) for visit in listed} == {
            visit.session.viewing_session_id: len(visit.document_ids) for visit in expected
        }
        starts = [visit.started_at for visit in listed]
        assert starts == sorted(starts, reverse=True)
        assert find_visits(db, person.contact_id, most=2) == listed[:2]


def _compare_all(db: Database, world: World, chosen: ContactFilter, rng: Random) -> None:
    expected, sort = answer(world, chosen), _pick_sort(rng)
    by_rollups, by_facts = match_contacts(chosen), match_contacts_from_facts(chosen)
    for matched in (by_rollups, by_facts):
        assert _all_pages(db, matched, sort) == ordered(expected.rows, sort)
        assert count_contacts(db, matched) == len(expected.rows)
        _compare_export(db, matched, sort, expected)
        _compare_charts(db, matched, expected)
    _compare_left_out(db, world, chosen, len(expected.visits))
    for size in rng.sample(list(BucketSize), 2):
        buckets = find_activity(db, by_rollups, size)
        assert buckets == find_activity(db, by_facts, size)
        assert sum(bucket.sessions for bucket in buckets) == len(expected.visits)
        assert sum(bucket.new_contacts for bucket in buckets) == len(expected.newcomers)
        returning = [bucket.returning_sessions for bucket in buckets]
        assert sum(returning) == len(expected.visits) - len(expected.newcomers)
        assert min(returning, default=0) >= 0
        if size is not BucketSize.HOUR:
            days = find_activity(db, by_rollups, BucketSize.DAY)
            assert merge_buckets(days, size) == buckets


def _compare_left_out(db: Database, world: World, chosen: ContactFilter, counted: int) -> None:
    """Every session that the filter's links and days meet is counted, or told to be left out."""
    left_out = count_left_out_sessions(db, chosen)
    listed = find_left_out_sessions(db, chosen, skipped=0, most=1_000_000)
    assert len({one.viewing_session_id for one in listed}) == len(listed) == left_out.total
    if not chosen.narrows_contacts:
        assert counted + left_out.total == sum(meets(visit, chosen) for visit in world.visits)


def _compare_export(db: Database, matched: Matched, sort: ContactSort, expected: Answer) -> None:
    sql, parameters = contacts_statement(matched, sort)
    assert db.rows(sql, **parameters) == [
        (
            row.identifier,
            row.channel,
            row.is_verified,
            row.last_accessed_at,
            row.first_accessed_at,
            row.access_count,
            list(row.emails),
            list(row.whatsapps),
        )
        for row in ordered(expected.rows, sort)
    ]


def _compare_charts(db: Database, matched: Matched, expected: Answer) -> None:
    zone = ZoneInfo(matched.contact_filter.time_zone)
    days = find_activity(db, matched, BucketSize.DAY)
    assert {day.starts_at: day.sessions for day in days if day.sessions} == count_days(
        expected.sessions, zone
    )
    assert {day.starts_at: day.new_contacts for day in days if day.new_contacts} == count_days(
        expected.newcomers, zone
    )
    cells = find_heat(db, matched)
    assert {(cell.weekday, cell.hour): cell.sessions for cell in cells} == expected.heat(zone)
    links = find_top_links(db, matched, None)
    assert {link.item_id: link.sessions for link in links} == expected.links()
    documents = find_top_documents(db, matched, None)
    assert {one.item_id: one.sessions for one in documents} == expected.documents()
    bins = find_count_bins(db, matched)
    assert {one.sessions: one.contacts for one in bins} == Counter(
        row.access_count for row in expected.rows
    )


def _all_pages(db: Database, matched: Matched, sort: ContactSort) -> list[ContactRow]:
    rows: list[ContactRow] = []
    page = 1
    while found := find_contacts(db, matched, sort, page=page, page_size=PAGE_SIZE):
        rows += found
        page += 1
    return rows


def _pick_sort(rng: Random) -> ContactSort:
    return ContactSort(rng.choice(list(SortColumn)), rng.random() < 0.5)
