"""Two contacts that are one person: merged with all they did, and as they were when undone."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from data.check import check_database
from data.contact_merges import get_kept_id
from data.contacts import Contact, get_contact
from data.database import Database
from data.erasure import erase_contacts
from data.records import ContactIdentifier, Document, Member, Role, SessionKind, ShareLink
from data.workspaces import get_workspace
from gate.codes import secret_hash
from gate.contact_details import ContactDetails, archive_contact, change_contact
from gate.contact_merges import merge_contacts, undo_merge
from gate.contact_splits import split_contact
from gate.desk_errors import ContactFault, ContactRefused
from gate.errors import NotPermitted
from gate.joined_details import MergeChoice, choose_kept
from gate.passes import read_pass
from gate.sessions import Opening, open_viewing_session
from tests.factories import (
    add_contact,
    add_document,
    add_link_passed,
    add_session,
    add_share_link,
    add_workspace,
)
from tests.gate.conftest import Desk, LinkMaker, pass_unverified

OWNER = Member(1, "owner@example.com", "Owner", Role.OWNER)
ANALYST = replace(OWNER, member_id=2, role=Role.ANALYST)
EVERYTHING = ("contact", "identifier", "viewing_session", "contact_link", "contact_tag")
ROLLUPS = (*EVERYTHING, "contact_document", "activity_slot", "pass", "consent", "document_view")


@pytest.fixture
def link(db: Database, now: datetime) -> ShareLink:
    _seat(db, now)
    return add_share_link(db, add_workspace(db))


def _seat(db: Database, now: datetime) -> None:
    with db.transaction() as tx:
        tx.run(
            """
            insert into member (member_id, email, name, role, created_at)
            values (1, 'owner@example.com', 'Owner', 'owner', $now)
            """,
            now=now,
        )


@pytest.fixture
def ada(db: Database, link: ShareLink, now: datetime) -> ContactIdentifier:
    """Ada by email: two sessions, one with a document."""
    ada = add_contact(db, "ada@example.com", verified=True, name="Ada", company="Acme")
    add_session(db, ada, link, now, documents=[_add_document_of(db, link)])
    add_session(db, ada, link, now + timedelta(hours=2))
    return ada


@pytest.fixture
def adas_phone(db: Database, link: ShareLink, now: datetime) -> ContactIdentifier:
    """Ada by phone: she came an hour earlier, and passed another gate."""
    phone = add_contact(db, "+5511987654321", name="A. Lovelace")
    add_session(db, phone, link, now - timedelta(hours=1))
    add_link_passed(db, phone, add_share_link(db, add_workspace(db)))
    return phone


def _add_document_of(db: Database, link: ShareLink) -> Document:
    workspace = get_workspace(db, link.workspace_id)
    assert workspace is not None
    return add_document(db, workspace)


def _merge(db: Database, kept: ContactIdentifier, merged: ContactIdentifier, now: datetime) -> int:
    return merge_contacts(
        db,
        kept_id=kept.contact_id,
        merged_id=merged.contact_id,
        choice=MergeChoice(),
        member=OWNER,
        now=now,
    )


def _stored(db: Database) -> dict[str, list[tuple[object, ...]]]:
    return {table: db.rows(f"select * from {table} order by all") for table in ROLLUPS}


def _known(db: Database, contact_id: int) -> Contact:
    found = get_contact(db, contact_id)
    assert found is not None
    return found


def _refusal(act: Callable[[], object]) -> ContactFault:
    with pytest.raises(ContactRefused) as refused:
        act()
    return refused.value.fault


def test_a_merge_makes_one_contact_of_two(
    db: Database, ada: ContactIdentifier, adas_phone: ContactIdentifier, now: datetime
) -> None:
    _merge(db, ada, adas_phone, now)
    kept = _known(db, ada.contact_id)
    assert (kept.access_count, kept.first_accessed_at) == (3, now - timedelta(hours=1))
    assert db.rows("select count(*) from contact") == [(1,)]
    assert db.rows("select sum(new_contact_count) from activity_slot") == [(1,)]
    assert db.rows("select count(*) from contact_link") == [(2,)]
    assert get_kept_id(db, adas_phone.contact_id) == ada.contact_id
    assert check_database(db) == []


def test_undoing_a_merge_gives_back_exactly_what_was(
    db: Database, ada: ContactIdentifier, adas_phone: ContactIdentifier, now: datetime
) -> None:
    change_contact(db, ada.contact_id, ContactDetails("", "Acme", "One.", ("EU",)), OWNER, now)
    details = ContactDetails("Ada", "", "Two.", ("eu", "warm"))
    change_contact(db, adas_phone.contact_id, details, OWNER, now)
    before = _stored(db)
    number = _merge(db, ada, adas_phone, now)
    kept = _known(db, ada.contact_id)
    assert (kept.name, kept.notes, kept.tags) == ("Ada", "One.\n\nTwo.", ("EU", "warm"))
    assert undo_merge(db, number, OWNER, now).unrestored == ()
    assert _stored(db) == before
    assert check_database(db) == []
    assert db.rows("select count(*) from contact_merge_details") == [(0,)]


def test_the_owner_chooses_between_two_names(
    db: Database, ada: ContactIdentifier, adas_phone: ContactIdentifier, now: datetime
) -> None:
    merge_contacts(
        db,
        kept_id=ada.contact_id,
        merged_id=adas_phone.contact_id,
        choice=MergeChoice(takes_name=True, takes_company=True),
        member=OWNER,
        now=now,
    )
    kept = _known(db, ada.contact_id)
    assert (kept.name, kept.company) == ("A. Lovelace", "Acme")


def test_what_was_written_after_the_merge_stays_and_is_told(
    db: Database, ada: ContactIdentifier, adas_phone: ContactIdentifier, now: datetime
) -> None:
    number = merge_contacts(
        db,
        kept_id=ada.contact_id,
        merged_id=adas_phone.contact_id,
        choice=MergeChoice(takes_name=True),
        member=OWNER,
        now=now,
    )
    change_contact(db, ada.contact_id, ContactDetails("Countess", "", "", ("new",)), OWNER, now)
    assert undo_merge(db, number, OWNER, now).unrestored == ("name",)
    kept = _known(db, ada.contact_id)
    assert (kept.name, kept.tags) == ("Countess", ("new",))
    assert _known(db, adas_phone.contact_id).name == "A. Lovelace"


def test_a_visit_after_the_merge_goes_with_its_identifier(
    db: Database,
    link: ShareLink,
    ada: ContactIdentifier,
    adas_phone: ContactIdentifier,
    now: datetime,
) -> None:
    number = _merge(db, ada, adas_phone, now)
    moved = replace(adas_phone, contact_id=ada.contact_id)
    add_session(db, moved, link, now + timedelta(days=1))
    undo_merge(db, number, OWNER, now)
    assert _known(db, adas_phone.contact_id).access_count == 2
    assert _known(db, ada.contact_id).access_count == 2
    assert check_database(db) == []


def test_merges_are_undone_from_the_last_to_the_first(
    db: Database, ada: ContactIdentifier, adas_phone: ContactIdentifier, now: datetime
) -> None:
    third = add_contact(db, "ada@acme.example", name="Third")
    before = _stored(db)
    first = _merge(db, ada, adas_phone, now)
    second = _merge(db, ada, third, now)
    assert _refusal(lambda: undo_merge(db, first, OWNER, now)) is ContactFault.LATER_MERGE
    for number in (second, first):
        undo_merge(db, number, OWNER, now)
    assert _stored(db) == before
    assert _refusal(lambda: undo_merge(db, first, OWNER, now)) is ContactFault.UNDONE_ALREADY


def test_what_became_part_of_another_is_given_back_by_that_one_first(
    db: Database, ada: ContactIdentifier, adas_phone: ContactIdentifier, now: datetime
) -> None:
    third = add_contact(db, "ada@acme.example")
    before = _stored(db)
    first = _merge(db, ada, adas_phone, now)
    second = _merge(db, third, ada, now)
    assert get_kept_id(db, adas_phone.contact_id) == third.contact_id
    assert check_database(db) == []
    assert _refusal(lambda: undo_merge(db, first, OWNER, now)) is ContactFault.MERGED_FURTHER
    for number in (second, first):
        undo_merge(db, number, OWNER, now)
    assert _stored(db) == before


def test_a_split_takes_along_what_its_identifier_did(
    db: Database, link: ShareLink, now: datetime
) -> None:
    both = add_contact(db, "ada@example.com", "+5511987654321", name="Ada")
    phone = replace(both, identifier_id=both.identifier_id + 1)
    add_session(db, both, link, now)
    add_session(db, phone, link, now + timedelta(hours=1))
    new = split_contact(db, both.contact_id, [phone.identifier_id], OWNER, now)
    assert (_known(db, new).access_count, _known(db, new).name) == (1, None)
    assert _known(db, both.contact_id).access_count == 1
    assert db.rows("select sum(new_contact_count) from activity_slot") == [(2,)]
    assert check_database(db) == []


def test_one_identifier_stays_and_one_goes(db: Database, link: ShareLink, now: datetime) -> None:
    both = add_contact(db, "ada@example.com", "+5511987654321")
    own, others = both.identifier_id, add_contact(db, "eve@example.com").identifier_id
    for chosen, fault in (
        ([own, own + 1], ContactFault.NOTHING_LEFT),
        ([], ContactFault.NOTHING_TO_SPLIT),
        ([others], ContactFault.NOTHING_TO_SPLIT),
    ):
        split = lambda chosen=chosen: split_contact(db, both.contact_id, chosen, OWNER, now)  # noqa: E731
        assert _refusal(split) is fault


def test_a_merge_whose_addresses_were_split_up_cannot_be_undone(
    db: Database, ada: ContactIdentifier, adas_phone: ContactIdentifier, now: datetime
) -> None:
    number = _merge(db, ada, adas_phone, now)
    split_contact(db, ada.contact_id, [ada.identifier_id], OWNER, now)
    assert _refusal(lambda: undo_merge(db, number, OWNER, now)) is ContactFault.TAKEN_APART
    assert check_database(db) == []


@pytest.mark.parametrize("is_kept_archived", [True, False])
def test_the_kept_contact_stays_archived_or_not(
    db: Database,
    ada: ContactIdentifier,
    adas_phone: ContactIdentifier,
    now: datetime,
    *,
    is_kept_archived: bool,
) -> None:
    archived = ada if is_kept_archived else adas_phone
    archive_contact(db, archived.contact_id, OWNER, now)
    before = _stored(db)
    number = _merge(db, ada, adas_phone, now)
    assert (_known(db, ada.contact_id).archived_at is not None) == is_kept_archived
    undo_merge(db, number, OWNER, now)
    assert _stored(db) == before


def test_an_erased_contact_takes_its_merges_and_splits_along(
    db: Database, ada: ContactIdentifier, adas_phone: ContactIdentifier, now: datetime
) -> None:
    third = add_contact(db, "ada@acme.example", "+5511987654322", name="Third")
    number = _merge(db, ada, adas_phone, now)
    _merge(db, third, ada, now)
    new = split_contact(db, third.contact_id, [third.identifier_id + 1], OWNER, now)
    with db.transaction() as tx:
        erase_contacts(tx, [third.contact_id])
    for table in ("contact_merge", "contact_merge_details", "contact_split", "identifier_link"):
        assert db.rows(f"select count(*) from {table}") == [(0,)]
    assert db.rows("select contact_id from contact") == [(new,)]
    assert _refusal(lambda: undo_merge(db, number, OWNER, now)) is ContactFault.MERGE_GONE
    assert check_database(db) == []


def test_an_analyst_merges_undoes_and_splits_nothing(
    db: Database, ada: ContactIdentifier, adas_phone: ContactIdentifier, now: datetime
) -> None:
    number = _merge(db, ada, adas_phone, now)
    before = _stored(db)
    choice = MergeChoice()
    for act in (
        lambda: undo_merge(db, number, ANALYST, now),
        lambda: split_contact(db, ada.contact_id, [ada.identifier_id], ANALYST, now),
        lambda: merge_contacts(db, kept_id=1, merged_id=2, choice=choice, member=ANALYST, now=now),
    ):
        with pytest.raises(NotPermitted):
            act()
    assert _stored(db) == before


def test_the_larger_contact_is_kept_and_of_two_alike_the_older(
    db: Database, ada: ContactIdentifier, adas_phone: ContactIdentifier
) -> None:
    large, small = _known(db, ada.contact_id), _known(db, adas_phone.contact_id)
    assert choose_kept(small, large) == choose_kept(large, small) == (large, small)
    twin = replace(large, contact_id=99)
    assert choose_kept(twin, large) == (large, twin)


def _race(acts: list[Callable[[], object]]) -> list[object]:
    """What became of each act, all at once: its result, or why it was refused."""

    def carry_out(act: Callable[[], object]) -> object:
        try:
            return act()
        except ContactRefused as refused:
            return refused.fault

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(carry_out, acts))


def test_of_two_owners_who_merge_the_same_pair_one_is_refused(
    db: Database, ada: ContactIdentifier, adas_phone: ContactIdentifier, now: datetime
) -> None:
    one, other = ada, adas_phone
    told = _race([lambda: _merge(db, one, other, now), lambda: _merge(db, other, one, now)] * 4)
    assert sum(isinstance(result, ContactFault) for result in told) == 7
    assert set(told) & set(ContactFault) == {ContactFault.MERGED_ALREADY}
    assert db.rows("select count(*) from contact") == [(1,)]
    assert check_database(db) == []


def test_a_merge_is_undone_once_however_many_ask(
    db: Database, ada: ContactIdentifier, adas_phone: ContactIdentifier, now: datetime
) -> None:
    before = _stored(db)
    number = _merge(db, ada, adas_phone, now)
    told = _race([lambda: undo_merge(db, number, OWNER, now)] * 8)
    assert told.count(ContactFault.UNDONE_ALREADY) == 7
    assert _stored(db) == before


def test_visits_at_the_moment_of_a_merge_are_all_the_kept_contacts(
    desk: Desk, add_link: LinkMaker, now: datetime
) -> None:
    db, link = desk.gate.db, add_link("open", requires_email=True)
    _seat(db, now)
    for address in ("ada@example.com", "ada@work.example"):
        pass_unverified(desk, address, link, now, address)

    def come(number: int) -> None:
        cookie = pass_unverified(desk, f"browser-{number}", link, now, "ada@work.example")
        live = read_pass(db, desk.gate.pepper, secret_hash(cookie), link, now)
        assert live is not None
        if number == 8:
            merge_contacts(db, kept_id=1, merged_id=2, choice=MergeChoice(), member=OWNER, now=now)
        open_viewing_session(desk.gate, Opening(link, live, SessionKind.VIEWER, 1), now)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(come, range(16)))
    _add_document_of(db, link)
    assert db.rows("select contact_id, access_count from contact") == [(1, 16)]
    assert check_database(db) == []
