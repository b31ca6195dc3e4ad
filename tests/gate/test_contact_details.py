"""What an owner writes down about a contact: owners only, and nothing of it is lost or doubled."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.contact_filter import ContactFilter
from data.contact_queries import count_contacts, match_contacts
from data.contacts import find_tags, get_contact
from data.database import Database
from data.records import Member, Role
from gate.companies import guess_company
from gate.contact_details import (
    MAX_NOTES_LENGTH,
    MAX_TAG_LENGTH,
    MAX_TAGS,
    ContactDetails,
    archive_contact,
    change_contact,
    clean_tags,
    restore_contact,
)
from gate.desk_errors import ContactFault, ContactRefused
from gate.errors import NotPermitted
from tests.factories import add_contact

OWNER = Member(1, "ada@example.com", "Ada", Role.OWNER)
ANALYST = replace(OWNER, member_id=2, role=Role.ANALYST)
DETAILS = ContactDetails("Bob Martin", "Acme", "Met at the fair.\n\nCalls back.", ("warm", "EU"))


def test_what_was_written_down_can_be_read(db: Database, now: datetime) -> None:
    bob = add_contact(db, "bob@acme.com", name="Robert")

    for _ in range(3):
        change_contact(db, bob.contact_id, DETAILS, OWNER, now)

    found = get_contact(db, bob.contact_id)
    assert found is not None
    assert (found.name, found.company, found.notes) == ("Bob Martin", "Acme", DETAILS.notes)
    assert found.tags == ("EU", "warm")
    assert find_tags(db) == ["EU", "warm"]
    assert _trail(db) == [("contact_changed", OWNER.member_id)]


def test_what_is_emptied_is_gone(db: Database, now: datetime) -> None:
    bob = add_contact(db, "bob@acme.com")
    change_contact(db, bob.contact_id, DETAILS, OWNER, now)

    change_contact(db, bob.contact_id, ContactDetails(" ", "", "\n", ("",)), OWNER, now)

    found = get_contact(db, bob.contact_id)
    assert found is not None
    assert (found.name, found.company, found.notes, found.tags) == (None, None, None, ())


@pytest.mark.parametrize(
    ("details", "fault"),
    [
        (replace(DETAILS, notes="n" * (MAX_NOTES_LENGTH + 1)), ContactFault.NOTES_TOO_LONG),
        (
            replace(DETAILS, tags=tuple(f"tag {number}" for number in range(MAX_TAGS + 1))),
            ContactFault.TOO_MANY_TAGS,
        ),
    ],
)
def test_too_much_is_refused_and_nothing_changes(
    db: Database, now: datetime, details: ContactDetails, fault: ContactFault
) -> None:
    bob = add_contact(db, "bob@acme.com", name="Robert")

    with pytest.raises(ContactRefused) as refused:
        change_contact(db, bob.contact_id, details, OWNER, now)

    assert refused.value.fault is fault
    found = get_contact(db, bob.contact_id)
    assert found is not None
    assert (found.name, found.tags) == ("Robert", ())


@pytest.mark.parametrize("member", [OWNER, ANALYST])
def test_nobody_changes_who_is_not_there_and_no_analyst_anybody(
    db: Database, now: datetime, member: Member
) -> None:
    bob = add_contact(db, "bob@acme.com")
    number = bob.contact_id + (100 if member is OWNER else 0)
    refusal = ContactRefused if member is OWNER else NotPermitted

    with pytest.raises(refusal):
        change_contact(db, number, DETAILS, member, now)
    with pytest.raises(refusal):
        archive_contact(db, number, member, now)
    with pytest.raises(refusal):
        restore_contact(db, number, member, now)

    found = get_contact(db, bob.contact_id)
    assert found is not None
    assert (found.name, found.archived_at) == (None, None)
    assert _trail(db) == []


def test_archived_twice_is_archived_once_and_comes_back(db: Database, now: datetime) -> None:
    bob = add_contact(db, "bob@acme.com")
    for minutes in (0, 5):
        archive_contact(db, bob.contact_id, OWNER, now + timedelta(minutes=minutes))
    found = get_contact(db, bob.contact_id)
    assert found is not None
    assert found.archived_at == now
    assert count_contacts(db, match_contacts(ContactFilter())) == 0
    assert count_contacts(db, match_contacts(ContactFilter(includes_archived=True))) == 1

    restore_contact(db, bob.contact_id, OWNER, now)

    assert count_contacts(db, match_contacts(ContactFilter())) == 1
    assert [event for event, _ in _trail(db)] == ["contact_archived", "contact_restored"]


@given(st.lists(st.text(max_size=80), max_size=40))
def test_tags_are_short_and_each_is_there_once(texts: list[str]) -> None:
    tags = clean_tags(texts)
    assert clean_tags(tags) == tags
    assert len({tag.casefold() for tag in tags}) == len(tags)
    assert all(0 < len(tag) <= MAX_TAG_LENGTH and "\n" not in tag for tag in tags)


@pytest.mark.parametrize(
    ("address", "company"),
    [
        ("ada@acme.com", "Acme"),
        ("ada@mail.acme.co.uk", "Acme"),
        ("ada@blue-ocean.com.br", "Blue Ocean"),
        ("ada@ACME.de", "Acme"),
        ("ada@gmail.com", None),
        ("ada@yahoo.co.uk", None),
        ("ada@t-online.de", None),
        ("ada@163.com", None),
        ("ada@123.com", None),
        ("ada@xn--bcher-kva.example", None),
        ("ada@localhost", None),
        ("+5511987654321", None),
        ("ada@co.uk", "Co"),
    ],
)
def test_a_company_is_guessed_from_its_domain_only(address: str, company: str | None) -> None:
    assert guess_company(address) == company


def _trail(db: Database) -> list[tuple[str, int]]:
    rows = db.rows("select event, actor_id from audit order by audit_id")
    return [(row[0], row[1]) for row in rows]
