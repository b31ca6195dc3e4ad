"""A disk that is full while a viewer passes: each step says so, and leaves nothing half-done."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

import pytest
from structlog.testing import capture_logs

from data.database import StorageFailed
from data.records import Channel, Pass, SessionKind, ShareLink
from gate.challenges import answer_challenge
from gate.codes import secret_hash
from gate.delivery.deliverer import CodeMessage, FailureKind, SendingFailed
from gate.entries import submit_entry
from gate.identifiers import parse_email
from gate.passes import Grant, claim_grant, read_pass
from gate.sessions import Opening, open_viewing_session, record_heartbeat
from tests.full_disk import full_disk
from tests.gate.conftest import Desk, ask_for_code, awaited, later, open_gate, visit_of

TABLES = (
    "gate_entry",
    "challenge",
    "attempt",
    "delivery",
    "gate_event",
    "audit",
    "pass",
    "contact",
    "identifier",
    "contact_link",
    "browser_key",
    "browser_grant",
    "viewing_session",
    "document_view",
)


def count_rows(desk: Desk) -> dict[str, int]:
    rows = {name: desk.gate.db.rows(f"select count(*) from {name}") for name in TABLES}
    return {name: found[0][0] for name, found in rows.items()}


T = TypeVar("T")


def fail_and_repeat(desk: Desk, act: Callable[[], T]) -> T:
    """What the act brings once there is space again; before that it changed nothing."""
    before = count_rows(desk)
    with full_disk(size=0), pytest.raises(StorageFailed):
        act()
    assert count_rows(desk) == before
    return act()


def test_a_full_disk_at_any_step_is_told_and_the_step_works_when_there_is_space(
    desk: Desk, verified_link: ShareLink, now: datetime
) -> None:
    gate, visit = desk.gate, visit_of("ada", verified_link, now)
    fail_and_repeat(desk, lambda: submit_entry(gate, visit, [parse_email("ada@example.com")]))
    code, number = desk.newest_code(now), awaited(desk, visit)
    grant = fail_and_repeat(desk, lambda: answer_challenge(gate, visit, number, code))
    assert isinstance(grant, Grant)
    cookie = fail_and_repeat(
        desk, lambda: claim_grant(gate.db, visit.browser_hash, grant.token, now)
    )
    live = read_pass(gate.db, gate.pepper, secret_hash(cookie), verified_link, now)
    assert live is not None
    opening = Opening(verified_link, live, SessionKind.VIEWER, 1)
    fail_and_repeat(desk, lambda: open_viewing_session(gate, opening, now))
    assert gate.db.rows("select access_count from contact") == [(1,)]


def test_whoever_reads_goes_on_reading_on_a_full_disk(
    desk: Desk, verified_link: ShareLink, now: datetime
) -> None:
    live = _pass_of_ada(desk, verified_link, now)
    opening = Opening(verified_link, live, SessionKind.VIEWER, 1)
    session = open_viewing_session(desk.gate, opening, now)
    minutes_later = later(now, minutes=5)
    with full_disk(size=0):
        assert record_heartbeat(desk.gate.db, session, minutes_later)
        again = open_viewing_session(desk.gate, opening, minutes_later)
    assert again.viewing_session_id == session.viewing_session_id
    assert record_heartbeat(desk.gate.db, session, minutes_later)
    seen = desk.gate.db.rows("select last_seen_at from viewing_session")
    assert seen == [(minutes_later,)]


def _pass_of_ada(desk: Desk, link: ShareLink, now: datetime) -> Pass:
    number, code = ask_for_code(desk, visit_of("ada", link, now))
    grant = answer_challenge(desk.gate, visit_of("ada", link, now), number, code)
    assert isinstance(grant, Grant)
    cookie = claim_grant(desk.gate.db, secret_hash("ada"), grant.token, now)
    live = read_pass(desk.gate.db, desk.gate.pepper, secret_hash(cookie), link, now)
    assert live is not None
    return live


def test_a_code_that_could_not_be_noted_is_tried_again_all_the_same(
    desk: Desk, verified_link: ShareLink, now: datetime
) -> None:
    class Carrier:
        sent = 0

        def deliver(self, message: CodeMessage) -> str | None:
            if self.sent == 0:
                self.sent = 1
                raise SendingFailed("down", FailureKind.UNREACHABLE, retry_delays=(0.0,))
            self.sent = 2
            return None

        def probe(self) -> None:
            raise AssertionError("nobody is denied here")

    carrier = Carrier()
    gate = open_gate(desk.gate.db, carrier, now)
    submit_entry(gate, visit_of("ada", verified_link, now), [parse_email("ada@example.com")])
    with capture_logs(), full_disk(size=0):
        gate.queues[Channel.EMAIL].work_off(later_too=True)
    assert carrier.sent == 2
