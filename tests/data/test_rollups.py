"""What is kept beside the facts moves with each of them, in whatever order they come."""

from datetime import datetime, timedelta

import pytest

from data.check import check_database, find_rollup_drift
from data.contacts import update_contact_archived_at
from data.database import Database
from data.identifiers import verify_identifier
from data.records import ContactIdentifier, SessionKind, ShareLink
from data.rollups import count_session, get_counted_before, link_contact, rebuild_rollups
from tests.factories import (
    add_contact,
    add_document,
    add_link_passed,
    add_session,
    add_share_link,
    add_workspace,
    make_identifier,
    make_session,
    store_session,
)

HOUR = timedelta(hours=1)
ROLLUPS = ("contact", "contact_link", "contact_document", "activity_slot", "item_total")


@pytest.fixture
def link(db: Database) -> ShareLink:
    return add_share_link(db, add_workspace(db))


@pytest.fixture
def ada(db: Database) -> ContactIdentifier:
    return add_contact(db, "ada@example.com", verified=True)


def _stored(db: Database, table: str) -> list[tuple[object, ...]]:
    return db.rows(f"select * from {table} order by all")


def test_a_session_moves_contact_link_and_slot(
    db: Database, link: ShareLink, ada: ContactIdentifier, now: datetime
) -> None:
    add_session(db, ada, link, now)
    add_session(db, ada, link, now + HOUR)
    span = (now, now + HOUR, 2)
    assert _stored(db, "contact_link") == [(ada.contact_id, link.share_link_id, now, *span)]
    contact = db.row("select first_accessed_at, last_accessed_at, access_count from contact")
    assert contact == span
    slot = int(now.timestamp()) // 900
    assert _stored(db, "activity_slot") == [
        (slot, "email", True, 1, 1, False),
        (slot + 4, "email", True, 1, 0, False),
    ]


