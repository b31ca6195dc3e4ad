"""Answering a code: once, in time, by the browser that asked, on the link it asked for."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest

from data.challenges import get_challenge
from data.links import revoke_share_link
from data.records import Channel, ShareLink
from gate.challenges import MoreCodesNeeded, answer_challenge
from gate.delivery.outbox import find_outbox_messages
from gate.entries import submit_entry
from gate.errors import (
    ChallengeClosed,
    ClockBehind,
    GateRefusal,
    LinkUnavailable,
    MalformedCode,
    WrongCode,
)
from gate.identifiers import parse_email, parse_whatsapp
from gate.passes import Grant, claim_grant, read_pass
from gate.visits import Gate, Visit
from tests.gate.conftest import Desk, LinkMaker, ask_for_code, awaited, later, visit_of, wrong


def test_a_right_code_grants(desk: Desk, verified_link: ShareLink, now: datetime) -> None:
    visit = visit_of("ada", verified_link, now)
    challenge_id, code = ask_for_code(desk, visit)
    grant = answer_challenge(desk.gate, visit, challenge_id, code)
    assert isinstance(grant, Grant)
    cookie = claim_grant(desk.gate.db, visit.browser_hash, grant.token, now)
    fresh = visit_of(cookie, verified_link, now)
    live = read_pass(desk.gate.db, desk.gate.pepper, fresh.browser_hash, verified_link, now)
    assert live is not None
    assert live.is_verified


def test_the_old_cookie_opens_nothing_once_it_was_rotated(
    desk: Desk, verified_link: ShareLink, now: datetime
) -> None:
    visit = visit_of("ada", verified_link, now)
    challenge_id, code = ask_for_code(desk, visit)
    grant = answer_challenge(desk.gate, visit, challenge_id, code)
    assert isinstance(grant, Grant)
    assert read_pass(desk.gate.db, desk.gate.pepper, visit.browser_hash, verified_link, now) is None
    claim_grant(desk.gate.db, visit.browser_hash, grant.token, now)
    assert read_pass(desk.gate.db, desk.gate.pepper, visit.browser_hash, verified_link, now) is None


def test_a_grant_is_claimed_once_in_time_and_by_its_own_browser(
    desk: Desk, verified_link: ShareLink, now: datetime
) -> None:
    visit = visit_of("ada", verified_link, now)
    challenge_id, code = ask_for_code(desk, visit)
    grant = answer_challenge(desk.gate, visit, challenge_id, code)
    assert isinstance(grant, Grant)
    eve = visit_of("eve", verified_link, now)
    ask_for_code(desk, eve, "eve@example.com")
    with pytest.raises(WrongCode):
        claim_grant(desk.gate.db, eve.browser_hash, grant.token, now)
    with pytest.raises(WrongCode):
        claim_grant(desk.gate.db, visit.browser_hash, grant.token, later(now, seconds=30))
    claim_grant(desk.gate.db, visit.browser_hash, grant.token, later(now, seconds=29))
    with pytest.raises(WrongCode):
        claim_grant(desk.gate.db, visit.browser_hash, grant.token, later(now, seconds=29))


def test_32_parallel_right_answers_grant_exactly_once(
    desk: Desk, verified_link: ShareLink, now: datetime
) -> None:
    visit = visit_of("ada", verified_link, now)
    challenge_id, code = ask_for_code(desk, visit)
    outcomes = _answer_in_parallel(desk.gate, [(visit, challenge_id, code)] * 32)
    assert sum(isinstance(outcome, Grant) for outcome in outcomes) == 1
    assert desk.gate.db.rows("select count(*) from pass") == [(1,)]


def test_of_32_parallel_wrong_answers_exactly_5_are_counted_and_the_challenge_closes(
    desk: Desk, verified_link: ShareLink, now: datetime
) -> None:
    visit = visit_of("ada", verified_link, now)
    challenge_id, code = ask_for_code(desk, visit)
    _answer_in_parallel(desk.gate, [(visit, challenge_id, wrong(code))] * 32)
    challenge = get_challenge(desk.gate.db, challenge_id)
    assert challenge is not None
    assert challenge.tries == 5
    with pytest.raises(ChallengeClosed):
        answer_challenge(desk.gate, visit, challenge_id, code)


def _answer_in_parallel(gate: Gate, answers: list[tuple[Visit, int, str]]) -> list[object]:
    def answer(one: tuple[Visit, int, str]) -> object:
        visit, challenge_id, code = one
        try:
            return answer_challenge(gate, visit, challenge_id, code)
        except GateRefusal as refusal:
            return refusal

    with ThreadPoolExecutor(32) as pool:
        return list(pool.map(answer, answers))


def test_a_wrong_code_is_counted_though_it_is_refused(
    desk: Desk, verified_link: ShareLink, now: datetime
) -> None:
    visit = visit_of("ada", verified_link, now)
    challenge_id, code = ask_for_code(desk, visit)
    with pytest.raises(WrongCode):
        answer_challenge(desk.gate, visit, challenge_id, wrong(code))
    challenge = get_challenge(desk.gate.db, challenge_id)
    assert challenge is not None
    assert challenge.tries == 1


def test_what_cannot_be_a_code_costs_no_try(
    desk: Desk, verified_link: ShareLink, now: datetime
) -> None:
    visit = visit_of("ada", verified_link, now)
    challenge_id, _ = ask_for_code(desk, visit)
    for typed in ("", "12345", "1234567", "12345a", "١٢٣٤٥"):
        with pytest.raises(MalformedCode):
            answer_challenge(desk.gate, visit, challenge_id, typed)
    challenge = get_challenge(desk.gate.db, challenge_id)
    assert challenge is not None
    assert challenge.tries == 0


def test_a_code_is_refused_at_its_600th_second(
    desk: Desk, verified_link: ShareLink, now: datetime
) -> None:
    visit = visit_of("ada", verified_link, now)
    challenge_id, code = ask_for_code(desk, visit)
    late = visit_of("ada", verified_link, later(now, seconds=600))
    with pytest.raises(WrongCode):
        answer_challenge(desk.gate, late, challenge_id, code)
    in_time = visit_of("ada", verified_link, later(now, seconds=599))
    assert isinstance(answer_challenge(desk.gate, in_time, challenge_id, code), Grant)


def test_a_used_code_is_refused(desk: Desk, verified_link: ShareLink, now: datetime) -> None:
    visit = visit_of("ada", verified_link, now)
    challenge_id, code = ask_for_code(desk, visit)
    answer_challenge(desk.gate, visit, challenge_id, code)
    with pytest.raises(WrongCode):
        answer_challenge(desk.gate, visit, challenge_id, code)


def test_another_browser_cannot_use_the_code(
    desk: Desk, verified_link: ShareLink, now: datetime
) -> None:
    visit = visit_of("ada", verified_link, now)
    challenge_id, code = ask_for_code(desk, visit)
    eve = visit_of("eve", verified_link, now)
    with pytest.raises(WrongCode):
        answer_challenge(desk.gate, eve, challenge_id, code)
    ask_for_code(desk, eve, "eve@example.com")
    with pytest.raises(WrongCode):
        answer_challenge(desk.gate, eve, challenge_id, code)


def test_another_link_cannot_use_the_code(
    desk: Desk, verified_link: ShareLink, add_link: LinkMaker, now: datetime
) -> None:
    other = add_link("other", requires_email=True, verifies_email=True)
    visit = visit_of("ada", verified_link, now)
    challenge_id, code = ask_for_code(desk, visit)
    with pytest.raises(WrongCode):
        answer_challenge(desk.gate, visit_of("ada", other, now), challenge_id, code)
    assert desk.gate.db.rows("select count(*) from pass") == [(0,)]


def test_a_link_revoked_in_between_grants_nothing(
    desk: Desk, verified_link: ShareLink, now: datetime
) -> None:
    visit = visit_of("ada", verified_link, now)
    challenge_id, code = ask_for_code(desk, visit)
    with desk.gate.db.transaction() as tx:
        revoke_share_link(tx, verified_link.share_link_id, now)
    with pytest.raises(LinkUnavailable):
        answer_challenge(desk.gate, visit, challenge_id, code)


def test_a_code_from_the_future_is_void_when_the_clock_is_set_back(
    desk: Desk, verified_link: ShareLink, now: datetime
) -> None:
    visit = visit_of("ada", verified_link, now)
    challenge_id, code = ask_for_code(desk, visit)
    back = visit_of("ada", verified_link, later(now, hours=-2))
    with pytest.raises(WrongCode):
        answer_challenge(desk.gate, back, challenge_id, code)
    with pytest.raises(ClockBehind):
        submit_entry(
            desk.gate,
            visit_of("bob", verified_link, later(now, hours=-2)),
            [parse_email("bob@example.com")],
        )


def test_both_channels_are_proved_before_anything_opens(
    desk: Desk, add_link: LinkMaker, now: datetime
) -> None:
    rules = {f"{verb}_{channel}": True for verb in ("requires", "verifies") for channel in Channel}
    link = add_link("both", **rules)
    visit = visit_of("ada", link, now)
    given = [parse_email("ada@example.com"), parse_whatsapp("+5511987654321", None)]
    submit_entry(desk.gate, visit, given)
    desk.send()
    codes = {message.channel: message.code for message in find_outbox_messages(desk.outbox, now)}
    first = answer_challenge(desk.gate, visit, awaited(desk, visit), codes[Channel.EMAIL])
    assert isinstance(first, MoreCodesNeeded)
    assert desk.gate.db.rows("select count(*) from pass") == [(0,)]
    second = answer_challenge(desk.gate, visit, awaited(desk, visit), codes[Channel.WHATSAPP])
    assert isinstance(second, Grant)
    assert desk.gate.db.rows("select count(*) from contact") == [(1,)]
    assert desk.gate.db.rows("select count(*) from identifier where verified_at is not null") == [
        (2,)
    ]


def test_no_code_and_no_address_is_written_down(
    desk: Desk, verified_link: ShareLink, now: datetime
) -> None:
    visit = visit_of("ada", verified_link, now)
    challenge_id, code = ask_for_code(desk, visit)
    answer_challenge(desk.gate, visit, challenge_id, code)
    trail = str(desk.gate.db.rows("select * from audit")) + str(
        desk.gate.db.rows("select * from gate_event")
    )
    assert "a***@e***.com" in trail
    assert code not in trail
    assert "ada@example.com" not in trail
    assert verified_link.slug not in trail.replace("'verified'", "")
