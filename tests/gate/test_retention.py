"""Contacts are kept as long as their owner says, and then they are in no table and no file."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from data.audit_queries import AuditFilter, find_audit_lines
from data.check import check_database
from data.database import Database
from data.records import ContactIdentifier, Member, Role, ShareLink
from data.retention import get_retention_months
from gate.desk_errors import AccountRefused
from gate.retention import (
    change_retention,
    months_before,
    preview_retention,
    remove_overdue,
)
from tests.factories import LONG_AGO, add_contact, add_link_passed, add_session
from tests.gate.conftest import Desk

NAMES = ("ada", "bob", "cem")
OWNER = Member(1, "owner@example.com", "Olga", Role.OWNER)


@pytest.fixture
def contacts(desk: Desk, verified_link: ShareLink, now: datetime) -> dict[str, ContactIdentifier]:
    """Ada came 7 months ago, Bob last week; Cem was let in last week and opened nothing."""
    people = {
        name: add_contact(desk.gate.db, f"{name}@example.com") for name in ("ada", "bob", "cem")
    }
    add_session(desk.gate.db, people["ada"], verified_link, months_before(now, 7))
    add_session(desk.gate.db, people["bob"], verified_link, now - timedelta(days=7))
    add_link_passed(desk.gate.db, people["cem"], verified_link, now - timedelta(days=7))
    with desk.gate.db.transaction() as tx:
        tx.run("update contact set created_at = $then", then=months_before(now, 9))
    return people


def _addresses(db: Database) -> list[str]:
    return [row[0] for row in db.rows("select address from identifier order by all")]


def test_without_a_period_nobody_goes(
    desk: Desk, contacts: dict[str, ContactIdentifier], now: datetime
) -> None:
    assert preview_retention(desk.gate.db, None, now, most=9).count == 0
    assert remove_overdue(desk.gate, now + timedelta(days=4_000), outbox=desk.outbox) == 0
    assert len(_addresses(desk.gate.db)) == 3


def test_the_preview_names_whom_a_period_removes_and_removes_nobody(
    desk: Desk, contacts: dict[str, ContactIdentifier], now: datetime
) -> None:
    preview = preview_retention(desk.gate.db, 6, now, most=9)
    assert (preview.count, [one.address for one in preview.first]) == (1, ["ada@example.com"])
    assert preview.first[0].last_came_at == months_before(now, 7)
    assert preview_retention(desk.gate.db, 8, now, most=9).count == 0
    assert len(_addresses(desk.gate.db)) == 3


def test_who_has_not_come_for_the_period_goes_from_every_table(
    desk: Desk, contacts: dict[str, ContactIdentifier], now: datetime
) -> None:
    db = desk.gate.db
    change_retention(db, 6, OWNER, now)
    assert remove_overdue(desk.gate, now, outbox=desk.outbox) == 1
    assert _addresses(db) == ["bob@example.com", "cem@example.com"]
    assert db.rows("select count(*) from viewing_session") == [(1,)]
    assert db.rows("select count(*) from suppression") == [(0,)]
    assert check_database(db) == []
    lines = find_audit_lines(db, AuditFilter(since=LONG_AGO), most=9)
    said = [(line.event, line.actor_kind, line.detail) for line in lines]
    assert said == [
        ("contacts_expired", "gatebook", "1 after 6 months"),
        ("retention_changed", "member", "6 months"),
    ]


def test_an_hour_before_its_time_a_contact_is_still_there(
    desk: Desk, contacts: dict[str, ContactIdentifier], now: datetime
) -> None:
    change_retention(desk.gate.db, 7, OWNER, now)
    assert remove_overdue(desk.gate, now - timedelta(hours=1), outbox=desk.outbox) == 0
    assert remove_overdue(desk.gate, now + timedelta(hours=1), outbox=desk.outbox) == 1


def test_more_than_one_batch_goes_in_one_round(
    desk: Desk,
    contacts: dict[str, ContactIdentifier],
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gate.retention.MOST_AT_ONCE", 2)
    change_retention(desk.gate.db, 1, OWNER, now)
    assert remove_overdue(desk.gate, now + timedelta(days=99), outbox=desk.outbox) == 3
    assert _addresses(desk.gate.db) == []


def test_a_clock_that_jumps_ahead_removes_nobody_for_a_day(
    desk: Desk, contacts: dict[str, ContactIdentifier], now: datetime
) -> None:
    change_retention(desk.gate.db, 12, OWNER, now)
    jumped = now + timedelta(days=2_000)
    counts = [
        remove_overdue(desk.gate, at, outbox=desk.outbox)
        for at in (now, jumped, jumped + timedelta(hours=23), now + timedelta(minutes=15))
    ]
    assert counts == [0, 0, 0, 0]
    assert len(_addresses(desk.gate.db)) == 3
    for hours in (0, 23, 24):
        removed = remove_overdue(desk.gate, jumped + timedelta(hours=hours), outbox=desk.outbox)
    assert removed == 3


@pytest.mark.parametrize("months", [0, -1, 37])
def test_a_period_is_1_to_36_months(desk: Desk, months: int, now: datetime) -> None:
    with pytest.raises(AccountRefused):
        change_retention(desk.gate.db, months, OWNER, now)
    assert get_retention_months(desk.gate.db) is None


def test_a_period_is_set_changed_and_ended(desk: Desk, now: datetime) -> None:
    for months in (36, 1, None):
        change_retention(desk.gate.db, months, OWNER, now)
        assert get_retention_months(desk.gate.db) == months


def test_months_are_those_of_the_calendar(now: datetime) -> None:
    assert months_before(now.replace(day=31), 1) == now.replace(month=2, day=28)
    assert months_before(now, 15) == now.replace(year=now.year - 2, month=12)
    assert months_before(now, 36) == now.replace(year=now.year - 3)


def test_the_file_itself_forgets_whose_time_was_over(
    desk: Desk, contacts: dict[str, ContactIdentifier], now: datetime, tmp_path: Path
) -> None:
    change_retention(desk.gate.db, 6, OWNER, now)
    desk.gate.db.checkpoint()
    remove_overdue(desk.gate, now, outbox=desk.outbox)
    desk.gate.db.rewrite()
    held = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"ada@example.com" not in held
    assert b"bob@example.com" in held
