"""The queue of codes: who waits, who is told, and what a restart leaves behind."""

import time
from dataclasses import dataclass, field
from datetime import datetime

import pytest

from data.deliveries import DeliveryState, get_last_delivery
from data.entries import GateEntry
from data.gate_events import GateStep, has_recent_step
from data.list_entries import EntryForm, ListEntry, ListSide, insert_list_entry
from data.records import Challenge, Channel, ShareLink
from gate.challenges import find_awaited_challenge
from gate.deliveries import has_sending_failed, open_queues, void_unsent
from gate.delivery.deliverer import CodeMessage, FailureKind, SendingFailed
from gate.entries import read_entry, submit_entry
from gate.errors import DeliveryFailed
from gate.identifiers import parse_email
from gate.openings import record_opening
from gate.sendings import resend_code
from gate.upkeep import note_abandoned
from gate.visits import Gate, Visit
from tests.gate.conftest import Desk, later, open_gate, visit_of


@dataclass
class Carrier:
    """Delivers, unless it was told how to fail."""

    failures: list[SendingFailed] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    probes: int = 0

    def deliver(self, message: CodeMessage) -> str | None:
        if self.failures:
            raise self.failures.pop(0)
        self.codes.append(message.code)
        return f"id-{len(self.codes)}"

    def probe(self) -> None:
        self.probes += 1
        if self.failures:
            raise self.failures.pop(0)


def ask(gate: Gate, visit: Visit, address: str = "ada@example.com") -> Challenge:
    entry = submit_entry(gate, visit, [parse_email(address)])
    assert isinstance(entry, GateEntry)
    challenge = find_awaited_challenge(gate, entry)
    assert challenge is not None
    return challenge


def state_of(gate: Gate, challenge: Challenge) -> DeliveryState:
    delivery = get_last_delivery(gate.db, challenge.challenge_id)
    assert delivery is not None
    return delivery.state


def test_nobody_at_the_gate_waits_for_the_provider(
    desk: Desk, verified_link: ShareLink, now: datetime
) -> None:
    carrier = Carrier()
    gate = open_gate(desk.gate.db, carrier, now)
    challenge = ask(gate, visit_of("ada", verified_link, now))
    assert carrier.codes == []
    assert state_of(gate, challenge) is DeliveryState.QUEUED
    gate.queues[Channel.EMAIL].work_off()
    assert len(carrier.codes) == 1
    assert state_of(gate, challenge) is DeliveryState.ACCEPTED


def test_a_greylisted_mail_is_tried_again_and_nothing_is_said(
    desk: Desk, verified_link: ShareLink, now: datetime
) -> None:
    busy = SendingFailed("later", FailureKind.BUSY, retry_delays=(15, 60))
    carrier = Carrier([busy, busy])
    gate = open_gate(desk.gate.db, carrier, now)
    challenge = ask(gate, visit_of("ada", verified_link, now))
    queue = gate.queues[Channel.EMAIL]
    queue.work_off()
    assert (carrier.codes, queue.count_waiting()) == ([], 1)
    assert not has_sending_failed(gate.db, challenge)
    queue.work_off(later_too=True)
    assert len(carrier.codes) == 1


def test_the_last_failure_is_told(desk: Desk, verified_link: ShareLink, now: datetime) -> None:
    busy = SendingFailed("later", FailureKind.BUSY, retry_delays=(15,))
    gate = open_gate(desk.gate.db, Carrier([busy, busy]), now)
    challenge = ask(gate, visit_of("ada", verified_link, now))
    gate.queues[Channel.EMAIL].work_off(later_too=True)
    assert has_sending_failed(gate.db, challenge)


def test_a_code_that_was_replaced_is_never_sent(
    desk: Desk, verified_link: ShareLink, now: datetime
) -> None:
    carrier = Carrier()
    gate = open_gate(desk.gate.db, carrier, now)
    challenge = ask(gate, visit_of("ada", verified_link, now))
    resend_code(
        gate, visit_of("ada", verified_link, later(now, seconds=60)), challenge.challenge_id
    )
    gate.queues[Channel.EMAIL].work_off()
    assert len(carrier.codes) == 1


