"""Signing in at the owner's desk: by an address that works once."""

from datetime import datetime

import pytest

from data.database import Database
from gate.codes import secret_hash
from gate.errors import WrongCode
from gate.members import (
    complete_sign_in,
    create_account,
    note_presence,
    read_member,
    sign_out,
    start_sign_in,
)
from gate.settings import Settings
from tests.gate.conftest import later


@pytest.fixture
def owned(db: Database, now: datetime) -> Database:
    create_account(db, Settings(), now)
    return db


def _sign_in(db: Database, browser: str, now: datetime) -> str:
    return secret_hash(complete_sign_in(db, start_sign_in(db, now), secret_hash(browser), now))


def test_a_sign_in_address_works_once(owned: Database, now: datetime) -> None:
    token = start_sign_in(owned, now)
    cookie = complete_sign_in(owned, token, secret_hash("owner"), now)
    assert read_member(owned, secret_hash(cookie), now) is not None
    with pytest.raises(WrongCode):
        complete_sign_in(owned, token, secret_hash("eve"), now)


def test_a_sign_in_address_dies_after_ten_minutes(owned: Database, now: datetime) -> None:
    token = start_sign_in(owned, now)
    with pytest.raises(WrongCode):
        complete_sign_in(owned, token, secret_hash("owner"), later(now, minutes=10))


def test_the_cookie_from_before_the_sign_in_is_nobody(owned: Database, now: datetime) -> None:
    _sign_in(owned, "fixed", now)
    assert read_member(owned, secret_hash("fixed"), now) is None


def test_30_idle_minutes_sign_out(owned: Database, now: datetime) -> None:
    browser = _sign_in(owned, "owner", now)
    note_presence(owned, browser, later(now, minutes=29))
    note_presence(owned, browser, later(now, minutes=58))
    assert read_member(owned, browser, later(now, minutes=87)) is not None
    assert read_member(owned, browser, later(now, minutes=88)) is None
    note_presence(owned, browser, later(now, minutes=88))
    assert read_member(owned, browser, later(now, minutes=88)) is None


def test_a_page_that_only_refreshes_itself_keeps_nobody_signed_in(
    owned: Database, now: datetime
) -> None:
    browser = _sign_in(owned, "owner", now)
    for minute in range(30):
        assert read_member(owned, browser, later(now, minutes=minute)) is not None
    assert read_member(owned, browser, later(now, minutes=30)) is None


def test_12_hours_sign_out_however_active(owned: Database, now: datetime) -> None:
    browser = _sign_in(owned, "owner", now)
    for minutes in range(20, 12 * 60, 20):
        note_presence(owned, browser, later(now, minutes=minutes))
        assert read_member(owned, browser, later(now, minutes=minutes)) is not None
    assert read_member(owned, browser, later(now, hours=12)) is None


def test_signing_out_takes_effect_at_once(owned: Database, now: datetime) -> None:
    browser = _sign_in(owned, "owner", now)
    sign_out(owned, browser, now)
    assert read_member(owned, browser, now) is None


def test_a_removed_member_is_nobody_at_once(owned: Database, now: datetime) -> None:
    browser = _sign_in(owned, "owner", now)
    with owned.transaction() as tx:
        tx.run("update member set revoked_at = $now", now=now)
    assert read_member(owned, browser, now) is None


def test_a_stranger_is_nobody(owned: Database, now: datetime) -> None:
    assert read_member(owned, "", now) is None
    assert read_member(owned, secret_hash("eve"), now) is None
