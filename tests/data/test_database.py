"""The database file: one process, one writer, many readers; nothing lost, nothing half saved."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest

from data.database import Database, DatabaseClosed, DatabaseUnreadable, StorageFailed
from data.engine.opening import Limits
from tests.factories import add_workspace
from tests.full_disk import full_disk

OPEN_IT = """
import sys
from pathlib import Path
from data.database import Database, DatabaseError
try:
    Database(Path(sys.argv[1])).close()
except DatabaseError as refusal:
    print(type(refusal).__name__, refusal)
"""


def _open_elsewhere(path: Path) -> str:
    """What another process says that opens and closes the database; nothing if it could."""
    command = [sys.executable, "-c", OPEN_IT, str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _names(db: Database) -> list[str]:
    return [row[0] for row in db.rows("select name from workspace order by workspace_id")]


def test_a_second_process_is_told_who_holds_the_file_and_does_no_damage(db: Database) -> None:
    add_workspace(db, "Sales")
    said = _open_elsewhere(db.path)
    assert said.startswith(f"DatabaseInUse Another process uses {db.path}. Stop the Gatebook")
    add_workspace(db, "Press")
    assert _names(db) == ["Sales", "Press"]


def test_it_stays_held_though_its_file_is_read_meanwhile(db: Database) -> None:
    db.path.read_bytes()
    said = _open_elsewhere(db.path)
    assert said.startswith("DatabaseInUse")
    add_workspace(db, "Sales")
    db.close()
    assert _open_elsewhere(db.path) == ""


@pytest.mark.parametrize("content", [b"", b"x", b"%PDF-1.7\n" * 4_000])
def test_it_refuses_a_file_that_is_no_database_and_leaves_it(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "gatebook.duckdb"
    path.write_bytes(content)
    with pytest.raises(DatabaseUnreadable, match="left as it is"):
        Database(path)
    assert [file.name for file in tmp_path.iterdir()] == ["gatebook.duckdb"]
    assert path.read_bytes() == content


def test_it_says_when_there_is_no_folder(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnreadable, match="There is no folder"):
        Database(tmp_path / "missing" / "gatebook.duckdb")


def test_no_other_user_may_read_the_file_its_log_or_its_folders(tmp_path: Path) -> None:
    path = tmp_path / "gatebook.duckdb"
    Database(path).close()
    path.chmod(0o644)
    db = Database(path)
    add_workspace(db)
    modes = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.iterdir()}
    db.close()
    assert modes == {
        "gatebook.duckdb": 0o600,
        "gatebook.duckdb.wal": 0o600,
        "gatebook.duckdb.promised": 0o600,
        "gatebook.duckdb.lock": 0o600,
        "backup": 0o700,
        "spill": 0o700,
    }


@pytest.mark.parametrize(
    "statement",
    [
        "copy workspace to '{outside}/stolen.csv'",
        "copy workspace to '{outside}/backup/../stolen.csv'",
        "attach '{outside}/other.duckdb'",
        "select * from read_text('/etc/hostname')",
        "set enable_external_access = true",
        "set memory_limit = '64GB'",
        "install httpfs",
    ],
)
def test_no_statement_reaches_outside_the_backup_folder(db: Database, statement: str) -> None:
    with pytest.raises((duckdb.PermissionException, duckdb.InvalidInputException)):
        db.rows(statement.format(outside=db.path.parent))
    assert not (db.path.parent / "stolen.csv").exists()


def test_a_backup_may_be_written_where_backups_go(db: Database) -> None:
    target = db.path.parent / "backup" / "workspaces.csv"
    db.rows(f"copy workspace to '{target}'")
    assert target.exists()


def test_a_unit_that_raises_leaves_nothing(db: Database) -> None:
    def fail() -> None:
        with db.transaction() as tx:
            tx.run("insert into workspace values (1, 'Sales', now(), null)")
            assert tx.row("select count(*) from workspace") == (1,)
            raise InterruptedError

    with pytest.raises(InterruptedError):
        fail()
    assert _names(db) == []
    add_workspace(db, "Press")
    assert _names(db) == ["Press"]


def test_a_statement_that_fails_undoes_its_unit_and_only_that(db: Database) -> None:
    add_workspace(db, "Sales")

    def fail() -> None:
        with db.transaction() as tx:
            tx.run("update workspace set name = 'Press'")
            tx.run("select cast('x' as integer)")

    with pytest.raises(duckdb.ConversionException):
        fail()
    assert _names(db) == ["Sales"]


def test_readers_neither_wait_for_the_writer_nor_see_what_is_not_saved(db: Database) -> None:
    with db.transaction() as tx:
        tx.run("insert into workspace values (1, 'Sales', now(), null)")
        assert _names(db) == []
    assert _names(db) == ["Sales"]


def test_32_threads_lose_no_count(db: Database) -> None:
    with db.transaction() as tx:
        tx.run("insert into contact (contact_id, created_at, access_count) values (1, now(), 0)")

    def count_up(_: int) -> None:
        with db.transaction() as tx:
            tx.run("update contact set access_count = access_count + 1")

    with ThreadPoolExecutor(32) as pool:
        list(pool.map(count_up, range(160)))
    assert db.row("select access_count from contact") == (160,)


def test_a_question_that_forgets_a_parameter_fails(db: Database) -> None:
    with pytest.raises(duckdb.BinderException):
        db.rows("select 1", share_link_id=7)


def test_what_was_saved_is_there_when_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "gatebook.duckdb"
    db = Database(path)
    add_workspace(db, "Sales")
    db.checkpoint()
    add_workspace(db, "Press")
    db.close()
    db = Database(path)
    assert _names(db) == ["Sales", "Press"]
    db.close()


def test_a_closed_database_answers_nobody_and_cuts_snapshots_off(db: Database) -> None:
    with db.snapshot() as moment:
        assert moment.row("select 1") == (1,)
        db.close()
        with pytest.raises(DatabaseClosed):
            moment.row("select 1")
    with pytest.raises(DatabaseClosed):
        db.rows("select 1")
    with pytest.raises(DatabaseClosed):
        add_workspace(db)


def _add_much(db: Database) -> None:
    with db.transaction() as tx:
        tx.run(
            """
            insert into workspace
            select range, md5(cast(range as varchar)), now(), null
            from range(40000)
            """
        )


# With a short log the disk fails in a checkpoint, which DuckDB does not survive by itself.
@pytest.mark.parametrize("threshold", ["1MB", "128MB"])
def test_a_full_disk_is_said_and_everything_works_on(tmp_path: Path, threshold: str) -> None:
    db = Database(tmp_path / "gatebook.duckdb", limits=Limits(checkpoint_threshold=threshold))
    add_workspace(db, "Sales")
    with db.snapshot() as moment:
        assert moment.row("select name from workspace") == ("Sales",)
        with full_disk(size=200_000), pytest.raises(StorageFailed, match="Free some space"):
            _add_much(db)
    assert _names(db) == ["Sales"]
    _add_much(db)
    db.close()
    db = Database(tmp_path / "gatebook.duckdb")
    assert len(_names(db)) == 40_001
    db.close()


def test_a_statement_read_once_answers_every_thread_with_its_own(db: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda one: db.row("select $number + 1", number=one), range(400)))
    assert told == [(number + 1,) for number in range(400)]


def test_a_statement_knows_the_table_as_it_is_by_now(db: Database) -> None:
    add_workspace(db, "Sales")
    every = "select * from once"
    with db.transaction() as tx:
        tx.run("create table once as select 1 as a")
    assert db.rows(every) == [(1,)]
    with db.transaction() as tx:
        tx.run("alter table once add column b integer default 2")
    assert db.rows(every) == [(1, 2)]
    db.rewrite()
    assert db.rows(every) == [(1, 2)]