def test_a_full_queue_is_told_and_the_next_try_works(
    desk: Desk, verified_link: ShareLink, now: datetime
) -> None:
    carriers = dict.fromkeys(Channel, Carrier())
    queues = open_queues(desk.gate.db, carriers, lambda: now, workers=0, most_waiting=1)
    gate = Gate(desk.gate.db, desk.gate.pepper, queues)
    ask(gate, visit_of("ada", verified_link, now))
    visit = visit_of("bob", verified_link, now)
    with pytest.raises(DeliveryFailed):
        ask(gate, visit, "bob@example.com")
    queues[Channel.EMAIL].work_off()
    entry = read_entry(gate, visit)
    assert entry is not None
    challenge = find_awaited_challenge(gate, entry)
    assert challenge is not None
    assert has_sending_failed(gate.db, challenge)
    resend_code(gate, visit, challenge.challenge_id)
    queues[Channel.EMAIL].work_off()
    assert len(carriers[Channel.EMAIL].codes) == 2


def test_a_restart_voids_what_was_not_sent_and_says_so(
    desk: Desk, verified_link: ShareLink, now: datetime
) -> None:
    visit = visit_of("ada", verified_link, now)
    challenge = ask(desk.gate, visit)
    assert void_unsent(desk.gate.db, now) == 1
    entry = read_entry(desk.gate, visit)
    assert entry is not None
    voided = find_awaited_challenge(desk.gate, entry)
    assert voided is not None
    assert has_sending_failed(desk.gate.db, voided)
    assert state_of(desk.gate, challenge) is DeliveryState.DROPPED
    resend_code(desk.gate, visit, challenge.challenge_id)
    desk.newest_code(now)


BUSY = SendingFailed("later", FailureKind.BUSY, retry_delays=(15,))
DOWN = SendingFailed("down", FailureKind.UNREACHABLE, retry_delays=(15,))
WRONG = SendingFailed("wrong settings", FailureKind.REFUSED)
REJECTED = SendingFailed("not this one", FailureKind.MESSAGE)


def hear(
    desk: Desk, link: ShareLink, now: datetime, address: str, failures: list[SendingFailed]
) -> list[bool]:
    """Whether the viewer hears of a failure: after the first try, and after all of them."""
    gate = open_gate(desk.gate.db, Carrier(list(failures)), now)
    challenge = ask(gate, visit_of(f"{address} {len(failures)}", link, now), address)
    heard = []
    for later_too in (False, True):
        gate.queues[Channel.EMAIL].work_off(later_too=later_too)
        heard.append(has_sending_failed(gate.db, challenge))
    return heard


@pytest.mark.parametrize(
    ("failures", "heard"),
    [
        ([], [False, False]),
        ([DOWN], [True, False]),
        ([DOWN, DOWN], [True, True]),
        ([BUSY], [False, False]),
        ([BUSY, BUSY], [False, True]),
        ([WRONG], [True, True]),
        ([SendingFailed("locked", FailureKind.STOPPED)], [True, True]),
        ([SendingFailed("slow", FailureKind.UNKNOWN)], [False, False]),
    ],
    ids=str,
)
def test_who_is_denied_hears_of_an_outage_just_as_who_is_not(
    desk: Desk,
    verified_link: ShareLink,
    now: datetime,
    failures: list[SendingFailed],
    heard: list[bool],
) -> None:
    deny_eve(desk, verified_link, now)
    assert hear(desk, verified_link, now, "ada@example.com", failures) == heard
    assert hear(desk, verified_link, now, "eve@example.com", failures) == heard


def deny_eve(desk: Desk, link: ShareLink, now: datetime) -> None:
    entry = ListEntry(ListSide.DENY, EntryForm.ADDRESS, "eve@example.com", "eve@example.com")
    with desk.gate.db.transaction() as tx:
        insert_list_entry(tx, link.share_link_id, entry, now)


