"""What was saved is there at the next start, or the start is refused and nothing is touched."""

from pathlib import Path
from shutil import copyfile

import pytest
from structlog.testing import capture_logs

from data.database import Database, DatabaseUnreadable, UnitsMissing
from data.engine.promise import accept_gap, keep_promise, promise_path, read_promise
from tests.factories import add_workspace
from tests.full_disk import full_disk

NAMES = [f"Workspace {number}" for number in range(20)]


@pytest.fixture
def crashed(tmp_path: Path) -> Path:
    """A database as a crash leaves it: 20 workspaces in its log, none in its file."""
    path = tmp_path / "gatebook.duckdb"
    db = Database(tmp_path / "running.duckdb")
    db.checkpoint()
    for name in NAMES:
        add_workspace(db, name)
    for ending in ("", ".wal", ".promised"):
        copyfile(f"{db.path}{ending}", f"{path}{ending}")
    db.close()
    return path


def test_a_promise_is_never_taken_back(tmp_path: Path) -> None:
    path = tmp_path / "gatebook.duckdb"
    path.touch()
    for units in (7, 9, 8):
        keep_promise(path, units)
    assert read_promise(path) == 9


def _wal(path: Path) -> Path:
    return path.with_name(path.name + ".wal")


def _names(path: Path) -> list[str]:
    db = Database(path)
    found = [row[0] for row in db.rows("select name from workspace order by workspace_id")]
    db.close()
    return found


def _flip_a_bit(file: Path, place: int) -> None:
    content = bytearray(file.read_bytes())
    content[place] ^= 0b100
    file.write_bytes(content)


def test_after_a_crash_everything_that_was_saved_is_there(crashed: Path) -> None:
    assert _names(crashed) == NAMES


@pytest.mark.parametrize("share", [3, 4, 5, 6, 7])
def test_a_flipped_bit_in_the_logs_middle_is_found_and_both_files_are_left(
    crashed: Path, share: int
) -> None:
    _flip_a_bit(_wal(crashed), _wal(crashed).stat().st_size * share // 10)
    files = [crashed, _wal(crashed), promise_path(crashed)]
    before = [file.read_bytes() for file in files]
    for _ in range(2):
        # Where DuckDB itself finds the damage, it says so; else the promise does.
        with pytest.raises((UnitsMissing, DatabaseUnreadable)):
            Database(crashed)
    assert [file.read_bytes() for file in files] == before


@pytest.mark.parametrize("share", [0, 1, 3, 7, 9])
def test_a_log_that_was_cut_is_found_wherever_it_was_cut(crashed: Path, share: int) -> None:
    whole = _wal(crashed).read_bytes()
    _wal(crashed).write_bytes(whole[: len(whole) * share // 10])
    before = _wal(crashed).read_bytes()
    with pytest.raises(UnitsMissing, match=r"of the 20 units .*: \d+ are missing.*operating"):
        Database(crashed)
    # An empty log is nothing to keep, and DuckDB removes it.
    assert not before or _wal(crashed).read_bytes() == before


def test_what_nobody_was_told_of_may_be_torn_off(crashed: Path) -> None:
    with _wal(crashed).open("ab") as log:
        log.write(b"the beginning of a unit that was being written")
    assert _names(crashed) == NAMES


def test_a_database_older_than_its_promise_is_refused(crashed: Path, tmp_path: Path) -> None:
    Database(tmp_path / "older.duckdb").close()
    copyfile(tmp_path / "older.duckdb", crashed)
    _wal(crashed).unlink()
    with pytest.raises(UnitsMissing, match="holds 0 of the 20 units"):
        Database(crashed)


def test_a_database_that_is_gone_is_not_begun_anew(crashed: Path) -> None:
    crashed.unlink()
    with pytest.raises(UnitsMissing, match="is missing, and 20 units"):
        Database(crashed)
    assert not crashed.exists()


@pytest.mark.parametrize("content", [b"", b"7\n", b"x" * 21])
def test_a_promise_that_cannot_be_read_is_no_promise_of_nothing(
    crashed: Path, content: bytes
) -> None:
    promise_path(crashed).write_bytes(content)
    with pytest.raises(UnitsMissing, match="is damaged"):
        Database(crashed)


def test_whoever_accepts_a_gap_goes_on_with_what_is_there(crashed: Path) -> None:
    whole = _wal(crashed).read_bytes()
    _wal(crashed).write_bytes(whole[: len(whole) // 2])
    accept_gap(crashed)
    left = _names(crashed)
    assert left == NAMES[: len(left)]
    assert 0 < len(left) < 20
    db = Database(crashed)
    add_workspace(db, "After")
    db.close()
    assert _names(crashed) == [*left, "After"]


def test_a_unit_is_saved_though_its_promise_could_not_be_written(db: Database) -> None:
    add_workspace(db, "Sales")
    promise_path(db.path).unlink()
    promise_path(db.path).mkdir()
    with capture_logs() as logs:
        add_workspace(db, "Press")
    assert [line["event"] for line in logs] == ["promise_not_kept"]
    assert db.row("select count(*) from workspace") == (2,)


def test_a_unit_that_is_undone_counts_for_nothing(db: Database) -> None:
    add_workspace(db, "Sales")
    with full_disk(size=0), pytest.raises(OSError, match="nobody"), db.transaction():
        raise OSError("nobody")
    add_workspace(db, "Press")
    assert promise_path(db.path).read_text() == f"{2:020}\n"
