"""Viewing sessions: one visit is one row, however often its page is loaded."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime

import pytest

from data.links import get_share_link, raise_policy_epoch
from data.list_entries import EntryForm, ListEntry, ListSide, insert_list_entry
from data.records import Pass, SessionKind, ShareLink, ViewingSession
from gate.codes import Pepper, secret_hash
from gate.errors import LinkUnavailable
from gate.passes import open_unasked, read_pass
from gate.sessions import (
    Opening,
    close_session,
    open_viewing_session,
    record_heartbeat,
    session_kind,
)
from tests.gate.conftest import Desk, LinkMaker, later, pass_unverified, visit_of

GOOGLEBOT = "Googlebot/2.1 (+http://www.google.com/bot.html)"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"


@pytest.fixture
def link(add_link: LinkMaker) -> ShareLink:
    return add_link("asks", requires_email=True)


@pytest.fixture
def live(desk: Desk, link: ShareLink, now: datetime) -> Pass:
    cookie = pass_unverified(desk, "bob", link, now, "bob@example.com")
    found = read_pass(desk.gate.db, desk.gate.pepper, secret_hash(cookie), link, now)
    assert found is not None
    return found


def _open(
    desk: Desk, link: ShareLink, live: Pass, now: datetime, document_id: int = 1
) -> ViewingSession:
    opening = Opening(link, live, SessionKind.VIEWER, document_id)
    return open_viewing_session(desk.gate, opening, now)


def _access_count(desk: Desk) -> int:
    (row,) = desk.gate.db.rows("select access_count from contact")
    return int(row[0])


def test_ten_parallel_opens_are_one_session(
    desk: Desk, link: ShareLink, live: Pass, now: datetime
) -> None:
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda _: _open(desk, link, live, now), range(10)))
    assert _access_count(desk) == 1
    assert desk.gate.db.rows("select count(*) from document_view") == [(1,)]


def test_a_reload_within_30_minutes_continues_the_session(
    desk: Desk, link: ShareLink, live: Pass, now: datetime
) -> None:
    first = _open(desk, link, live, now)
    again = _open(desk, link, live, later(now, minutes=29))
    assert first.viewing_session_id == again.viewing_session_id


def test_after_30_idle_minutes_a_new_session_begins(
    desk: Desk, link: ShareLink, live: Pass, now: datetime
) -> None:
    _open(desk, link, live, now)
    _open(desk, link, live, later(now, minutes=30))
    assert _access_count(desk) == 2


def test_a_heartbeat_keeps_the_session_going_until_its_12th_hour(
    desk: Desk, link: ShareLink, live: Pass, now: datetime
) -> None:
    session = _open(desk, link, live, now)
    for minutes in range(20, 12 * 60, 20):
        record_heartbeat(desk.gate.db, session, later(now, minutes=minutes))
    again = _open(desk, link, live, later(now, minutes=11 * 60 + 59))
    assert again.viewing_session_id == session.viewing_session_id
    after = _open(desk, link, live, later(now, hours=12))
    assert after.viewing_session_id != session.viewing_session_id


@pytest.mark.parametrize("hours", [0.5, 5, 23])
def test_a_heartbeat_revives_no_session_that_is_over(
    desk: Desk, link: ShareLink, live: Pass, now: datetime, hours: float
) -> None:
    session = _open(desk, link, live, now)
    back = later(now, hours=hours)
    assert not record_heartbeat(desk.gate.db, session, back)
    assert desk.gate.db.rows("select last_seen_at from viewing_session") == [(now,)]
    assert _open(desk, link, live, back).viewing_session_id != session.viewing_session_id


def test_a_crawlers_name_takes_no_view_and_sees_nothing_where_views_are_counted(
    desk: Desk, link: ShareLink, live: Pass, now: datetime
) -> None:
    opening = Opening(replace(link, view_limit=1), live, SessionKind.BOT, 1)
    with pytest.raises(LinkUnavailable):
        open_viewing_session(desk.gate, opening, now)


def test_a_session_that_was_ended_is_not_continued(
    desk: Desk, link: ShareLink, live: Pass, now: datetime
) -> None:
    first = _open(desk, link, live, now)
    close_session(desk.gate.db, first, later(now, minutes=1))
    again = _open(desk, link, live, later(now, minutes=2))
    assert again.viewing_session_id != first.viewing_session_id


def test_a_heartbeat_is_written_once_a_minute(
    desk: Desk, link: ShareLink, live: Pass, now: datetime
) -> None:
    session = _open(desk, link, live, now)
    record_heartbeat(desk.gate.db, session, later(now, seconds=59))
    assert desk.gate.db.rows("select last_seen_at from viewing_session") == [(now,)]
    record_heartbeat(desk.gate.db, session, later(now, seconds=60))
    assert desk.gate.db.rows("select last_seen_at from viewing_session") != [(now,)]


def test_a_second_document_is_a_second_view_of_the_same_session(
    desk: Desk, link: ShareLink, live: Pass, now: datetime
) -> None:
    _open(desk, link, live, now, document_id=1)
    _open(desk, link, live, now, document_id=2)
    assert _access_count(desk) == 1
    assert desk.gate.db.rows("select count(*) from document_view") == [(2,)]


def test_a_members_preview_and_a_crawler_are_not_viewers(live: Pass) -> None:
    assert session_kind(FIREFOX, live, is_member=False) is SessionKind.VIEWER
    assert session_kind(FIREFOX, live, is_member=True) is SessionKind.INTERNAL
    assert session_kind(GOOGLEBOT, live, is_member=False) is SessionKind.BOT


def test_whoever_answered_a_code_is_no_crawler(live: Pass) -> None:
    proved = replace(live, is_verified=True)
    assert session_kind(GOOGLEBOT, proved, is_member=False) is SessionKind.VIEWER


def test_a_preview_is_recorded_and_counts_nothing(
    desk: Desk, link: ShareLink, live: Pass, now: datetime
) -> None:
    opening = Opening(link, live, SessionKind.INTERNAL, 1)
    open_viewing_session(desk.gate, opening, now)
    assert _access_count(desk) == 0
    assert desk.gate.db.rows("select kind from viewing_session") == [("internal",)]


def test_a_link_that_asks_nothing_opens_and_makes_no_contact(
    desk: Desk, add_link: LinkMaker, now: datetime
) -> None:
    link = add_link("open")
    visit = visit_of("eve", link, now)
    live = open_unasked(desk.gate, visit)
    assert open_unasked(desk.gate, visit) == live
    _open(desk, link, live, now)
    assert desk.gate.db.rows("select count(*) from contact") == [(0,)]
    assert desk.gate.db.rows("select count(*) from viewing_session") == [(1,)]


def test_a_pass_ends_with_its_life_and_is_judged_again_by_new_rules(
    desk: Desk, link: ShareLink, now: datetime
) -> None:
    cookie = pass_unverified(desk, "bob", link, now, "bob@example.com")
    browser_hash, db = secret_hash(cookie), desk.gate.db
    assert read_pass(db, Pepper(b"p" * 32), browser_hash, link, later(now, hours=24)) is None
    assert read_pass(db, Pepper(b"p" * 32), browser_hash, link, later(now, hours=-1)) is None
    with db.transaction() as tx:
        raise_policy_epoch(tx, link.share_link_id)
    changed = get_share_link(db, link.slug)
    assert changed is not None
    assert read_pass(db, Pepper(b"p" * 32), browser_hash, changed, now) is not None
    bob = ListEntry(ListSide.DENY, EntryForm.ADDRESS, "bob@example.com", "bob@example.com")
    with db.transaction() as tx:
        insert_list_entry(tx, link.share_link_id, bob, now)
        raise_policy_epoch(tx, link.share_link_id)
    changed = get_share_link(db, link.slug)
    assert changed is not None
    assert read_pass(db, Pepper(b"p" * 32), browser_hash, changed, now) is None