@pytest.mark.parametrize(
    ("failure", "is_heard"), [(BUSY, False), (REJECTED, False), (WRONG, True)], ids=str
)
def test_a_message_that_fails_by_itself_says_nothing_to_who_is_denied(
    desk: Desk, verified_link: ShareLink, now: datetime, failure: SendingFailed, is_heard: bool
) -> None:
    deny_eve(desk, verified_link, now)
    carrier = Carrier([failure, failure][: 1 + (failure is BUSY)])
    gate = open_gate(desk.gate.db, carrier, now)
    queue = gate.queues[Channel.EMAIL]
    ask(gate, visit_of("mallory", verified_link, now), "mallory@example.com")
    queue.work_off(later_too=True)
    denied = ask(gate, visit_of("eve", verified_link, now), "eve@example.com")
    queue.work_off()
    assert has_sending_failed(gate.db, denied) is is_heard
    assert carrier.probes == (0 if is_heard else 1)


def test_a_channels_trouble_is_over_with_the_next_message(
    desk: Desk, verified_link: ShareLink, now: datetime
) -> None:
    gate = open_gate(desk.gate.db, Carrier([WRONG]), now)
    queue = gate.queues[Channel.EMAIL]
    for browser, reason in (("ada", "wrong settings"), ("bob", None)):
        ask(gate, visit_of(browser, verified_link, now), f"{browser}@example.com")
        queue.work_off()
        assert (queue.trouble.reason if queue.trouble else None) == reason


def test_a_stopped_channel_sends_nothing_until_its_owner_acts(
    desk: Desk, verified_link: ShareLink, now: datetime
) -> None:
    carrier = Carrier([SendingFailed("locked", FailureKind.STOPPED)])
    gate = open_gate(desk.gate.db, carrier, now)
    queue = gate.queues[Channel.EMAIL]
    for number in range(2):
        ask(gate, visit_of(f"b{number}", verified_link, now), f"p{number}@example.com")
        queue.work_off()
    assert (queue.stopped_because, carrier.codes) == ("locked", [])
    queue.resume()
    ask(gate, visit_of("b3", verified_link, now), "p3@example.com")
    queue.work_off()
    assert len(carrier.codes) == 1


def test_the_threads_send_by_themselves_and_survive_a_broken_carrier(
    desk: Desk, verified_link: ShareLink, now: datetime
) -> None:
    class Broken(Carrier):
        def deliver(self, message: CodeMessage) -> str | None:
            if not self.codes:
                self.codes.append("broken")
                raise RuntimeError("a bug")
            return super().deliver(message)

    carrier = Broken()
    queues = open_queues(desk.gate.db, {Channel.EMAIL: carrier}, lambda: now, workers=1)
    gate = Gate(desk.gate.db, desk.gate.pepper, queues)
    for number in range(3):
        ask(gate, visit_of(f"b{number}", verified_link, now), f"p{number}@example.com")
    for _ in range(200):
        if len(carrier.codes) == 3:
            break
        queues[Channel.EMAIL].count_waiting()
        time.sleep(0.02)
    queues[Channel.EMAIL].close()
    assert len(carrier.codes) == 3
    assert not queues[Channel.EMAIL].put(None)  # type: ignore[arg-type]


def test_who_goes_away_is_noted_once(desk: Desk, verified_link: ShareLink, now: datetime) -> None:
    ask(desk.gate, visit_of("ada", verified_link, now))
    assert note_abandoned(desk.gate, later(now, minutes=19)) == 0
    assert note_abandoned(desk.gate, later(now, minutes=21)) == 1
    assert note_abandoned(desk.gate, later(now, minutes=22)) == 0


def test_an_opening_is_noted_once_in_half_an_hour(
    desk: Desk, verified_link: ShareLink, now: datetime
) -> None:
    for minutes in (0, 10, 29, 31):
        record_opening(desk.gate, visit_of("ada", verified_link, later(now, minutes=minutes)))
    record_opening(desk.gate, Visit("eve", "no such link", now))
    [row] = desk.gate.db.rows("select count(*) from gate_event where event = 'opened'")
    assert row == (2,)
    assert has_recent_step(
        desk.gate.db,
        step=GateStep.OPENED,
        share_link_id=verified_link.share_link_id,
        browser_id=1,
        since=now,
    )
