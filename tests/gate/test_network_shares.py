"""One network's share of a link: it takes no more, and leaves the rest to everybody else."""

from dataclasses import replace
from datetime import datetime

import pytest
from argon2 import PasswordHasher

from data.list_entries import EntryForm, ListEntry, ListSide, insert_list_entry
from data.records import ShareLink
from gate.challenges import answer_challenge
from gate.entries import submit_entry
from gate.errors import NotListed, TooManyRequests, WrongPassword
from gate.identifiers import parse_email, parse_whatsapp
from gate.limits import adjust_limits
from gate.passes import Grant
from gate.passwords import answer_password
from gate.visits import Visit
from tests.gate.conftest import Desk, LinkMaker, ask_for_code, later, visit_of

HERE, ELSEWHERE = "203.0.113.7/32", "198.51.100.9/32"
VERIFIES_BOTH = ("requires_email", "verifies_email", "requires_whatsapp", "verifies_whatsapp")
RIGHT, WRONG = "open sesame", "x" * 200


def visit_from(network: str, browser: str, link: ShareLink, now: datetime) -> Visit:
    return replace(visit_of(browser, link, now), network=network)


@pytest.fixture
def locked(add_link: LinkMaker) -> ShareLink:
    """An open link with a password that is quickly compared."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    return add_link("word", password_hash=hasher.hash(RIGHT))


def guess(desk: Desk, link: ShareLink, network: str, now: datetime, *, times: int) -> int:
    """How many of so many wrong passwords were compared, each by a browser of its own."""
    compared = 0
    for number in range(times):
        visit = visit_from(network, f"{network} {number}", link, now)
        with pytest.raises((WrongPassword, TooManyRequests)) as refusal:
            answer_password(desk.gate, visit, WRONG)
        compared += refusal.type is WrongPassword
    return compared


def test_wrong_passwords_of_one_network_keep_nobody_else_from_the_link(
    desk: Desk, locked: ShareLink, now: datetime
) -> None:
    assert guess(desk, locked, HERE, now, times=70) == 20
    answer_password(desk.gate, visit_from(ELSEWHERE, "ada", locked, now), RIGHT)


def test_many_networks_together_guess_no_more_than_the_link_gives(
    desk: Desk, locked: ShareLink, now: datetime
) -> None:
    compared = [guess(desk, locked, f"203.0.113.{n}/32", now, times=21) for n in range(4)]
    assert compared == [20, 20, 20, 0]


def test_right_passwords_are_not_counted(desk: Desk, locked: ShareLink, now: datetime) -> None:
    for number in range(70):
        answer_password(desk.gate, visit_from(HERE, f"b{number}", locked, now), RIGHT)
    assert desk.gate.db.rows("select act from attempt") == []


def test_a_right_password_gives_back_its_own_try_and_no_other(
    desk: Desk, locked: ShareLink, now: datetime
) -> None:
    visit = visit_from(HERE, "ada", locked, now)
    with pytest.raises(WrongPassword):
        answer_password(desk.gate, visit, WRONG)
    answer_password(desk.gate, replace(visit, now=later(now, seconds=1)), RIGHT)
    rows = desk.gate.db.rows("select act, created_at from attempt order by act")
    assert rows == [("password", now), ("try", now)]


def test_a_password_that_was_not_compared_costs_its_browser_no_try(
    desk: Desk, locked: ShareLink, now: datetime
) -> None:
    guess(desk, locked, HERE, now, times=20)
    visit = visit_from(HERE, "ada", locked, now)
    for _ in range(11):
        with pytest.raises(TooManyRequests):
            answer_password(desk.gate, visit, RIGHT)
    answer_password(desk.gate, replace(visit, now=later(now, minutes=10)), RIGHT)
    assert desk.gate.db.rows("select count(*) from attempt where act = 'try'") == [(20,)]


def enter(desk: Desk, link: ShareLink, network: str, now: datetime, *, times: int) -> int:
    """How many of so many people got in or were sent a code, each with a browser of their own."""
    heard = 0
    for number in range(times):
        visit = visit_from(network, f"{network} {number}", link, now)
        try:
            submit_entry(desk.gate, visit, [parse_email(f"viewer{number}@{network[:-3]}.example")])
            heard += 1
        except TooManyRequests:
            pass
    return heard


def test_codes_asked_for_from_one_network_keep_nobody_else_from_theirs(
    desk: Desk, verified_link: ShareLink, now: datetime
) -> None:
    assert enter(desk, verified_link, HERE, now, times=61) == 20
    assert enter(desk, verified_link, ELSEWHERE, now, times=1) == 1


def answer(desk: Desk, link: ShareLink, number: int, now: datetime) -> bool:
    """Whether one of an office's people got in by the code that they were sent."""
    visit = visit_from(HERE, f"colleague {number}", link, now)
    try:
        challenge_id, code = ask_for_code(desk, visit, f"colleague{number}@example.com")
    except TooManyRequests:
        return False
    return isinstance(answer_challenge(desk.gate, visit, challenge_id, code), Grant)


