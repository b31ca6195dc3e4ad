"""Sending codes: how often, how soon again, and what happens when nobody takes them."""

from datetime import datetime

import pytest

from data.challenges import get_challenge
from data.entries import GateEntry
from data.records import Channel, ShareLink
from gate.challenges import answer_challenge, find_awaited_challenge
from gate.deliveries import has_sending_failed
from gate.delivery.deliverer import CodeMessage, FailureKind, SendingFailed
from gate.entries import read_entry, submit_entry, withdraw_entry
from gate.errors import (
    ChallengeClosed,
    TooManyRequests,
    WrongCode,
)
from gate.identifiers import parse_email
from gate.passes import Grant
from gate.sendings import resend_code
from tests.gate.conftest import Desk, ask_for_code, awaited, later, open_gate, visit_of, wrong


def test_a_new_code_waits_a_minute_kills_the_old_one_and_keeps_the_tries(
    desk: Desk, verified_link: ShareLink, now: datetime
) -> None:
    visit = visit_of("ada", verified_link, now)
    challenge_id, code = ask_for_code(desk, visit)
    with pytest.raises(WrongCode):
        answer_challenge(desk.gate, visit, challenge_id, wrong(code))
    early = visit_of("ada", verified_link, later(now, seconds=59))
    with pytest.raises(TooManyRequests):
        resend_code(desk.gate, early, challenge_id)
    minute = visit_of("ada", verified_link, later(now, seconds=60))
    resend_code(desk.gate, minute, challenge_id)
    challenge = get_challenge(desk.gate.db, challenge_id)
    assert challenge is not None
    assert (challenge.tries, challenge.send_count) == (1, 2)
    fresh = desk.newest_code(minute.now)
    if fresh != code:
        with pytest.raises(WrongCode):
            answer_challenge(desk.gate, minute, challenge_id, code)
    assert isinstance(answer_challenge(desk.gate, minute, challenge_id, fresh), Grant)


def test_a_challenge_is_sent_three_times_and_then_waits_until_its_code_is_dead(
    desk: Desk, verified_link: ShareLink, now: datetime
) -> None:
    visit = visit_of("ada", verified_link, now)
    challenge_id, _ = ask_for_code(desk, visit)
    for minutes in (1, 2):
        resend_code(
            desk.gate, visit_of("ada", verified_link, later(now, minutes=minutes)), challenge_id
        )
    with pytest.raises(TooManyRequests) as refusal:
        resend_code(desk.gate, visit_of("ada", verified_link, later(now, minutes=4)), challenge_id)
    assert refusal.value.wait.total_seconds() == 8 * 60
    after = visit_of("ada", verified_link, later(now, minutes=12))
    resend_code(desk.gate, after, challenge_id)
    assert awaited(desk, after) != challenge_id


def test_after_five_wrong_codes_a_new_one_opens_a_new_challenge(
    desk: Desk, verified_link: ShareLink, now: datetime
) -> None:
    visit = visit_of("ada", verified_link, now)
    challenge_id, code = ask_for_code(desk, visit)
    for _ in range(4):
        with pytest.raises(WrongCode):
            answer_challenge(desk.gate, visit, challenge_id, wrong(code))
    with pytest.raises(ChallengeClosed) as refusal:
        answer_challenge(desk.gate, visit, challenge_id, wrong(code))
    assert refusal.value.wait.total_seconds() == 60
    minute = visit_of("ada", verified_link, later(now, seconds=60))
    resend_code(desk.gate, minute, challenge_id)
    renewed = awaited(desk, minute)
    assert renewed != challenge_id
    answer = answer_challenge(desk.gate, minute, renewed, desk.newest_code(minute.now))
    assert isinstance(answer, Grant)


def test_submitting_twice_sends_one_code(
    desk: Desk, verified_link: ShareLink, now: datetime
) -> None:
    visit = visit_of("ada", verified_link, now)
    first, _ = ask_for_code(desk, visit)
    second, _ = ask_for_code(desk, visit)
    assert first == second
    assert len(list(desk.outbox.iterdir())) == 1


def test_changing_the_address_back_and_forth_does_not_send_at_once(
    desk: Desk, verified_link: ShareLink, now: datetime
) -> None:
    visit = visit_of("ada", verified_link, now)
    ask_for_code(desk, visit)
    withdraw_entry(desk.gate, visit)
    assert read_entry(desk.gate, visit) is None
    with pytest.raises(TooManyRequests):
        ask_for_code(desk, visit)


def test_a_withdrawn_code_is_dead(desk: Desk, verified_link: ShareLink, now: datetime) -> None:
    visit = visit_of("ada", verified_link, now)
    challenge_id, code = ask_for_code(desk, visit)
    withdraw_entry(desk.gate, visit)
    with pytest.raises(WrongCode):
        answer_challenge(desk.gate, visit, challenge_id, code)


class _Failing:
    def __init__(self, kind: FailureKind) -> None:
        self._kind = kind

    def deliver(self, message: CodeMessage) -> None:
        raise SendingFailed("the server is down", self._kind, retry_delays=(15.0,))

    def probe(self) -> None:
        raise AssertionError("nobody is denied here")


@pytest.mark.parametrize(
    ("kind", "is_told"),
    [
        (FailureKind.UNREACHABLE, True),
        (FailureKind.REFUSED, True),
        (FailureKind.STOPPED, True),
        (FailureKind.BUSY, False),
        (FailureKind.ADDRESS, False),
        (FailureKind.UNKNOWN, False),
    ],
)
def test_a_failure_is_told_at_the_gate_only_where_it_helps(
    desk: Desk, verified_link: ShareLink, now: datetime, kind: FailureKind, is_told: bool
) -> None:
    gate = open_gate(desk.gate.db, _Failing(kind), now)
    visit = visit_of("ada", verified_link, now)
    entry = submit_entry(gate, visit, [parse_email("ada@example.com")])
    assert isinstance(entry, GateEntry)
    gate.queues[Channel.EMAIL].work_off()
    challenge = find_awaited_challenge(gate, entry)
    assert challenge is not None
    assert has_sending_failed(gate.db, challenge) is is_told
