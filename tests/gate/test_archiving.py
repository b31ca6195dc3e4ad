"""What is put away opens nothing and comes back as it was; names change; owners only."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from data.database import Database
from data.documents import get_document
from data.link_usage import LinkUsage, find_link_usage
from data.links import find_share_links, get_share_link_by_id
from data.records import LinkState, Member, Role
from data.shelf_usage import (
    DocumentUsage,
    WorkspaceUsage,
    find_document_usage,
    find_workspace_usage,
)
from data.workspaces import get_workspace
from gate.archiving import set_document_archived, set_link_archived, set_workspace_archived
from gate.desk_errors import (
    DeskRefusal,
    DocumentFault,
    DocumentRefused,
    LinkFault,
    LinkRefused,
    WorkspaceFault,
    WorkspaceRefused,
)
from gate.errors import LinkUnavailable, NotPermitted
from gate.links import revoke_link
from gate.names import make_file_name
from gate.renaming import rename_document, rename_workspace
from gate.visits import require_live_link
from tests.factories import (
    add_contact,
    add_document,
    add_link_passed,
    add_session,
    add_share_link,
    add_workspace,
)

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
OWNER = Member(1, "owner@example.com", "Olga", Role.OWNER)
ANALYST = Member(2, "analyst@example.com", "Ann", Role.ANALYST)

Act = Callable[[Database, Member, datetime], None]


def archive_one(db: Database, member: Member, now: datetime) -> None:
    set_link_archived(db, 1, member, now, is_archived=True)


def state_of(db: Database, number: int = 1) -> LinkState:
    link = get_share_link_by_id(db, number)
    assert link is not None
    return link.state(NOW)


def events(db: Database) -> list[str]:
    return [str(row[0]) for row in db.rows("select event from audit order by audit_id")]


def test_an_archived_link_opens_nothing_and_stays_choosable(db: Database) -> None:
    link = add_share_link(db, add_workspace(db))
    archive_one(db, OWNER, NOW)
    assert state_of(db) is LinkState.ARCHIVED
    with pytest.raises(LinkUnavailable):
        require_live_link(db, link.slug, NOW)
    assert [one.share_link_id for one in find_share_links(db)] == [link.share_link_id]
    archive_one(db, OWNER, NOW)
    set_link_archived(db, 1, OWNER, NOW, is_archived=False)
    assert require_live_link(db, link.slug, NOW).name == link.name
    assert events(db) == ["link_archived", "link_restored"]


def test_a_revoked_link_that_is_put_back_stays_revoked(db: Database) -> None:
    add_share_link(db, add_workspace(db))
    revoke_link(db, 1, OWNER, NOW)
    archive_one(db, OWNER, NOW)
    set_link_archived(db, 1, OWNER, NOW, is_archived=False)
    assert state_of(db) is LinkState.REVOKED


def test_a_link_to_an_archived_document_is_closed_until_it_is_back(db: Database) -> None:
    workspace = add_workspace(db)
    document = add_document(db, workspace)
    for target in (document, None):
        add_share_link(db, workspace, document=target)
    set_document_archived(db, document.document_id, OWNER, NOW, is_archived=True)
    assert [state_of(db, 1), state_of(db, 2)] == [LinkState.EMPTY, LinkState.ACTIVE]
    set_document_archived(db, document.document_id, OWNER, NOW, is_archived=False)
    assert state_of(db, 1) is LinkState.ACTIVE
    assert events(db) == ["document_archived", "document_restored"]


def test_an_archived_workspace_closes_every_link_of_its_own(db: Database) -> None:
    mine, other = add_workspace(db), add_workspace(db, "Other")
    add_share_link(db, mine, document=add_document(db, mine))
    add_share_link(db, mine)
    add_share_link(db, other)
    set_workspace_archived(db, mine.workspace_id, OWNER, NOW, is_archived=True)
    states = [state_of(db, number) for number in (1, 2, 3)]
    assert states == [LinkState.EMPTY, LinkState.EMPTY, LinkState.ACTIVE]
    set_workspace_archived(db, mine.workspace_id, OWNER, NOW, is_archived=False)
    assert state_of(db, 1) is LinkState.ACTIVE


def test_eight_impatient_clicks_archive_once(db: Database) -> None:
    add_share_link(db, add_workspace(db))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: archive_one(db, OWNER, NOW), range(8)))
    assert events(db) == ["link_archived"]


@pytest.mark.parametrize(
    "act",
    [
        archive_one,
        lambda db, who, now: set_document_archived(db, 1, who, now, is_archived=True),
        lambda db, who, now: set_workspace_archived(db, 1, who, now, is_archived=True),
        lambda db, who, now: rename_document(db, 1, "Mine", who, now),
        lambda db, who, now: rename_workspace(db, 1, "Mine", who, now),
    ],
    ids=["link", "document", "workspace", "document name", "workspace name"],
)
def test_an_analyst_puts_nothing_away_and_renames_nothing(db: Database, act: Act) -> None:
    workspace = add_workspace(db)
    add_share_link(db, workspace, document=add_document(db, workspace))
    with pytest.raises(NotPermitted):
        act(db, ANALYST, NOW)
    assert events(db) == []
    assert state_of(db) is LinkState.ACTIVE


def refusal_of(act: Callable[[], object]) -> DeskRefusal:
    with pytest.raises(DeskRefusal) as refused:
        act()
    return refused.value


def test_what_is_not_there_is_told(db: Database) -> None:
    link = refusal_of(lambda: archive_one(db, OWNER, NOW))
    document = refusal_of(lambda: rename_document(db, 9, "x", OWNER, NOW))
    away = refusal_of(lambda: set_document_archived(db, 9, OWNER, NOW, is_archived=True))
    workspace = refusal_of(lambda: rename_workspace(db, 9, "x", OWNER, NOW))
    assert isinstance(link, LinkRefused)
    assert link.fault is LinkFault.GONE
    assert isinstance(document, DocumentRefused)
    assert isinstance(away, DocumentRefused)
    assert document.fault is away.fault is DocumentFault.GONE
    assert isinstance(workspace, WorkspaceRefused)
    assert workspace.fault is WorkspaceFault.GONE


def test_a_new_name_is_cleaned_and_the_same_one_is_no_change(db: Database) -> None:
    document = add_document(db, add_workspace(db))
    for _ in range(2):
        rename_document(db, document.document_id, " Q1\u202e deck.pdf ", OWNER, NOW)
        rename_workspace(db, 1, " Board ", OWNER, NOW)
    renamed, workspace = get_document(db, document.document_id), get_workspace(db, 1)
    assert renamed is not None
    assert workspace is not None
    assert (renamed.name, workspace.name) == ("Q1 deck.pdf", "Board")
    assert events(db) == ["document_renamed", "workspace_renamed"]


def test_a_new_name_keeps_its_slashes_and_is_told_as_it_was_stored(db: Database) -> None:
    document = add_document(db, add_workspace(db))
    name = rename_document(db, document.document_id, "Terms  2025/2026.pdf", OWNER, NOW)
    renamed = get_document(db, document.document_id)
    assert renamed is not None
    assert renamed.name == name == "Terms 2025/2026.pdf"
    assert rename_workspace(db, 1, " Terms  2025/2026", OWNER, NOW) == "Terms 2025/2026"


@pytest.mark.parametrize(
    ("name", "saved_as"),
    [
        ("Terms 2025/2026.pdf", "Terms 2025-2026.pdf"),
        (r"..\..\Terms.pdf", "..-..-Terms.pdf"),
        ("Q1 deck.pdf", "Q1 deck.pdf"),
        ("..", "Untitled"),
    ],
)
def test_a_name_with_slashes_is_saved_as_one_file(name: str, saved_as: str) -> None:
    assert make_file_name(name) == saved_as


def test_a_workspace_keeps_its_name_when_another_has_the_new_one(db: Database) -> None:
    add_workspace(db, "Sales"), add_workspace(db, "Board")
    taken = refusal_of(lambda: rename_workspace(db, 1, "BOARD", OWNER, NOW))
    empty = refusal_of(lambda: rename_document(db, 1, " \u200b", OWNER, NOW))
    assert isinstance(taken, WorkspaceRefused)
    assert taken.fault is WorkspaceFault.NAME_TAKEN
    assert isinstance(empty, DocumentRefused)
    rename_workspace(db, 1, "SALES", OWNER, NOW)
    found = get_workspace(db, 1)
    assert found is not None
    assert found.name == "SALES"


def test_usage_leaves_archived_contacts_out(db: Database) -> None:
    workspace = add_workspace(db)
    document = add_document(db, workspace)
    link = add_share_link(db, workspace, document=document)
    for name, away in (("ada", None), ("bob", NOW)):
        contact = add_contact(db, f"{name}@example.com", archived_at=away)
        add_link_passed(db, contact, link)
        add_session(db, contact, link, NOW, documents=[document])
    assert find_link_usage(db) == [LinkUsage(1, 1, 1, NOW, 0)]
    assert find_document_usage(db) == [DocumentUsage(1, 1, 1, NOW)]
    assert find_workspace_usage(db) == [WorkspaceUsage(1, 1, 1, 1, 1)]
