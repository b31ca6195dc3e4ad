"""Expected viewers: lists as people paste them, owners only, and how each of them stands."""

from dataclasses import replace
from datetime import datetime, timedelta
from threading import Thread

import pytest

from data.check import find_orphans
from data.database import Database
from data.expectations import count_expected, count_unexpected, find_unexpected
from data.gate_events import GateStep
from data.records import Member, Role, ShareLink
from gate.codes import Pepper
from gate.desk_errors import ExpectedFault, ExpectedRefused
from gate.errors import NotPermitted
from gate.expected_list import join_read_lists, read_people
from gate.expected_viewers import Standing, expect_no_more, expect_viewers, find_expected
from gate.trail import record_step
from gate.visits import Doorstep
from tests.factories import (
    add_contact,
    add_link_passed,
    add_session,
    add_share_link,
    add_workspace,
    make_identifier,
)

OWNER = Member(1, "owner@example.com", "Owner", Role.OWNER)
ANALYST = replace(OWNER, member_id=2, role=Role.ANALYST)
PEPPER = Pepper(b"p" * 32)
NUMBER = "+5511987654321"


@pytest.fixture
def link(db: Database) -> ShareLink:
    return add_share_link(db, add_workspace(db))


def expect(db: Database, link: ShareLink, text: str, now: datetime) -> tuple[int, int]:
    people = read_people(text).people
    added = expect_viewers(db, link.share_link_id, people, OWNER, now)
    return added.added, added.known


def standings(db: Database, link: ShareLink) -> dict[str, Standing]:
    found = find_expected(db, PEPPER, link.share_link_id)
    return {one.expectation.address: one.standing for one in found}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ada Lovelace <ada@example.com>", [("ada@example.com", "Ada Lovelace")]),
        ('"Lovelace, Ada" <ada@example.com>', [("ada@example.com", "Lovelace, Ada")]),
        ("Ada Lovelace ada@example.com", [("ada@example.com", "Ada Lovelace")]),
        ("mailto:ada@example.com", [("ada@example.com", None)]),
        ("a@example.com; b@example.com c@example.com", [(f"{x}@example.com", None) for x in "abc"]),
        ("+55 (11) 98765-4321\t0055 11 98765 4321", [(NUMBER, None)]),
        (
            "Name,Email\n,a@example.com\nBob,b@example.com",
            [("a@example.com", None), ("b@example.com", "Bob")],
        ),
        (
            "First name;Last name;Company;Phone\nAda;King;Acme;+5511987654321",
            [(NUMBER, "Ada King")],
        ),
        (f"a@example.com {NUMBER}", [("a@example.com", None), (NUMBER, None)]),
        ("Ada,ada@example.com,Analytical Ltd", [("ada@example.com", "Ada")]),
    ],
)
def test_a_list_is_read_as_people_write_it(
    text: str, expected: list[tuple[str, str | None]]
) -> None:
    read = read_people(text)
    assert [(one.identifier.address, one.name) for one in read.people] == expected
    assert read.unread == ()


def test_what_is_no_address_is_told_in_its_order_and_loses_nobody_else() -> None:
    read = read_people("a@example.com\n\nnonsense\nb@example.com bad@, 12345678\nc@example.com")
    assert [one.identifier.address[0] for one in read.people] == ["a", "b", "c"]
    assert read.unread == ("nonsense", "bad@", "12345678")


def test_a_bare_number_needs_a_country() -> None:
    assert read_people("11 98765-4321").people == ()
    assert read_people("11 98765-4321", "BR").people[0].identifier.address == NUMBER


def test_a_first_line_of_people_is_no_header() -> None:
    assert read_people("Ada, Acme\na@example.com").unread == ("Ada, Acme",)


def test_each_address_is_expected_once_and_keeps_a_name_that_came_later() -> None:
    one, other = (
        read_people("ada@example.com\nADA@example.com"),
        read_people("Ada <ada@example.com>"),
    )
    both = join_read_lists(one, other)
    assert [person.name for person in both.people] == ["Ada"]
    assert both.repeated == 2


def test_pasting_a_list_again_adds_only_who_is_new(
    db: Database, link: ShareLink, now: datetime
) -> None:
    assert expect(db, link, "ada@example.com, bob@example.com", now) == (2, 0)
    assert expect(db, link, "Ada <Ada@example.com>\neve@example.com", now) == (1, 1)
    names = [one.expectation.name for one in find_expected(db, PEPPER, link.share_link_id)]
    assert names == ["Ada", None, None]
    assert db.rows("select count(*) from audit where event = 'expected_changed'") == [(2,)]
    assert find_orphans(db) == []


