"""Writing the file anew: the same database, without what was deleted from it."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from data.database import Database, DatabaseBusy, StorageFailed
from tests.factories import add_workspace
from tests.full_disk import full_disk

SECRET = "ada@secret.example"


def _folder_holds(folder: Path, text: str) -> bool:
    return any(text.encode() in file.read_bytes() for file in folder.rglob("*") if file.is_file())


def _delete(db: Database, name: str) -> None:
    with db.transaction() as tx:
        tx.run("delete from workspace where name = $name", name=name)


def test_what_was_deleted_is_in_no_file_any_more(db: Database) -> None:
    for name in (SECRET, "Sales", "Press"):
        add_workspace(db, name)
    db.checkpoint()
    _delete(db, SECRET)
    db.checkpoint()
    assert _folder_holds(db.path.parent, SECRET)
    db.rewrite()
    assert not _folder_holds(db.path.parent, SECRET)


def test_numbers_and_constraints_go_on_where_they_were(db: Database) -> None:
    before = add_workspace(db, "Sales")
    described = "select sql from duckdb_tables() union all select sql from duckdb_indexes()"
    before_it = sorted(map(str, db.rows(described)))
    db.rewrite()
    assert sorted(map(str, db.rows(described))) == before_it
    assert add_workspace(db, "Press").workspace_id == before.workspace_id + 1
    db.close()
    again = Database(db.path)
    assert again.rows("select name from workspace order by all") == [("Press",), ("Sales",)]
    assert add_workspace(again, "Board").workspace_id == before.workspace_id + 2
    again.close()


def test_whoever_reads_or_writes_meanwhile_notices_nothing(db: Database) -> None:
    add_workspace(db, "Sales")

    def read_and_write(number: int) -> None:
        assert db.rows("select count(*) from workspace")[0][0] >= 1
        add_workspace(db, f"Workspace {number}")

    with ThreadPoolExecutor(8) as pool:
        acts = [pool.submit(read_and_write, number) for number in range(60)]
        for _ in range(3):
            db.rewrite()
        for act in acts:
            act.result()
    assert db.row("select count(*) from workspace") == (61,)


def test_a_download_is_not_cut_off(db: Database) -> None:
    with db.snapshot() as moment:
        with pytest.raises(DatabaseBusy, match="Try again later"):
            db.rewrite()
        assert moment.row("select count(*) from workspace") == (0,)
    db.rewrite()


def test_a_full_disk_leaves_the_file_as_it_was(db: Database) -> None:
    add_workspace(db, "Sales")
    db.checkpoint()
    with full_disk(size=100_000), pytest.raises(StorageFailed):
        db.rewrite()
    assert db.rows("select name from workspace") == [("Sales",)]
    assert list((db.path.parent / "backup").iterdir()) == []
    add_workspace(db, "Press")
    db.rewrite()
    assert db.row("select count(*) from workspace") == (2,)