def test_an_earlier_session_stored_later_becomes_the_first(
    db: Database, link: ShareLink, ada: ContactIdentifier, now: datetime
) -> None:
    document = add_document(db, add_workspace(db))
    for hours in (0, -2, -1, 1):
        add_session(db, ada, link, now + hours * HOUR, documents=[document])
    assert find_rollup_drift(db) == []
    newcomers = db.rows("select slot from activity_slot where new_contact_count > 0")
    assert newcomers == [(int((now - 2 * HOUR).timestamp()) // 900,)]


def test_two_first_sessions_at_one_instant_make_one_new_contact(
    db: Database, link: ShareLink, now: datetime
) -> None:
    ada = add_contact(db, "ada@example.com", "+4420", verified=True)
    for _ in range(2):
        add_session(db, ada, link, now)
    assert _stored(db, "activity_slot") == [
        (int(now.timestamp()) // 900, "email", True, 2, 1, False)
    ]
    assert find_rollup_drift(db) == []


@pytest.mark.parametrize("kind", [SessionKind.BOT, SessionKind.INTERNAL])
def test_bots_and_previews_move_nothing(
    db: Database, link: ShareLink, ada: ContactIdentifier, now: datetime, kind: SessionKind
) -> None:
    before = {table: _stored(db, table) for table in ROLLUPS}
    add_session(db, ada, link, now, kind=kind, documents=[add_document(db, add_workspace(db))])
    assert {table: _stored(db, table) for table in ROLLUPS} == before


def test_archiving_and_putting_back_keep_every_sum(
    db: Database, link: ShareLink, ada: ContactIdentifier, now: datetime
) -> None:
    document = add_document(db, add_workspace(db))
    add_session(db, ada, link, now, documents=[document])
    add_session(db, add_contact(db, "bob@example.com"), link, now, documents=[document])
    before = {table: _stored(db, table) for table in ROLLUPS}
    for archived_at in (now, None):
        with db.transaction() as tx:
            update_contact_archived_at(tx, ada.contact_id, archived_at)
        assert find_rollup_drift(db) == []
    assert {table: _stored(db, table) for table in ROLLUPS} == before


def test_who_comes_back_while_archived_is_counted_apart(
    db: Database, link: ShareLink, ada: ContactIdentifier, now: datetime
) -> None:
    with db.transaction() as tx:
        update_contact_archived_at(tx, ada.contact_id, now)
    for hours in (1, -1):
        document = add_document(db, add_workspace(db))
        add_session(db, ada, link, now + hours * HOUR, documents=[document])
    assert find_rollup_drift(db) == []
    assert db.rows("select distinct is_archived from activity_slot") == [(True,)]


def test_what_is_left_out_is_counted_by_why(db: Database, link: ShareLink, now: datetime) -> None:
    add_session(db, None, link, now)
    for kind in (SessionKind.BOT, SessionKind.BOT, SessionKind.INTERNAL):
        add_session(db, None, link, now, kind=kind)
    counted = db.rows("select reason, session_count from left_out_slot order by all")
    assert counted == [("bot", 2), ("internal", 1), ("open", 1)]
    assert find_rollup_drift(db) == []


def test_a_contact_is_shown_by_its_first_address_of_each_channel(
    db: Database, now: datetime
) -> None:
    ada = add_contact(db, "ada@example.com", "ada@elsewhere.example", "+4915112345678")
    first = db.row("select email_id, domain, country, identifier_count from contact")
    assert first == (ada.identifier_id, "example.com", "DE", 3)
    with db.transaction() as tx:
        verify_identifier(tx, ada, make_identifier("Ada@example.com"), now)
    assert db.row("select email_is_verified, whatsapp_is_verified from contact") == (True, False)
    assert check_database(db) == []


def test_nobodys_session_moves_nothing(db: Database, link: ShareLink, now: datetime) -> None:
    add_session(db, None, link, now, documents=[add_document(db, add_workspace(db))])
    assert all(_stored(db, table) == [] for table in ROLLUPS)


def test_passing_a_gate_again_keeps_since_when(
    db: Database, link: ShareLink, ada: ContactIdentifier, now: datetime
) -> None:
    add_link_passed(db, ada, link, now)
    add_session(db, ada, link, now + HOUR)
    add_link_passed(db, ada, link, now + 2 * HOUR)
    assert [row[2:] for row in _stored(db, "contact_link")] == [(now, now + HOUR, now + HOUR, 1)]


def test_a_count_is_undone_with_its_session(
    db: Database, link: ShareLink, ada: ContactIdentifier, now: datetime
) -> None:
    def fail() -> None:
        with db.transaction() as tx:
            store_session(tx, make_session(ada, link, now))
            raise InterruptedError

    with pytest.raises(InterruptedError):
        fail()
    assert _stored(db, "viewing_session") == []
    assert find_rollup_drift(db) == []


def test_a_rebuild_says_what_counting_said(
    db: Database, link: ShareLink, ada: ContactIdentifier, now: datetime
) -> None:
    bob = add_contact(db, "bob@example.com")
    documents = [add_document(db, add_workspace(db)) for _ in range(2)]
    add_link_passed(db, bob, link, now)
    for hours in (3, 1, 2):
        add_session(db, ada, link, now + hours * HOUR, documents=documents)
    before = {table: _stored(db, table) for table in ROLLUPS}
    with db.transaction() as tx:
        rebuild_rollups(tx)
    assert {table: _stored(db, table) for table in ROLLUPS} == before


def test_a_rebuild_mends_what_drifted(
    db: Database, link: ShareLink, ada: ContactIdentifier, now: datetime
) -> None:
    add_session(db, ada, link, now, documents=[add_document(db, add_workspace(db))])
    bob = add_contact(db, "bob@example.com")
    with db.transaction() as tx:
        session = make_session(bob, link, now)
        count_session(tx, session, get_counted_before(tx, session))
        tx.run("delete from contact_document")
        tx.run("update activity_slot set new_contact_count = 7")
    assert {sentence.split(" ")[0] for sentence in find_rollup_drift(db)} == set(ROLLUPS)
    with db.transaction() as tx:
        rebuild_rollups(tx)
    assert find_rollup_drift(db) == []


def test_a_rebuild_makes_one_of_a_contact_linked_twice(
    db: Database, link: ShareLink, ada: ContactIdentifier, now: datetime
) -> None:
    add_session(db, ada, link, now)
    with db.transaction() as tx:
        tx.run("insert into contact_link select * from contact_link")
        rebuild_rollups(tx)
        link_contact(tx, ada.contact_id, link.share_link_id, now)
    assert len(_stored(db, "contact_link")) == 1
