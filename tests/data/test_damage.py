"""A database file with a damaged place: said in one sentence, whoever meets it."""

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from data.check import check_database
from data.database import Database, DatabaseError
from gate.backup_files import BackupRefused
from gate.backups import make_backup

SENTENCE = r"^A part of the database is damaged.*Restore a backup.*operating\.md"


@pytest.fixture
def damaged(tmp_path: Path) -> Database:
    """A database of which the block with the workspaces' names holds other bytes than were saved.

    Nothing that opening it reads is in that block.
    """
    path = tmp_path / "gatebook.duckdb"
    db = Database(path)
    with db.transaction() as tx:
        tx.run(
            """
            insert into workspace
            select range, md5(cast(range as varchar)), now(), null from range(40000)
            """
        )
    db.close()
    damage(path)
    return Database(path)


def damage(path: Path) -> None:
    """Spoil one block in the middle of a database file's rows."""
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(os.urandom(64 * 1024))


ACTS: dict[str, Callable[[Database], object]] = {
    "check": check_database,
    "question": lambda db: db.rows("select name from workspace"),
    "rewrite": lambda db: db.rewrite(),
}


@pytest.mark.parametrize("act", ACTS)
def test_a_damaged_block_is_told_in_a_sentence(damaged: Database, act: str) -> None:
    with pytest.raises(DatabaseError, match=SENTENCE):
        ACTS[act](damaged)
    assert list((damaged.path.parent / "backup").iterdir()) == []
    damaged.close()


def test_a_check_reads_what_nothing_is_compared_with(tmp_path: Path) -> None:
    path = tmp_path / "gatebook.duckdb"
    db = Database(path)
    with db.transaction() as tx:
        tx.run(
            """
            insert into audit (audit_id, created_at, actor_kind, event, detail)
            select range, now(), 'system', 'session_opened', md5(cast(range as varchar))
            from range(40000)
            """
        )
    db.close()
    damage(path)
    spoiled = Database(path)
    with pytest.raises(DatabaseError, match=SENTENCE):
        check_database(spoiled)
    spoiled.close()


def test_a_download_that_meets_a_damaged_block_is_told_so(damaged: Database) -> None:
    with damaged.snapshot() as moment, pytest.raises(DatabaseError, match=SENTENCE):
        moment.arrow("select * from workspace")
    damaged.close()


def test_a_unit_of_work_that_meets_a_damaged_block_is_told_so_and_the_rest_goes_on(
    damaged: Database,
) -> None:
    def rename() -> None:
        with damaged.transaction() as tx:
            tx.run("update workspace set name = name || '!'")

    with pytest.raises(DatabaseError, match=SENTENCE):
        rename()
    with damaged.transaction() as tx:
        tx.run("insert into contact (contact_id, created_at, access_count) values (1, now(), 0)")
    assert damaged.row("select count(*) from contact") == (1,)
    damaged.close()


def test_no_backup_is_made_of_a_damaged_database(
    damaged: Database, tmp_path: Path, now: datetime
) -> None:
    with pytest.raises(BackupRefused, match="A part of the database is damaged"):
        make_backup(damaged, tmp_path / "backup", now)
    assert list((tmp_path / "backup").iterdir()) == []
    damaged.close()