def test_whoever_answers_counts_less_but_nobody_alone_uses_a_link_up(
    desk: Desk, verified_link: ShareLink, now: datetime
) -> None:
    assert sum(answer(desk, verified_link, number, now) for number in range(52)) == 50
    assert enter(desk, verified_link, ELSEWHERE, now, times=10) == 10


def test_a_code_that_was_not_sent_is_not_counted_as_unanswered(
    desk: Desk, add_link: LinkMaker, now: datetime
) -> None:
    link = add_link("both", **dict.fromkeys(VERIFIES_BOTH, True))
    number = parse_whatsapp("+447400123456", None)
    for browser in ("ada", "bob", "carol"):
        visit = visit_from(HERE, browser, link, now)
        submit_entry(desk.gate, visit, [parse_email(f"{browser}@example.com"), number])
    eve = visit_from(HERE, "eve", link, now)
    with pytest.raises(TooManyRequests):
        submit_entry(desk.gate, eve, [parse_email("eve@example.com"), number])
    counted = "select count(*) from attempt where act = $act"
    assert [desk.gate.db.rows(counted, act=act) for act in ("send", "unanswered")] == [[(6,)]] * 2


def test_a_network_that_took_its_share_of_one_link_still_opens_another(
    desk: Desk, add_link: LinkMaker, verified_link: ShareLink, now: datetime
) -> None:
    other = add_link("other", requires_email=True, verifies_email=True)
    assert enter(desk, verified_link, HERE, now, times=21) == 20
    assert enter(desk, other, HERE, later(now, seconds=60), times=1) == 1


def test_one_network_makes_120_contacts_at_a_link_in_ten_minutes_and_no_more(
    desk: Desk, link: ShareLink, now: datetime
) -> None:
    assert enter(desk, link, HERE, now, times=122) == 120
    assert enter(desk, link, ELSEWHERE, now, times=1) == 1
    assert enter(desk, link, HERE, later(now, minutes=10), times=1) == 1
    assert desk.gate.db.rows("select count(*) from contact") == [(121,)]


def test_one_network_asks_a_links_lists_no_more_often_than_it_may_enter(
    desk: Desk, link: ShareLink, now: datetime
) -> None:
    few = replace(desk.gate, limits=adjust_limits({"network_link_entries_10_min": 3}))
    entry = ListEntry(ListSide.ALLOW, EntryForm.DOMAIN, "example.org", "@example.org")
    with desk.gate.db.transaction() as tx:
        insert_list_entry(tx, link.share_link_id, entry, now)
    for number, refusal in enumerate([NotListed] * 3 + [TooManyRequests] * 2):
        visit = visit_from(HERE, f"b{number}", link, now)
        with pytest.raises(refusal):
            submit_entry(few, visit, [parse_email(f"guess{number}@example.com")])
