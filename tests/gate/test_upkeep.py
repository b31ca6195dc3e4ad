"""What time does to what is kept: each kind of row stays as long as was said, and no longer."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from data.check import check_database
from data.database import Database
from data.records import ShareLink
from gate.challenges import answer_challenge
from gate.limits import CODE_LIFE
from gate.passes import Grant
from gate.sendings import resend_code
from gate.upkeep import forget_what_is_over
from tests.gate.conftest import Desk, ask_for_code, later, visit_of

DAY, YEAR = timedelta(hours=24), timedelta(days=365)
FAR = "timestamptz '2099-01-01'"


@dataclass(frozen=True)
class Kind:
    """A kind of row, what its one row says, and how long after `$at` it is kept.

    `values` gives every column that must not be null a value.
    """

    table: str
    columns: str
    values: str
    kept: timedelta


KINDS = {
    "audit": Kind("audit", "audit_id, created_at, actor_kind, event", "1, $at, 'v', 'e'", YEAR),
    "gate event": Kind(
        "gate_event", "gate_event_id, created_at, share_link_id, event", "1, $at, 1, 'e'", YEAR
    ),
    "delivery": Kind("delivery", "*", "1, 1, 1, 'c', 'h', 'm', 's', null, 'n', $at, $at", YEAR),
    "status of no delivery": Kind("delivery_status", "*", "'n', 'read', null, $at, $at", DAY),
    "entry that ran out": Kind(
        "gate_entry",
        "gate_entry_id, browser_id, share_link_id, policy_epoch, created_at, expires_at",
        "1, 1, 1, 1, $at, $at",
        DAY,
    ),
    "entry that was closed": Kind(
        "gate_entry",
        "gate_entry_id, browser_id, share_link_id, policy_epoch, created_at, expires_at, closed_at",
        f"1, 1, 1, 1, $at, {FAR}, $at",
        DAY,
    ),
    "entry that was closed long after it ran out": Kind(
        "gate_entry",
        "gate_entry_id, browser_id, share_link_id, policy_epoch, created_at, expires_at, closed_at",
        f"1, 1, 1, 1, $at, $at, {FAR}",
        DAY,
    ),
    "grant": Kind("browser_grant", "*", "'h', 1, 1, $at, $at, null", DAY),
    "proof": Kind("browser_proof", "*", "1, 1, $at, $at, null", DAY),
    "unlock": Kind("link_unlock", "*", "1, 1, 1, $at, $at", timedelta(0)),
    "sign-in address": Kind("sign_in_link", "*", "'h', 1, $at, $at, null", DAY),
    "id that a browser had": Kind("browser_key", "*", "'h', 1, $at, $at", timedelta(days=31)),
    "block that ran out": Kind("gate_block", "*", "1, 'k', 's', 'l', $at, $at, null", YEAR),
    "block that was lifted": Kind("gate_block", "*", f"1, 'k', 's', 'l', $at, {FAR}, $at", YEAR),
    "attempt": Kind("attempt", "act, created_at", "'send', $at", timedelta(hours=25)),
    "access token": Kind("access_token", "*", "1, 'h', 1, 'n', $at, $at, null, null", YEAR),
    "lift": Kind("limit_lift", "*", "'s', 's', $at", timedelta(hours=25)),
}


def count_rows(db: Database, table: str) -> int:
    return int(db.rows(f"select count(*) from {table}")[0][0])


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_each_kind_of_row_is_kept_as_long_as_was_said_and_no_longer(
    desk: Desk, now: datetime, kind: Kind
) -> None:
    columns = "" if kind.columns == "*" else f"({kind.columns})"
    with desk.gate.db.transaction() as tx:
        tx.run(f"insert into {kind.table} {columns} values ({kind.values})", at=now)
    forget_what_is_over(desk.gate, now + kind.kept - timedelta(seconds=1))
    assert count_rows(desk.gate.db, kind.table) == 1
    forget_what_is_over(desk.gate, now + kind.kept + timedelta(seconds=1))
    assert count_rows(desk.gate.db, kind.table) == 0


def test_what_is_still_in_use_stays_however_old_it_is(desk: Desk, now: datetime) -> None:
    with desk.gate.db.transaction() as tx:
        tx.run("insert into browser_key values ('h', 1, $now, null)", now=now)
        tx.run(f"insert into gate_block values (1, 'k', 's', 'l', $now, {FAR}, null)", now=now)
    forget_what_is_over(desk.gate, now + 2 * YEAR)
    tables = ("browser_key", "gate_block")
    assert [count_rows(desk.gate.db, table) for table in tables] == [1, 1]


def test_what_was_typed_goes_with_its_entry_and_a_status_with_its_delivery(
    desk: Desk, verified_link: ShareLink, now: datetime
) -> None:
    ask_for_code(desk, visit_of("ada", verified_link, now))
    with desk.gate.db.transaction() as tx:
        tx.run("update delivery set provider_message_id = 'n'")
        tx.run("insert into delivery_status values ('n', 'read', null, $now, $now)", now=now)
    left = {"gate_entry_identifier": 26, "challenge": 25, "delivery_status": 24 * 365 + 1}
    for hours in (24, 26, 24 * 364, 24 * 366):
        forget_what_is_over(desk.gate, later(now, hours=hours))
        kept = {table for table, last in left.items() if hours < last}
        assert {table for table in left if count_rows(desk.gate.db, table)} == kept
    assert check_database(desk.gate.db) == []


def test_a_code_that_ran_out_keeps_no_hash_and_the_next_one_works(
    desk: Desk, verified_link: ShareLink, now: datetime
) -> None:
    number, _ = ask_for_code(desk, visit_of("ada", verified_link, now))
    has_hash = "select count(mac) from challenge"
    forget_what_is_over(desk.gate, now + CODE_LIFE - timedelta(seconds=1))
    assert desk.gate.db.rows(has_hash) == [(1,)]
    after = now + CODE_LIFE
    forget_what_is_over(desk.gate, after)
    assert desk.gate.db.rows(has_hash) == [(0,)]
    visit = visit_of("ada", verified_link, after)
    resend_code(desk.gate, visit, number)
    code = desk.newest_code(after)
    assert isinstance(answer_challenge(desk.gate, visit, number, code), Grant)
