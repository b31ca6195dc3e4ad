"""A sending that failed is told to the owner with the name of whom it was for."""

from datetime import datetime

import pytest

from data.gate_events import GateStep
from data.gate_history import HistoryFilter, PastStep, find_past_steps
from data.records import Channel, ShareLink
from gate.delivery.deliverer import CodeMessage, FailureKind, SendingFailed
from gate.entries import submit_entry
from gate.identifiers import parse_email
from gate.sendings import resend_code
from gate.visits import Gate
from tests.gate.conftest import Desk, later, open_gate, visit_of


class _Refusing:
    def __init__(self, kind: FailureKind) -> None:
        self._kind = kind

    def deliver(self, message: CodeMessage) -> None:
        raise SendingFailed("550 no such mailbox", self._kind)

    def probe(self) -> None:
        raise AssertionError("nobody is denied here")


def find_failures(gate: Gate, now: datetime) -> list[PastStep]:
    wanted = HistoryFilter(since=now)
    return find_past_steps(gate.db, wanted, [GateStep.SENDING_FAILED], most=9)


@pytest.mark.parametrize("kind", [FailureKind.ADDRESS, FailureKind.REFUSED])
def test_a_failed_sending_names_whom_it_was_for(
    desk: Desk, verified_link: ShareLink, now: datetime, kind: FailureKind
) -> None:
    gate = open_gate(desk.gate.db, _Refusing(kind), now)
    for who in ("ada", "bob"):
        visit = visit_of(who, verified_link, now)
        submit_entry(gate, visit, [parse_email(f"{who}@example.com")])
    gate.queues[Channel.EMAIL].work_off()
    found = find_failures(gate, now)
    assert {one.identifier_mask for one in found} == {"a***@e***.com", "b***@e***.com"}
    assert None not in {one.identifier_hash for one in found}
    assert {one.reason for one in found} == {"550 no such mailbox"}


def test_a_code_that_is_asked_for_again_fails_under_the_same_name(
    desk: Desk, verified_link: ShareLink, now: datetime
) -> None:
    gate = open_gate(desk.gate.db, _Refusing(FailureKind.ADDRESS), now)
    submit_entry(gate, visit_of("ada", verified_link, now), [parse_email("ada@example.com")])
    gate.queues[Channel.EMAIL].work_off()
    [(challenge_id,)] = gate.db.rows("select challenge_id from challenge")
    resend_code(gate, visit_of("ada", verified_link, later(now, seconds=60)), challenge_id)
    gate.queues[Channel.EMAIL].work_off()
    [failure] = find_failures(gate, now)
    assert (failure.identifier_mask, failure.times) == ("a***@e***.com", 2)
