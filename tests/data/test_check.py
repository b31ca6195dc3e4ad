"""The check says in sentences what is wrong, and nothing when all is fine."""

from datetime import datetime

import pytest

from data.check import check_database, find_orphans, find_rollup_drift
from data.database import Database
from tests.factories import (
    add_contact,
    add_document,
    add_link_passed,
    add_session,
    add_share_link,
    add_workspace,
)


@pytest.fixture
def visited(db: Database, now: datetime) -> Database:
    """Ada came and opened a document; Bob passed the gate and opened nothing."""
    workspace = add_workspace(db)
    document = add_document(db, workspace)
    link = add_share_link(db, workspace, document=document)
    add_session(db, add_contact(db, "ada@example.com"), link, now, documents=[document])
    add_link_passed(db, add_contact(db, "bob@example.com"), link)
    return db


def test_a_sound_database_has_no_findings(visited: Database) -> None:
    assert check_database(visited) == []


@pytest.mark.parametrize(
    ("damage", "finding"),
    [
        ("delete from workspace", "share_link: 1 without their workspace"),
        ("delete from document", "document_view: 1 without their document"),
        ("delete from share_link", "viewing_session: 1 without their share_link"),
        ("delete from identifier", "contact: 2 without their identifier"),
        ("delete from contact", "identifier: 2 without their contact"),
        ("delete from viewing_session", "document_view: 1 without their viewing_session"),
        ("update viewing_session set workspace_id = 9", "name another workspace than"),
        ("update viewing_session set contact_id = 2", "name another contact than their ident"),
        ("update viewing_session set channel = null", "no identifier or channel: 1."),
        ("update document_view set share_link_id = 9", "or start than their viewing session: 1."),
        (
            "insert into document_view select * from document_view",
            "Documents opened twice in one viewing session: 1.",
        ),
        (
            "update viewing_session set is_counted = false",
            "wrongly noted as counted or not: 1.",
        ),
        ("update document_view set is_counted = false", "wrongly noted as counted or not: 1."),
        ("update document set workspace_id = 9", "of another workspace than the document's: 1."),
        ("update document_view set kind = 'bot'", "contact or kind than their viewing session: 1."),
        (
            "insert into contact_link select * from contact_link",
            "twice to one share link: 2",
        ),
    ],
)
def test_it_finds_rows_that_point_nowhere_or_contradict_each_other(
    visited: Database, damage: str, finding: str
) -> None:
    with visited.transaction() as tx:
        tx.run(damage)
    assert finding in "\n".join(find_orphans(visited))


@pytest.mark.parametrize(
    ("damage", "finding"),
    [
        ("update contact set access_count = 3 where contact_id = 1", "contact (contact_id 1) says"),
        ("update contact set last_accessed_at = now()", "contact (contact_id 2) says"),
        ("delete from contact_link", "contact_link (contact_id 1, share_link_id 1) says nothing;"),
        ("update contact_document set access_count = 0", "contact_document (contact_id 1, sha"),
        ("update activity_slot set new_contact_count = 0", "activity_slot (slot 1970928, channel"),
        ("update activity_slot set is_archived = true", "activity_slot (slot 1970928, channel"),
        ("insert into left_out_slot values (9, 1, 1, 'bot', 1)", "left_out_slot (slot 9, share"),
        ("update item_total set contact_count = 7", "item_total (item document, item_id 1"),
        ("update contact set email_id = 9 where contact_id = 1", "contact (contact_id 1) says"),
        ("update contact set identifier_count = 0", "contact (contact_id 1) says"),
        (
            "insert into activity_slot values (9, 'email', true, 1, 0, false)",
            "the facts say nothing.",
        ),
    ],
)
def test_it_finds_rollups_that_do_not_say_what_the_facts_say(
    visited: Database, damage: str, finding: str
) -> None:
    with visited.transaction() as tx:
        tx.run(damage)
    assert finding in "\n".join(find_rollup_drift(visited))


def test_it_says_how_many_more_there_are_when_there_are_many(visited: Database) -> None:
    with visited.transaction() as tx:
        tx.run("insert into activity_slot select range, 'email', true, 1, 0, false from range(30)")
    findings = find_rollup_drift(visited)
    assert len(findings) == 21
    assert findings[-1] == "activity_slot: 10 more rows differ from the facts."
