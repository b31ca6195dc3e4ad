"""The search box: any part of an address, name or company; a phone however it is typed."""

import pytest

from data.contact_filter import ContactFilter, ContactSort
from data.contact_queries import find_contacts, match_contacts
from data.database import Database
from tests.factories import add_contact


def _found(db: Database, search: str) -> list[str]:
    matched = match_contacts(ContactFilter(search=search))
    rows = find_contacts(db, matched, ContactSort(), page=1, page_size=100)
    return [row.identifier for row in rows]


@pytest.fixture
def people(db: Database) -> Database:
    add_contact(db, "Ada@Example.com", "+447700900123", name="Ada Lovelace", company="Été & Fils")
    add_contact(db, "+5511987654321", name="100%_sure")
    add_contact(db, "eve@other.example", "+15550100199")
    return db


@pytest.mark.parametrize(
    "search",
    [
        "ada@",
        "ADA@EXAMPLE.COM",
        "example.com",
        "lovelace",
        "ÉTÉ",
        "+44 7700 900123",
        "0044 7700 900 123",
        "0044",
        "tel:+447700900123",
        "7700\t900123",
        "+44 ( 0 ) 7700 900123",
        "07700 900123",
        "+44 (0)7700 900-123",
        "(07700) 900.123",
        "0123",
        "7700/900",
        "＋４４ ７７００",
        "٤٤٧٧٠٠",
        "+44\u00a07700\u2011900123",
        "\u202a+44 7700 900123\u202c",
    ],
)
def test_it_finds_ada_by(people: Database, search: str) -> None:
    assert _found(people, search) == ["Ada@Example.com"]


@pytest.mark.parametrize(
    "search", ["(11) 9", "+55 11", "4321", "+55 (11) 98765-4321", "011 98765-4321", "%", "_", "0%_"]
)
def test_it_finds_the_brazilian_number_by(people: Database, search: str) -> None:
    assert _found(people, search) == ["+5511987654321"]


@pytest.mark.parametrize(
    "search",
    ["bob", "ada@example_com", "44 7700 900124", "' or 1=1 --", "a%m", "( )", "4321x", "\\"],
)
def test_it_finds_nobody_by(people: Database, search: str) -> None:
    assert _found(people, search) == []


def test_a_search_of_spaces_is_none(people: Database) -> None:
    assert len(_found(people, "  ")) == 3


def test_digits_of_an_email_are_found_too(people: Database) -> None:
    add_contact(people, "agent007@example.com")
    assert _found(people, "007") == ["agent007@example.com"]


def test_the_last_four_digits_keep_their_zeros(people: Database) -> None:
    add_contact(people, "+15550100123", name="Bob")
    add_contact(people, "+15550107123")
    assert _found(people, "0123") == ["Ada@Example.com", "+15550100123"]


def test_four_digits_that_look_like_a_country_are_the_last_four_too(db: Database) -> None:
    add_contact(db, "+15550100044")
    add_contact(db, "+447700900123")
    assert sorted(_found(db, "0044")) == ["+15550100044", "+447700900123"]
