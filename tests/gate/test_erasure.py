"""Taking a person's access away, and erasing them: dead at once, and gone from every table."""

from datetime import datetime

import pytest

from data.check import check_database
from data.database import Database
from data.list_entries import EntryForm, ListEntry, ListSide, find_list_entries, insert_list_entry
from data.records import Member, Role, SessionKind, ShareLink
from gate.codes import secret_hash
from gate.entries import submit_entry
from gate.erasure import erase_person, revoke_person
from gate.errors import NotListed, NotPermitted
from gate.identifiers import parse_email
from gate.passes import read_pass
from gate.sessions import Opening, open_viewing_session
from tests.gate.conftest import Desk, LinkMaker, ask_for_code, pass_unverified, visit_of

BOB, CAROL = parse_email("bob@example.com"), parse_email("carol@example.com")
OWNER = Member(1, "owner@example.com", "Owner", Role.OWNER)


def visit(desk: Desk, link: ShareLink, now: datetime, address: str) -> str:
    """The hash of the cookie with which somebody has the document open."""
    cookie = secret_hash(pass_unverified(desk, address, link, now, address))
    live = read_pass(desk.gate.db, desk.gate.pepper, cookie, link, now)
    assert live is not None
    open_viewing_session(desk.gate, Opening(link, live, SessionKind.VIEWER, 1), now)
    return cookie


def find_text(db: Database, wanted: str) -> list[str]:
    """The tables in which any row holds this text."""
    tables = [row[0] for row in db.rows("select table_name from duckdb_tables()")]
    return [
        table for table in tables if any(wanted in str(row) for row in db.rows(f"from {table}"))
    ]


@pytest.fixture
def link(add_link: LinkMaker, db: Database, now: datetime) -> ShareLink:
    made = add_link("open", requires_email=True)
    with db.transaction() as tx:
        tx.run(
            """
            insert into document
            values (nextval('document_id_seq'), 1, 'Deck', 'application/pdf', 1, 'x', $now, null)
            """,
            now=now,
        )
    return made


def test_a_revoked_persons_tabs_and_files_are_dead_at_once(
    desk: Desk, link: ShareLink, now: datetime
) -> None:
    bob, carol = (visit(desk, link, now, one.address) for one in (BOB, CAROL))
    assert revoke_person(desk.gate, BOB, OWNER, now)
    db, pepper = desk.gate.db, desk.gate.pepper
    assert read_pass(db, pepper, bob, link, now) is None
    assert read_pass(db, pepper, carol, link, now) is not None
    running = db.rows("select count(*) from viewing_session where ended_at is null")
    assert running == [(1,)]


def test_an_erased_person_is_in_no_row_of_any_table(
    desk: Desk, link: ShareLink, verified_link: ShareLink, now: datetime
) -> None:
    bob, carol = (visit(desk, link, now, one.address) for one in (BOB, CAROL))
    ask_for_code(desk, visit_of("bob's other browser", verified_link, now), BOB.address)
    assert "identifier" in find_text(desk.gate.db, "bob@")
    assert erase_person(desk.gate, BOB, OWNER, now)
    db, pepper = desk.gate.db, desk.gate.pepper
    assert find_text(db, "bob@") == find_text(db, "b***@") == []
    assert check_database(db) == []
    assert read_pass(db, pepper, bob, link, now) is None
    assert read_pass(db, pepper, carol, link, now) is not None
    assert db.rows("select count(*), max(access_count) from contact") == [(1, 1)]
    assert db.rows("select sum(session_count) from activity_slot") == [(1,)]
    assert db.rows("select count(*) from suppression") == [(1,)]


def test_who_was_kept_out_stays_out_when_erased(desk: Desk, link: ShareLink, now: datetime) -> None:
    visit(desk, link, now, BOB.address)
    entry = ListEntry(ListSide.DENY, EntryForm.ADDRESS, BOB.key, BOB.address)
    with desk.gate.db.transaction() as tx:
        insert_list_entry(tx, link.share_link_id, entry, now)
    erase_person(desk.gate, BOB, OWNER, now)
    [kept] = find_list_entries(desk.gate.db, link.share_link_id)
    assert kept.form is EntryForm.HASH
    with pytest.raises(NotListed):
        submit_entry(desk.gate, visit_of("bob again", link, now), [BOB])


def test_nobody_is_erased_by_an_analyst_or_twice(
    desk: Desk, link: ShareLink, now: datetime
) -> None:
    visit(desk, link, now, BOB.address)
    analyst = Member(2, "a@example.com", "Analyst", Role.ANALYST)
    with pytest.raises(NotPermitted):
        erase_person(desk.gate, BOB, analyst, now)
    assert erase_person(desk.gate, BOB, OWNER, now)
    assert not erase_person(desk.gate, BOB, OWNER, now)
    assert not revoke_person(desk.gate, BOB, OWNER, now)
