"""What Eve tries, each by its name, and that she gets nothing."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from data.attempts import Act, insert_attempt
from data.blocks import BlockKind, get_block
from data.challenges import get_challenge
from data.database import Database
from data.entries import GateEntry
from data.list_entries import EntryForm, ListEntry, ListSide, insert_list_entry
from data.records import ShareLink
from gate.attempts import make_attempt, note_failure
from gate.challenges import answer_challenge
from gate.codes import Pepper, secret_hash
from gate.entries import submit_entry
from gate.errors import ChallengeClosed, ClockBehind, GateRefusal, TooManyRequests, WrongCode
from gate.identifiers import parse_email, parse_whatsapp
from gate.limits import MOST_FAILURES_IN_A_ROW
from gate.passes import Grant, claim_grant, read_pass
from gate.sendings import resend_code
from gate.visits import Doorstep, Gate, Visit
from tests.gate.conftest import (
    Desk,
    LinkMaker,
    ask_for_code,
    awaited,
    later,
    visit_of,
    wrong,
)

ADA, EVE = "ada@example.com", "eve@example.com"


def fail(desk: Desk, visit: Visit, challenge_id: int, code: str) -> GateRefusal:
    with pytest.raises(GateRefusal) as refusal:
        answer_challenge(desk.gate, visit, challenge_id, wrong(code))
    return refusal.value


def test_brute_force_of_one_code_ends_after_five_tries(
    desk: Desk, verified_link: ShareLink, now: datetime
) -> None:
    visit = visit_of("eve", verified_link, now)
    challenge_id, code = ask_for_code(desk, visit)
    refusals = [type(fail(desk, visit, challenge_id, code)) for _ in range(5)]
    assert refusals == [WrongCode] * 4 + [ChallengeClosed]
    with pytest.raises(ChallengeClosed):
        answer_challenge(desk.gate, visit, challenge_id, code)


def test_a_resend_does_not_reset_failures(
    desk: Desk, verified_link: ShareLink, now: datetime
) -> None:
    challenge_id, code = ask_for_code(desk, visit_of("eve", verified_link, now))
    for _ in range(4):
        fail(desk, visit_of("eve", verified_link, now), challenge_id, code)
    minute = visit_of("eve", verified_link, later(now, seconds=60))
    resend_code(desk.gate, minute, challenge_id)
    assert isinstance(fail(desk, minute, challenge_id, code), ChallengeClosed)


def spend_failures(desk: Desk, link: ShareLink, browser: str, now: datetime) -> list[GateRefusal]:
    """All that one challenge gives: five wrong tries, or what stood before them."""
    visit = visit_of(browser, link, now)
    try:
        challenge_id, code = ask_for_code(desk, visit)
    except GateRefusal as refusal:
        return [refusal]
    return [fail(desk, visit, challenge_id, code) for _ in range(5)]


def test_brute_force_across_challenges_waits_longer_and_longer(
    desk: Desk, verified_link: ShareLink, now: datetime
) -> None:
    refusals = spend_failures(desk, verified_link, "eve0", now)
    assert [type(one) for one in refusals] == [WrongCode] * 4 + [ChallengeClosed]
    at, waits = now, []
    for number in range(1, 6):
        [refusal] = spend_failures(desk, verified_link, f"eve{number}", at)
        assert isinstance(refusal, TooManyRequests)
        waits.append(refusal.wait)
        at += refusal.wait
        visit = visit_of(f"eve{number}", verified_link, at)
        if number < 5:
            challenge_id, code = ask_for_code(desk, visit)
            fail(desk, visit, challenge_id, code)
    assert waits[:4] == [
        timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=8), timedelta(minutes=30)
    ]  # fmt: skip
    assert waits[4] == timedelta(minutes=60)


def test_ten_failures_in_a_day_are_all_there_are(
    desk: Desk, verified_link: ShareLink, now: datetime
) -> None:
    with desk.gate.db.transaction() as tx:
        for minute in range(10):
            at = Doorstep(verified_link, 1, later(now, minutes=minute))
            insert_attempt(tx, make_attempt(desk.gate.pepper, at, Act.FAILURE, parse_email(ADA)))
    with pytest.raises(TooManyRequests) as refusal:
        ask_for_code(desk, visit_of("eve", verified_link, later(now, hours=2)))
    assert refusal.value.wait == timedelta(hours=22)


def test_brute_force_across_links_is_counted_together(
    desk: Desk, add_link: LinkMaker, now: datetime
) -> None:
    links = [add_link(f"l{n}", requires_email=True, verifies_email=True) for n in range(3)]
    assert len(spend_failures(desk, links[0], "eve0", now)) == 5
    for number, link in enumerate(links[1:], 1):
        [refusal] = spend_failures(desk, link, f"eve{number}", now)
        assert isinstance(refusal, TooManyRequests)


def test_a_hundred_failures_in_a_row_disable_the_identifier_for_a_week(
    desk: Desk, verified_link: ShareLink, now: datetime
) -> None:
    attempt = make_attempt(
        desk.gate.pepper, Doorstep(verified_link, 1, now), Act.FAILURE, parse_email(ADA)
    )
    with desk.gate.db.transaction() as tx:
        for _ in range(MOST_FAILURES_IN_A_ROW):
            note_failure(tx, attempt)
    with pytest.raises(TooManyRequests) as refusal:
        ask_for_code(desk, visit_of("ada", verified_link, now))
    assert refusal.value.wait == timedelta(days=7)
    week_later = later(now, days=7)
    with desk.gate.db.transaction() as tx:
        note_failure(tx, replace(attempt, created_at=week_later))
    ask_for_code(desk, visit_of("ada", verified_link, week_later))


def lengthen(desk: Desk, link: ShareLink, now: datetime) -> None:
    """31 wrong codes by as many people."""
    with desk.gate.db.transaction() as tx:
        for number in range(31):
            typed = parse_email(f"person{number}@example.com")
            at = Doorstep(link, 1_000 + number, now)
            attempt = make_attempt(desk.gate.pepper, at, Act.FAILURE, typed)
            insert_attempt(tx, attempt)
            note_failure(tx, attempt)


def test_over_30_failures_an_hour_lengthen_a_links_codes_and_lock_nobody_out(
    desk: Desk, verified_link: ShareLink, now: datetime
) -> None:
    early, code = ask_for_code(desk, visit_of("bob", verified_link, now), "bob@example.com")
    assert len(code) == 6
    lengthen(desk, verified_link, now)
    minute = visit_of("bob", verified_link, later(now, minutes=1))
    resend_code(desk.gate, minute, early)
    longer = desk.newest_code(minute.now, "bob@example.com")
    assert len(longer) == 8
    assert isinstance(answer_challenge(desk.gate, minute, early, longer), Grant)
    for hours, digits in ((0, 8), (23, 8), (24, 6)):
        visit = visit_of(f"ada{hours}", verified_link, later(now, hours=hours))
        challenge_id, code = ask_for_code(desk, visit)
        assert len(code) == digits
        assert isinstance(answer_challenge(desk.gate, visit, challenge_id, code), Grant)


def together(act: Callable[[int], bool]) -> int:
    """How many of 32 threads succeeded."""
    with ThreadPoolExecutor(32) as pool:
        return sum(pool.map(act, range(32)))


def test_a_race_of_right_answers_grants_once(
    desk: Desk, verified_link: ShareLink, now: datetime
) -> None:
    visit = visit_of("ada", verified_link, now)
    challenge_id, code = ask_for_code(desk, visit)

    def answer(number: int) -> bool:
        try:
            return isinstance(answer_challenge(desk.gate, visit, challenge_id, code), Grant)
        except GateRefusal:
            return False

    assert together(answer) == 1
    assert desk.gate.db.rows("select count(*) from pass") == [(1,)]


def test_a_race_for_codes_sends_what_the_limits_give(
    desk: Desk, verified_link: ShareLink, now: datetime
) -> None:
    def ask(number: int) -> bool:
        try:
            visit = visit_of(f"eve{number}", verified_link, now)
            submit_entry(desk.gate, visit, [parse_email(ADA)])
        except TooManyRequests:
            return False
        return True

    assert together(ask) == 3
    assert desk.gate.db.rows("select count(*) from challenge") == [(3,)]


@pytest.mark.parametrize("elsewhere", ["link", "browser", "account"])
def test_replay_on_another_link_browser_or_account_grants_nothing(
    desk: Desk, add_link: LinkMaker, verified_link: ShareLink, now: datetime, elsewhere: str
) -> None:
    visit = visit_of("ada", verified_link, now)
    challenge_id, code = ask_for_code(desk, visit)
    gate, there = desk.gate, visit
    if elsewhere == "link":
        other = add_link("other", requires_email=True, verifies_email=True)
        there = visit_of("ada", other, now)
    elif elsewhere == "browser":
        there = visit_of("eve", verified_link, now)
        submit_entry(gate, there, [parse_email(ADA)])
    else:
        gate = Gate(gate.db, Pepper(b"q" * 32), gate.queues)
    with pytest.raises(GateRefusal):
        answer_challenge(gate, there, challenge_id, code)
    assert gate.db.rows("select count(*) from pass") == [(0,)]


def test_setting_the_clock_back_two_hours_issues_and_revives_nothing(
    desk: Desk, verified_link: ShareLink, now: datetime
) -> None:
    visit = visit_of("ada", verified_link, now)
    challenge_id, code = ask_for_code(desk, visit)
    back = visit_of("ada", verified_link, later(now, hours=-2))
    with pytest.raises(GateRefusal):
        answer_challenge(desk.gate, back, challenge_id, code)
    with pytest.raises(ClockBehind):
        ask_for_code(desk, visit_of("bob", verified_link, later(now, hours=-2)), EVE)
    grant = answer_challenge(desk.gate, visit, challenge_id, code)
    assert isinstance(grant, Grant)
    cookie = secret_hash(claim_grant(desk.gate.db, visit.browser_hash, grant.token, now))
    db, pepper = desk.gate.db, desk.gate.pepper
    assert read_pass(db, pepper, cookie, verified_link, later(now, hours=-2)) is None


def test_setting_the_clock_forward_ends_codes_and_passes(
    desk: Desk, verified_link: ShareLink, now: datetime
) -> None:
    visit = visit_of("ada", verified_link, now)
    challenge_id, code = ask_for_code(desk, visit)
    forward = visit_of("ada", verified_link, later(now, hours=2))
    with pytest.raises(WrongCode):
        answer_challenge(desk.gate, forward, challenge_id, code)
    grant = answer_challenge(desk.gate, visit, challenge_id, code)
    assert isinstance(grant, Grant)
    db, pepper = desk.gate.db, desk.gate.pepper
    cookie = secret_hash(claim_grant(db, visit.browser_hash, grant.token, now))
    assert read_pass(db, pepper, cookie, verified_link, now) is not None
    assert read_pass(db, pepper, cookie, verified_link, later(now, hours=24)) is None


def deny(db: Database, link: ShareLink, address: str, now: datetime) -> None:
    entry = ListEntry(ListSide.DENY, EntryForm.ADDRESS, address, address)
    with db.transaction() as tx:
        insert_list_entry(tx, link.share_link_id, entry, now)


def test_enumeration_finds_known_new_and_denied_addresses_alike(
    desk: Desk, verified_link: ShareLink, now: datetime
) -> None:
    known = visit_of("known", verified_link, now)
    challenge_id, code = ask_for_code(desk, known)
    answer_challenge(desk.gate, known, challenge_id, code)
    deny(desk.gate.db, verified_link, EVE, now)
    seen = []
    for address in (ADA, "new@example.com", EVE):
        visit = visit_of(f"as-{address}", verified_link, later(now, minutes=1))
        entry = submit_entry(desk.gate, visit, [parse_email(address)])
        assert isinstance(entry, GateEntry)
        challenge = get_challenge(desk.gate.db, awaited(desk, visit))
        assert challenge is not None
        refusal = type(fail(desk, visit, challenge.challenge_id, "123456"))
        seen.append((challenge.digits, challenge.send_count, refusal))
    assert len(set(seen)) == 1


def test_a_decoy_is_never_sent_and_grants_nothing(
    desk: Desk, verified_link: ShareLink, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gate.sendings.make_code", lambda digits: "123456")
    deny(desk.gate.db, verified_link, EVE, now)
    visit = visit_of("eve", verified_link, now)
    submit_entry(desk.gate, visit, [parse_email(EVE)])
    desk.send()
    assert list(desk.outbox.iterdir()) == []
    with pytest.raises(WrongCode):
        answer_challenge(desk.gate, visit, awaited(desk, visit), "123456")
    assert desk.gate.db.rows("select count(*) from contact") == [(0,)]


def test_50_viewers_behind_one_address_all_get_in(
    desk: Desk, verified_link: ShareLink, now: datetime
) -> None:
    for number in range(50):
        visit = Visit(secret_hash(f"b{number}"), verified_link.slug, now, "203.0.113.9/32")
        challenge_id, code = ask_for_code(desk, visit, f"person{number}@example.com")
        assert isinstance(answer_challenge(desk.gate, visit, challenge_id, code), Grant)


def test_numbers_that_begin_alike_and_never_answer_are_toll_fraud(
    desk: Desk, add_link: LinkMaker, now: datetime
) -> None:
    link = add_link("number", requires_whatsapp=True, verifies_whatsapp=True)
    numbers = [f"+551198765{number:04}" for number in range(22)]
    for number in numbers[:20]:
        visit = visit_of(number, link, now)
        submit_entry(desk.gate, visit, [parse_whatsapp(number, None)])
    late = visit_of("late", link, later(now, minutes=2))
    with pytest.raises(TooManyRequests) as refusal:
        submit_entry(desk.gate, late, [parse_whatsapp(numbers[20], None)])
    assert refusal.value.wait == timedelta(hours=12)
    assert get_block(desk.gate.db, BlockKind.NUMBER_PREFIX, "+55119", late.now) is not None
    other = visit_of("other", link, later(now, minutes=2))
    submit_entry(desk.gate, other, [parse_whatsapp("+447400123456", None)])


def test_resending_to_a_few_numbers_is_toll_fraud_too(
    desk: Desk, add_link: LinkMaker, now: datetime
) -> None:
    link = add_link("number", requires_whatsapp=True, verifies_whatsapp=True)
    for number in range(7):
        visit = visit_of(f"eve{number}", link, now)
        submit_entry(desk.gate, visit, [parse_whatsapp(f"+551198765{number:04}", None)])
        for minutes in (1, 2):
            again = visit_of(f"eve{number}", link, later(now, minutes=minutes))
            resend_code(desk.gate, again, awaited(desk, again))
    late = visit_of("late", link, later(now, minutes=4))
    with pytest.raises(TooManyRequests) as refusal:
        submit_entry(desk.gate, late, [parse_whatsapp("+5511987650020", None)])
    assert refusal.value.wait == timedelta(hours=12)


def test_who_is_held_up_on_one_channel_spends_nothing_on_the_other(
    desk: Desk, add_link: LinkMaker, now: datetime
) -> None:
    link = add_link("both", requires_email=True, verifies_email=True,
                    requires_whatsapp=True, verifies_whatsapp=True)  # fmt: skip
    number = parse_whatsapp("+447400123456", None)
    attempt = make_attempt(desk.gate.pepper, Doorstep(link, 1, now), Act.SEND, number)
    with desk.gate.db.transaction() as tx:
        for _ in range(3):
            insert_attempt(tx, attempt)
    with pytest.raises(TooManyRequests):
        submit_entry(desk.gate, visit_of("ada", link, now), [parse_email(ADA), number])
    spent = desk.gate.db.rows("select count(*) from attempt where act = 'send'")
    assert spent == [(3,)]