def test_two_who_paste_the_same_list_at_once_expect_everybody_once(
    db: Database, link: ShareLink, now: datetime
) -> None:
    text = "\n".join(f"person{number}@example.com" for number in range(50))
    threads = [Thread(target=expect, args=(db, link, text, now)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count_expected(db) == {link.share_link_id: (0, 50)}


def test_an_analyst_changes_nothing(db: Database, link: ShareLink, now: datetime) -> None:
    expect(db, link, "ada@example.com", now)
    with pytest.raises(NotPermitted):
        expect_viewers(db, link.share_link_id, read_people("b@example.com").people, ANALYST, now)
    with pytest.raises(NotPermitted):
        expect_no_more(db, link.share_link_id, [1], ANALYST, now)
    assert list(standings(db, link)) == ["ada@example.com"]


def test_a_link_that_is_not_there_and_a_list_too_long_are_refused(
    db: Database, link: ShareLink, now: datetime
) -> None:
    many = read_people("\n".join(f"p{number}@example.com" for number in range(10_001))).people
    for number, fault in ((99, ExpectedFault.LINK_GONE), (1, ExpectedFault.TOO_MANY)):
        with pytest.raises(ExpectedRefused) as refusal:
            expect_viewers(db, number, many, OWNER, now)
        assert refusal.value.fault is fault
    assert standings(db, link) == {}


def test_each_stands_as_far_as_they_came(db: Database, link: ShareLink, now: datetime) -> None:
    expect(db, link, f"ada@example.com bob@example.com {NUMBER} carol@example.com", now)
    ada = add_contact(db, "ada@example.com", archived_at=now)
    add_link_passed(db, ada, link, now)
    add_session(db, ada, link, now)
    add_link_passed(db, add_contact(db, "bob@example.com"), link, now)
    with db.transaction() as tx:
        for address, step in ((NUMBER, GateStep.DENIED), ("carol@example.com", GateStep.OPENED)):
            place, who = Doorstep(link, 1, now), make_identifier(address)
            record_step(tx, PEPPER, place, step, identifier=who)
    assert list(standings(db, link).values()) == [
        Standing.OPENED,
        Standing.PASSED,
        Standing.REFUSED,
        Standing.NOT_YET,
    ]
    assert count_expected(db) == {link.share_link_id: (1, 4)}


def test_whoever_came_by_another_address_of_theirs_has_come(
    db: Database, link: ShareLink, now: datetime
) -> None:
    expect(db, link, "ada@example.com", now)
    by_number = add_contact(db, NUMBER, "ada@example.com")
    add_link_passed(db, by_number, link, now)
    add_session(db, by_number, link, now)
    assert standings(db, link) == {"ada@example.com": Standing.OPENED}
    assert count_unexpected(db, link.share_link_id) == 0


def test_what_was_opened_through_another_link_does_not_count(
    db: Database, link: ShareLink, now: datetime
) -> None:
    other = add_share_link(db, add_workspace(db, "Other"), name="Other")
    ada = add_contact(db, "ada@example.com")
    add_link_passed(db, ada, other, now)
    add_session(db, ada, other, now)
    expect(db, link, "ada@example.com", now)
    assert standings(db, link) == {"ada@example.com": Standing.NOT_YET}


def test_who_opened_and_is_not_expected_is_told_the_last_first(
    db: Database, link: ShareLink, now: datetime
) -> None:
    expect(db, link, "ada@example.com", now)
    for hours, address in enumerate(("ada@example.com", "eve@example.com", "mallory@example.com")):
        contact = add_contact(db, address)
        add_link_passed(db, contact, link, now)
        add_session(db, contact, link, now - timedelta(hours=hours))
    add_link_passed(db, add_contact(db, "zoe@example.com"), link, now)
    found = find_unexpected(db, link.share_link_id, most=5)
    assert [one.address for one in found] == ["eve@example.com", "mallory@example.com"]
    assert count_unexpected(db, link.share_link_id) == 2


def test_who_is_taken_off_is_gone_from_this_link_only(
    db: Database, link: ShareLink, now: datetime
) -> None:
    other = add_share_link(db, add_workspace(db, "Other"), name="Other")
    expect(db, link, "ada@example.com bob@example.com", now)
    expect(db, other, "ada@example.com", now)
    assert expect_no_more(db, link.share_link_id, [1, 3], OWNER, now) == 1
    assert expect_no_more(db, link.share_link_id, [1], OWNER, now) == 0
    assert (list(standings(db, link)), list(standings(db, other))) == (
        ["bob@example.com"],
        ["ada@example.com"],
    )
