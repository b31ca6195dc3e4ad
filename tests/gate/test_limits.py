"""Limits: each row of the table gives exactly what it says, and holds over restarts and threads."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from data.attempts import Act, Attempt, Scope, insert_attempt
from data.database import Database
from data.members import insert_member
from data.records import Channel, Member, Role
from gate.attempts import Overrun, find_failure_wait, spend_limit
from gate.limited import HeldUp, find_held_up, lift_limit
from gate.limits import LIMITS, Limit, adjust_limits
from tests.gate.conftest import Desk, later


def make_act(limit: Limit, now: datetime, number: int = 0) -> Attempt:
    """The `number`th act that only this limit counts; distinct ones differ in their identifier."""
    identifier = f"person-{number}" if limit.is_distinct else "ada"
    return Attempt(
        act=limit.act,
        browser_id=7,
        share_link_id=8,
        workspace_id=9,
        network_hash="n",
        channel=limit.channel or Channel.EMAIL,
        identifier_hash=identifier,
        identifier_mask="a***@e***.com",
        created_at=now,
    )


def spend(db: Database, limit: Limit, attempt: Attempt) -> Overrun | None:
    with db.transaction() as tx:
        return spend_limit(tx, (limit,), attempt)


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.name)
def test_a_limit_gives_as_many_as_it_says_and_then_again_after_its_window(
    db: Database, now: datetime, limit: Limit
) -> None:
    with db.transaction() as tx:
        for number in range(limit.most):
            act = make_act(limit, later(now, seconds=number), number)
            assert spend_limit(tx, (limit,), act) is None
    at = later(now, seconds=limit.most)
    refused = spend(db, limit, make_act(limit, at, limit.most))
    assert refused is not None
    assert refused.wait == limit.window - timedelta(seconds=limit.most)
    assert spend(db, limit, make_act(limit, at + refused.wait, limit.most)) is None


def use_up(db: Database, limit: Limit, now: datetime) -> None:
    """As many acts as the limit gives, all at once."""
    with db.transaction() as tx:
        for number in range(limit.most):
            insert_attempt(tx, make_act(limit, now, number))


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.name)
def test_a_limit_is_one_subjects_own(db: Database, now: datetime, limit: Limit) -> None:
    use_up(db, limit, now)
    other = make_act(limit, now, limit.most + 1)
    other = replace(
        other,
        identifier_hash="bob",
        network_hash="m",
        browser_id=97,
        share_link_id=98,
        workspace_id=99,
    )
    assert spend(db, limit, other) is None
    elsewhere = next(channel for channel in Channel if channel is not limit.channel)
    here = replace(make_act(limit, now, limit.most + 1), channel=elsewhere)
    assert limit.channel is None or spend(db, limit, here) is None


@pytest.mark.parametrize("other", [{"network_hash": "m"}, {"share_link_id": 98}])
def test_a_networks_share_of_a_link_is_of_this_link_and_network(
    db: Database, now: datetime, other: dict[str, object]
) -> None:
    share = next(limit for limit in LIMITS if limit.scope is Scope.NETWORK_AT_LINK)
    use_up(db, share, now)
    act = make_act(share, now)
    assert spend(db, share, act) is not None
    assert spend(db, share, replace(act, **other)) is None  # type: ignore[arg-type]


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.name)
def test_32_threads_get_exactly_what_the_limit_gives(
    db: Database, now: datetime, limit: Limit
) -> None:
    few = replace(limit, most=5)

    def act(number: int) -> bool:
        return spend(db, few, make_act(limit, now, number)) is None

    with ThreadPoolExecutor(32) as pool:
        assert sum(pool.map(act, range(32))) == 5


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.name)
def test_a_limit_holds_after_a_restart(tmp_path: Path, now: datetime, limit: Limit) -> None:
    few = replace(limit, most=3)
    path = tmp_path / "kept.duckdb"
    for number in range(few.most + 1):
        db = Database(path)
        overrun = spend(db, few, make_act(few, now, number))
        db.close()
        assert (overrun is None) == (number < few.most)


@pytest.fixture
def owner(db: Database, now: datetime) -> Member:
    with db.transaction() as tx:
        insert_member(tx, email="o@example.com", name="Owner", role=Role.OWNER, now=now)
    row = db.row("select member_id from member")
    assert row is not None
    return Member(row[0], "o@example.com", "Owner", Role.OWNER)


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.name)
def test_an_owner_sees_who_is_held_up_and_lets_them_through(
    desk: Desk, owner: Member, now: datetime, limit: Limit
) -> None:
    db = desk.gate.db
    use_up(db, limit, now)
    [held] = [one for one in find_held_up(desk.gate, now) if one.limit == limit.name]
    assert held.until == now + limit.window
    lift_limit(db, held, owner, now)
    assert [one for one in find_held_up(desk.gate, now) if one.limit == limit.name] == []
    assert spend(db, limit, make_act(limit, later(now, seconds=1), limit.most + 1)) is None


@pytest.mark.parametrize(
    ("scope", "line"),
    [
        (Scope.IDENTIFIER, ("ada", "a***@e***.com")),
        (Scope.BROWSER, (None, None)),
        (Scope.NETWORK, (None, "203.0.113.***")),
    ],
)
def test_a_mask_of_a_person_stands_in_the_trail_only_beside_their_hash(
    desk: Desk, owner: Member, now: datetime, scope: Scope, line: tuple[str | None, str | None]
) -> None:
    label = "203.0.113.***" if scope is Scope.NETWORK else "a***@e***.com"
    lift_limit(desk.gate.db, HeldUp("some limit", scope, "ada", label, now), owner, now)
    rows = desk.gate.db.rows("select identifier_hash, identifier_mask from audit")
    assert rows == [line]


def fail(db: Database, limit: Limit, now: datetime, times: int) -> Attempt:
    """So many wrong codes, a second apart, the last of them now."""
    last = replace(make_act(limit, now), act=Act.FAILURE)
    with db.transaction() as tx:
        for number in range(times):
            insert_attempt(tx, replace(last, created_at=later(now, seconds=number - times + 1)))
    return last


@pytest.mark.parametrize(
    ("times", "wait"),
    [
        (5, timedelta(seconds=30)),
        (6, timedelta(minutes=2)),
        (7, timedelta(minutes=8)),
        (8, timedelta(minutes=30)),
        (9, timedelta(minutes=60)),
        (10, timedelta(hours=24) - timedelta(seconds=9)),
    ],
)
def test_who_waits_for_wrong_codes_is_held_up_until_the_wait_ends(
    desk: Desk, owner: Member, now: datetime, times: int, wait: timedelta
) -> None:
    db = desk.gate.db
    last = fail(db, LIMITS[0], now, times)
    [held] = find_held_up(desk.gate, now)
    assert (held.subject, held.label) == ("ada", "a***@e***.com")
    assert held.until == now + wait
    assert find_held_up(desk.gate, now + wait) == []
    lift_limit(db, held, owner, now)
    assert find_held_up(desk.gate, now) == []
    assert find_failure_wait(db, last) is None


def test_four_wrong_codes_hold_nobody_up(desk: Desk, now: datetime) -> None:
    fail(desk.gate.db, LIMITS[0], now, 4)
    assert find_held_up(desk.gate, now) == []


def test_other_numbers_can_be_set_by_name() -> None:
    changed = adjust_limits({"link_sends_1_h": 6_000})
    assert {limit.most for limit in changed if limit.name == "link_sends_1_h"} == {6_000}
    with pytest.raises(ValueError, match="no limit link_sands"):
        adjust_limits({"link_sands": 1})
    with pytest.raises(ValueError, match="1 or more"):
        adjust_limits({"link_sends_1_h": 0})


def test_the_table_is_the_one_that_was_promised() -> None:
    told = {(one.act, one.scope, one.channel, one.most, one.window) for one in LIMITS}
    hour, day = timedelta(hours=1), timedelta(hours=24)
    for most, window in ((3, hour / 6), (5, hour), (10, day)):
        assert (Act.SEND, Scope.IDENTIFIER, None, most, window) in told
    assert (Act.SEND, Scope.BROWSER, None, 5, hour) in told
    assert (Act.TRY, Scope.BROWSER, None, 10, hour / 6) in told
    assert (Act.SEND, Scope.LINK, None, 60, hour / 6) in told
    assert (Act.SEND, Scope.LINK, None, 300, hour) in told
    assert (Act.SEND, Scope.WORKSPACE, Channel.WHATSAPP, 200, day) in told


def test_one_network_leaves_others_something_of_what_a_link_gives() -> None:
    most = {(one.act, one.scope, one.window): one.most for one in LIMITS}
    of_links = {key: number for key, number in most.items() if key[1] is Scope.LINK}
    assert {key[0] for key in of_links} == {Act.SEND, Act.PASSWORD}
    for (act, _, window), number in of_links.items():
        unproved = Act.UNANSWERED if act is Act.SEND else act
        assert most[unproved, Scope.NETWORK_AT_LINK, window] * 3 <= number
        assert most[act, Scope.NETWORK_AT_LINK, window] < number
