"""The sessions that no number counts: how many, why, and which they were."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from data.contact_filter import ContactFilter
from data.contacts import update_contact_archived_at
from data.database import Database
from data.left_out import LeftOut, count_left_out_sessions, find_left_out_sessions
from data.member_sessions import insert_member_session
from data.members import insert_member
from data.records import ContactIdentifier, Role, SessionKind, ShareLink, Workspace
from tests.factories import (
    add_contact,
    add_document,
    add_session,
    add_share_link,
    add_workspace,
)

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Visited:
    """A link that Ada, two members' previews, a crawler and somebody unasked came to."""

    workspace: Workspace
    link: ShareLink
    ada: ContactIdentifier


@pytest.fixture
def visited(db: Database, now: datetime) -> Visited:
    workspace, ada = add_workspace(db), add_contact(db, "ada@example.com")
    link = add_share_link(db, workspace)
    add_session(db, ada, link, now)
    for kind in (SessionKind.BOT, SessionKind.INTERNAL, SessionKind.INTERNAL):
        add_session(db, None, link, now, kind=kind)
    add_session(db, None, link, now)
    return Visited(workspace, link, ada)


def test_each_reason_is_counted_apart(db: Database, visited: Visited) -> None:
    found = count_left_out_sessions(db, ContactFilter())

    assert found == LeftOut(internal=2, bots=1, on_open_links=1)
    assert found.total == 4


def test_another_links_filter_leaves_none_of_these_out(db: Database, visited: Visited) -> None:
    elsewhere = ContactFilter(share_link_ids=frozenset({visited.link.share_link_id + 1}))

    assert count_left_out_sessions(db, elsewhere) == LeftOut()


def test_an_archived_contacts_sessions_are_left_out_unless_asked_for(
    db: Database, visited: Visited, now: datetime
) -> None:
    with db.transaction() as tx:
        update_contact_archived_at(tx, visited.ada.contact_id, now)

    assert count_left_out_sessions(db, ContactFilter()).of_archived == 1
    assert count_left_out_sessions(db, ContactFilter(includes_archived=True)).of_archived == 0


def test_a_preview_names_the_member_whose_browser_it_was(
    db: Database, visited: Visited, now: datetime
) -> None:
    document = add_document(db, visited.workspace)
    preview = add_session(
        db, None, visited.link, now + HOUR, kind=SessionKind.INTERNAL, documents=[document]
    )
    with db.transaction() as tx:
        ann = insert_member(tx, email="ann@example.com", name="Ann", role=Role.OWNER, now=now)
        insert_member_session(
            tx,
            member_id=ann.member_id,
            browser_id=preview.browser_id,
            now=now,
            expires_at=now + HOUR,
            browser_name="Firefox",
        )

    newest = find_left_out_sessions(db, ContactFilter(), skipped=0, most=1)[0]

    assert newest.who == "ann@example.com"
    assert newest.kind is SessionKind.INTERNAL
    assert newest.document_count == 1


def test_they_come_page_by_page_the_newest_first(db: Database, visited: Visited) -> None:
    whole = find_left_out_sessions(db, ContactFilter(), skipped=0, most=10)
    halves = [find_left_out_sessions(db, ContactFilter(), skipped=n, most=2) for n in (0, 2)]

    assert halves[0] + halves[1] == whole
    assert [one.who for one in whole] == [None] * 4
