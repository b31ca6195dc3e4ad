"""Documents and their workspaces as stored: listed by name, archived and never deleted."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from data.accounts import AccountMissing, get_account, has_account, insert_account, update_account
from data.database import Database
from data.documents import (
    NewDocument,
    find_documents,
    get_document,
    insert_document,
    update_document_archived_at,
)
from data.records import Account, Document, Plan
from data.workspaces import find_workspaces, get_workspace, insert_workspace

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "gatebook.duckdb")
    yield database
    database.close()


def add_document(db: Database, name: str, workspace_id: int = 1) -> Document:
    new = NewDocument(
        workspace_id=workspace_id,
        name=name,
        content_type="application/pdf",
        byte_count=5_000_000_000,
        storage_name="0f",
    )
    with db.transaction() as tx:
        return insert_document(tx, new, NOW)


def test_a_document_of_gigabytes_comes_back_as_it_was_stored(db: Database) -> None:
    document = add_document(db, "Deck.pdf")
    assert get_document(db, document.document_id) == document
    assert document.byte_count == 5_000_000_000
    assert get_document(db, 99) is None


def test_documents_are_listed_by_name_whatever_its_case(db: Database) -> None:
    names = ["b.pdf", "C.pdf", "A.pdf"]
    for name in names:
        add_document(db, name)
    assert [found.name for found in find_documents(db)] == ["A.pdf", "b.pdf", "C.pdf"]


def test_a_workspace_lists_only_its_own_documents(db: Database) -> None:
    mine = add_document(db, "Deck.pdf", 1)
    add_document(db, "Deck.pdf", 2)
    assert find_documents(db, workspace_id=1) == [mine]


def test_an_archived_document_leaves_the_list_and_stays_known(db: Database) -> None:
    document = add_document(db, "Deck.pdf")
    with db.transaction() as tx:
        update_document_archived_at(tx, document.document_id, NOW)
    assert find_documents(db) == []
    assert [found.archived_at for found in find_documents(db, includes_archived=True)] == [NOW]


def test_workspaces_are_listed_by_name_whatever_its_case(db: Database) -> None:
    with db.transaction() as tx:
        sales, board = insert_workspace(tx, "sales", NOW), insert_workspace(tx, "Board", NOW)
    assert find_workspaces(db) == [board, sales]
    assert get_workspace(db, sales.workspace_id) == sales
    assert get_workspace(db, 99) is None


def test_an_account_is_missing_until_it_is_made(db: Database) -> None:
    assert not has_account(db)
    with pytest.raises(AccountMissing, match=r"\./run"):
        get_account(db)


def test_an_account_keeps_its_birth_when_the_rest_changes(db: Database) -> None:
    with db.transaction() as tx:
        insert_account(tx, Account("Ada's", Plan.FREE, "UTC", NOW))
        update_account(tx, name="Ada & Co", plan=Plan.PRO, time_zone="Asia/Kolkata")
    assert has_account(db)
    assert get_account(db) == Account("Ada & Co", Plan.PRO, "Asia/Kolkata", NOW)
