"""Signing in by email and password, and by a second factor: once, within limits, told alike."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest

from data.database import Database
from gate.codes import Pepper, secret_hash
from gate.errors import ChallengeClosed, GateRefusal, TooManyRequests, WrongCode, WrongPassword
from gate.member_passwords import is_members_password
from gate.members import create_account, read_member
from gate.membership import remove_member
from gate.settings import Settings
from gate.sign_in import (
    SignInGrant,
    claim_sign_in,
    find_half_signed_in,
    give_member_password,
    give_second_factor,
    give_sign_in_up,
)
from gate.visits import Gate
from tests.gate.conftest import later
from tests.gate.members_at_work import (
    AGENT,
    PASSWORD,
    desk_visit,
    first_owner,
    join,
    sign_in,
    turn_totp_on,
)

ANN = "ann@example.com"


@pytest.fixture
def gate(db: Database, now: datetime) -> Gate:
    """An account with its first owner, and Ann, an analyst with a password."""
    create_account(db, Settings(), now)
    join(db, ANN, now)
    return Gate(db, Pepper(b"p" * 32), {})


def test_the_right_password_signs_in_with_a_fresh_cookie(gate: Gate, now: datetime) -> None:
    cookie = sign_in(gate, " Ann@Example.COM ", "fixed", now)
    found = read_member(gate.db, secret_hash(cookie), now)
    assert found is not None
    assert found.email == ANN
    assert read_member(gate.db, secret_hash("fixed"), now) is None


@pytest.mark.parametrize("email", [ANN, "nobody@example.com", "owner@localhost", "", "x" * 999])
def test_a_wrong_password_and_an_unknown_email_are_told_alike(
    gate: Gate, now: datetime, email: str
) -> None:
    with pytest.raises(WrongPassword):
        give_member_password(gate, desk_visit("eve", now), email, "not this one at all")


def test_an_unknown_email_costs_the_same_work(
    gate: Gate, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[str] = []

    def note(stored: str, typed: str) -> bool:
        compared.append(stored[:10])
        return False

    monkeypatch.setattr("gate.member_passwords.is_right_password", note)
    for email in (ANN, "nobody@example.com", "owner@localhost"):
        with pytest.raises(WrongPassword):
            give_member_password(gate, desk_visit("eve", now), email, PASSWORD)
    assert compared == ["$argon2id$"] * 3


def test_no_password_is_right_where_none_was_set() -> None:
    assert not is_members_password(None, "")
    assert not is_members_password(None, "-")


def test_a_grant_works_once_in_its_own_browser_for_30_seconds(gate: Gate, now: datetime) -> None:
    visit = desk_visit("ann", now)
    step = give_member_password(gate, visit, ANN, PASSWORD)
    assert isinstance(step, SignInGrant)
    for eve in (desk_visit("eve", now), desk_visit("ann", later(now, seconds=30))):
        with pytest.raises(WrongCode):
            claim_sign_in(gate.db, eve, step.token, browser_name=AGENT)
    assert claim_sign_in(gate.db, visit, step.token, browser_name=AGENT)
    with pytest.raises(WrongCode):
        claim_sign_in(gate.db, visit, step.token, browser_name=AGENT)


def test_a_grant_of_a_removed_member_opens_nothing(gate: Gate, now: datetime) -> None:
    visit = desk_visit("ann", now)
    step = give_member_password(gate, visit, ANN, PASSWORD)
    assert isinstance(step, SignInGrant)
    remove_member(gate.db, 2, first_owner(gate.db), now)
    with pytest.raises(WrongCode):
        claim_sign_in(gate.db, visit, step.token, browser_name=AGENT)
    with pytest.raises(WrongPassword):
        give_member_password(gate, visit, ANN, PASSWORD)


def test_ten_wrong_passwords_hold_an_email_up_in_every_browser(gate: Gate, now: datetime) -> None:
    for number in range(10):
        with pytest.raises(WrongPassword):
            give_member_password(gate, desk_visit(f"eve{number}", now), ANN, "a wrong password")
    with pytest.raises(TooManyRequests) as held:
        give_member_password(gate, desk_visit("ann", later(now, minutes=1)), ANN, PASSWORD)
    assert held.value.wait.total_seconds() == 9 * 60
    assert sign_in(gate, ANN, "ann", later(now, minutes=10))


def test_right_passwords_use_no_tries_up(gate: Gate, now: datetime) -> None:
    for number in range(12):
        assert sign_in(gate, ANN, f"ann{number}", now)


def test_a_browser_and_a_network_are_held_up_whatever_email_they_try(
    gate: Gate, now: datetime
) -> None:
    for number in range(10):
        with pytest.raises(WrongPassword):
            give_member_password(gate, desk_visit("eve", now), f"{number}@example.com", "wrong one")
    with pytest.raises(TooManyRequests):
        give_member_password(gate, desk_visit("eve", now), ANN, PASSWORD)


def test_many_threads_get_as_many_tries_as_the_limit_gives(gate: Gate, now: datetime) -> None:
    def attempt(number: int) -> type[GateRefusal] | None:
        try:
            give_member_password(gate, desk_visit(f"eve{number}", now), ANN, "a wrong password")
        except GateRefusal as refusal:
            return type(refusal)
        return None

    with ThreadPoolExecutor(16) as threads:
        told = list(threads.map(attempt, range(16)))
    assert told.count(WrongPassword) == 10
    assert told.count(TooManyRequests) == 6


def test_a_second_factor_is_asked_for_and_its_code_works_once(gate: Gate, now: datetime) -> None:
    member, _ = join(gate.db, "tom@example.com", now, browser="tom")
    app, _ = turn_totp_on(gate, member, now)
    soon = later(now, seconds=30)
    for browser in ("one", "two"):
        give_member_password(gate, desk_visit(browser, soon), member.email, PASSWORD)
        assert find_half_signed_in(gate.db, desk_visit(browser, soon)) == member
        assert read_member(gate.db, secret_hash(browser), soon) is None
    grant = give_second_factor(gate, desk_visit("one", soon), app.at(soon))
    assert claim_sign_in(gate.db, desk_visit("one", soon), grant.token, browser_name=AGENT)
    for used in (app.at(soon), app.at(now)):
        with pytest.raises(WrongCode):
            give_second_factor(gate, desk_visit("two", soon), used)


def test_a_code_given_by_many_at_once_signs_one_in(gate: Gate, now: datetime) -> None:
    member, _ = join(gate.db, "tom@example.com", now, browser="tom")
    app, _ = turn_totp_on(gate, member, now)
    soon = later(now, seconds=30)
    for number in range(4):
        give_member_password(gate, desk_visit(f"b{number}", soon), member.email, PASSWORD)

    def answer(number: int) -> bool:
        try:
            give_second_factor(gate, desk_visit(f"b{number}", soon), app.at(soon))
        except WrongCode:
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(answer, range(4))) == 1


@pytest.mark.parametrize(("seconds", "is_right"), [(-60, False), (-30, True), (30, True)])
def test_an_apps_clock_may_be_30_seconds_off(
    gate: Gate, now: datetime, seconds: int, is_right: bool
) -> None:
    member, _ = join(gate.db, "tom@example.com", now, browser="tom")
    app, _ = turn_totp_on(gate, member, later(now, minutes=-5))
    give_member_password(gate, desk_visit("one", now), member.email, PASSWORD)
    code = app.at(later(now, seconds=seconds))
    if is_right:
        assert give_second_factor(gate, desk_visit("one", now), code)
    else:
        with pytest.raises(WrongCode):
            give_second_factor(gate, desk_visit("one", now), code)


def test_a_recovery_code_works_once_however_it_is_typed(gate: Gate, now: datetime) -> None:
    member, _ = join(gate.db, "tom@example.com", now, browser="tom")
    _, codes = turn_totp_on(gate, member, now)
    assert len(set(codes)) == 10
    give_member_password(gate, desk_visit("one", now), member.email, PASSWORD)
    assert give_second_factor(gate, desk_visit("one", now), f" {codes[0].upper()} ")
    give_member_password(gate, desk_visit("one", now), member.email, PASSWORD)
    with pytest.raises(WrongCode):
        give_second_factor(gate, desk_visit("one", now), codes[0])
    assert give_second_factor(gate, desk_visit("one", now), codes[1].replace("-", " "))


def test_five_wrong_codes_hold_the_member_up(gate: Gate, now: datetime) -> None:
    member, _ = join(gate.db, "tom@example.com", now, browser="tom")
    app, _ = turn_totp_on(gate, member, later(now, minutes=-5))
    give_member_password(gate, desk_visit("one", now), member.email, PASSWORD)
    for _ in range(5):
        with pytest.raises(WrongCode):
            give_second_factor(gate, desk_visit("one", now), "000000")
    with pytest.raises(TooManyRequests):
        give_second_factor(gate, desk_visit("one", now), app.at(now))


def test_a_code_without_the_password_opens_nothing(gate: Gate, now: datetime) -> None:
    member, _ = join(gate.db, "tom@example.com", now, browser="tom")
    app, _ = turn_totp_on(gate, member, later(now, minutes=-5))
    with pytest.raises(ChallengeClosed):
        give_second_factor(gate, desk_visit("eve", now), app.at(now))
    give_member_password(gate, desk_visit("one", now), member.email, PASSWORD)
    with pytest.raises(ChallengeClosed):
        give_second_factor(gate, desk_visit("one", later(now, minutes=5)), app.at(now))
    give_sign_in_up(gate, desk_visit("one", now))
    with pytest.raises(ChallengeClosed):
        give_second_factor(gate, desk_visit("one", now), app.at(now))


def test_what_was_wrong_is_in_the_trail_without_an_address(gate: Gate, now: datetime) -> None:
    with pytest.raises(WrongPassword):
        give_member_password(gate, desk_visit("eve", now), ANN, "a wrong password")
    rows = gate.db.rows("select * from audit where event = 'sign_in_failed'")
    assert len(rows) == 1
    assert "a***@e***.com" in str(rows[0])
    assert ANN not in str(rows[0])
