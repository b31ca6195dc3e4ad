"""What contacts have in common, to filter by, and the tags of one page of them."""

from datetime import datetime

from data.contact_choices import MAX_CHOICES, find_contact_choices, find_tags_of
from data.contact_filter import ContactFilter, ContactSort
from data.contact_queries import find_contacts, match_contacts
from data.database import Database
from tests.factories import add_contact, store_tags


def tag(db: Database, address: str, *tags: str, archived_at: datetime | None = None) -> int:
    contact_id = add_contact(db, address, archived_at=archived_at).contact_id
    with db.transaction() as tx:
        store_tags(tx, contact_id, tags)
    return contact_id


def test_what_most_contacts_have_is_first_and_archived_ones_do_not_count(
    db: Database, now: datetime
) -> None:
    add_contact(db, "ada@acme.example", "ada2@acme.example", company="ACME")
    add_contact(db, "bob@umbra.example", "+819012345678", company="Umbra")
    add_contact(db, "cyd@umbra.example", company="umbra")
    add_contact(db, "dan@umbra.example", company="Umbra")
    tag(db, "+442079460123", "press", "VIP")
    tag(db, "+442079460124", "vip")
    tag(db, "+14155550123", "gone", archived_at=now)

    choices = find_contact_choices(db)

    assert choices.companies == ("Umbra", "ACME")
    assert choices.domains == ("umbra.example", "acme.example")
    assert choices.countries == ("GB", "JP")
    assert [text.lower() for text in choices.tags] == ["vip", "press"]


def test_there_are_200_choices_at_most(db: Database) -> None:
    tag(db, "ada@acme.example", *(f"tag {number}" for number in range(MAX_CHOICES + 1)))

    assert len(find_contact_choices(db).tags) == MAX_CHOICES


def test_the_tags_of_a_page_are_those_of_its_contacts(db: Database) -> None:
    ada = tag(db, "ada@acme.example", "vip", "Press")
    tag(db, "bob@umbra.example")
    tag(db, "cyd@other.example", "elsewhere")
    matched = match_contacts(ContactFilter(domains=frozenset({"acme.example", "umbra.example"})))

    rows = find_contacts(db, matched, ContactSort(), page=1, page_size=9)

    assert find_tags_of(db, rows) == {ada: ("Press", "vip")}
