"""Backups are whole, restore to what was there, and never write over anything."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from data.check import check_database
from data.database import Database
from gate.backup_files import BackupRefused
from gate.backups import make_backup
from gate.codes import read_pepper
from gate.home import HomeRefused
from gate.kept_backups import (
    find_backups,
    is_backup_due,
    purge_backups,
    remove_unfinished_backups,
    try_backup_folder,
)
from gate.restoring import restore_backup
from tests.factories import add_contact, add_document, add_session, add_share_link, add_workspace
from tests.full_disk import full_disk

DAY = timedelta(days=1)


@pytest.fixture
def folder(tmp_path: Path, db: Database, now: datetime) -> Path:
    """Where the backups of a home go in which Ada has seen a document."""
    workspace = add_workspace(db)
    document = add_document(db, workspace)
    link = add_share_link(db, workspace, document=document)
    add_session(db, add_contact(db, "ada@example.com"), link, now, documents=[document])
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / document.storage_name).write_bytes(b"%PDF-1.7 figures")
    (tmp_path / "documents" / "half.part").write_bytes(b"an upload under way")
    read_pepper(tmp_path, None)
    return tmp_path / "backup"


def _everything(home: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table of a home's database."""
    db = Database(home / "gatebook.duckdb")
    names = db.rows("select table_name from duckdb_tables() order by all")
    rows = {name: db.rows(f"select * from {name} order by all") for (name,) in names}
    assert check_database(db) == []
    db.close()
    return rows


def test_a_restored_home_is_what_was_backed_up(
    db: Database, folder: Path, now: datetime, tmp_path: Path
) -> None:
    backup = make_backup(db, folder, now)
    add_workspace(db, "After the backup")
    home = tmp_path / "restored"
    assert restore_backup(backup.folder, home) == []
    names = {str(path.relative_to(home)) for path in home.rglob("*") if path.is_file()}
    names.remove("gatebook.duckdb.lock")
    documents = {f"documents/{path.name}" for path in (tmp_path / "documents").glob("document*")}
    assert names == {"gatebook.duckdb", "gatebook.duckdb.promised", "pepper", *documents}
    for name in ("pepper", *documents):
        assert (home / name).read_bytes() == (tmp_path / name).read_bytes()
    assert {path.stat().st_mode & 0o077 for path in home.rglob("*")} == {0}
    with db.transaction() as tx:
        tx.run("delete from workspace where name = 'After the backup'")
    held = _everything(home)
    db.close()
    expected = _everything(tmp_path)
    assert held.pop("saved_unit") != expected.pop("saved_unit")
    assert held == expected


def test_a_backup_leaves_the_database_locked(db: Database, folder: Path, now: datetime) -> None:
    make_backup(db, folder, now)
    opened = "import duckdb, sys; duckdb.connect(sys.argv[1])"
    other = subprocess.run(
        [sys.executable, "-c", opened, str(db.path)], capture_output=True, text=True
    )
    assert "Conflicting lock is held" in other.stderr


def test_a_backup_is_made_while_others_read_and_write(
    db: Database, folder: Path, now: datetime, tmp_path: Path
) -> None:
    with db.snapshot() as moment:
        assert moment.row("select count(*) from workspace") == (1,)
        add_workspace(db, "In the log")
        backup = make_backup(db, folder, now)
        assert moment.row("select count(*) from workspace") == (1,)
    restore_backup(backup.folder, tmp_path / "restored")
    assert len(_everything(tmp_path / "restored")["workspace"]) == 2


def test_documents_that_were_backed_up_before_share_their_bytes(
    db: Database, folder: Path, now: datetime
) -> None:
    first, second = (make_backup(db, folder, now + number * DAY) for number in range(2))
    (document,) = (second.folder / "documents").iterdir()
    assert os.path.samefile(document, first.folder / "documents" / document.name)
    assert not os.path.samefile(first.folder / "pepper", second.folder / "pepper")


def test_nothing_is_written_over(db: Database, folder: Path, now: datetime, tmp_path: Path) -> None:
    backup = make_backup(db, folder, now)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(BackupRefused, match="is not empty"):
        restore_backup(backup.folder, tmp_path)
    assert sorted(tmp_path.rglob("*")) == before


def test_an_empty_disk_is_filled_where_it_is_mounted(
    db: Database, folder: Path, now: datetime, tmp_path: Path
) -> None:
    backup = make_backup(db, folder, now)
    disk = tmp_path / "disk"
    (disk / "lost+found").mkdir(parents=True)
    (disk / ".restoring").mkdir()
    disk.chmod(0o755)
    place = disk.stat().st_ino
    assert restore_backup(backup.folder, disk) == []
    assert (disk.stat().st_ino, disk.stat().st_mode & 0o777) == (place, 0o700)
    assert {"gatebook.duckdb", "pepper", "documents"} < {path.name for path in disk.iterdir()}
    assert not (disk / ".restoring").exists()
    assert _everything(disk)


@pytest.mark.parametrize("failing", ["documents", "pepper"])
def test_a_disk_that_fails_while_it_is_filled_is_empty_again(
    db: Database,
    folder: Path,
    now: datetime,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    failing: str,
) -> None:
    backup = make_backup(db, folder, now)
    disk = tmp_path / "disk"
    disk.mkdir()
    rename = os.rename

    def fail(source: Path, target: Path) -> None:
        if target == disk / failing:
            raise OSError(5, "Input/output error")
        rename(source, target)

    monkeypatch.setattr(os, "rename", fail)
    with pytest.raises(BackupRefused, match="Input/output error"):
        restore_backup(backup.folder, disk)
    assert list(disk.iterdir()) == []


def test_another_users_home_is_not_filled(
    db: Database, folder: Path, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = make_backup(db, folder, now)
    (tmp_path / "disk").mkdir()
    monkeypatch.setattr(os, "geteuid", lambda: tmp_path.stat().st_uid + 1)
    with pytest.raises(HomeRefused, match="belongs to"):
        restore_backup(backup.folder, tmp_path / "disk")
    assert restore_backup(backup.folder, tmp_path / "new") == []


@pytest.mark.parametrize("name", ["gatebook.duckdb", "pepper", "backup.json", "gatebook.duckdb.*"])
@pytest.mark.parametrize("damage", ["cut", "gone"])
def test_a_damaged_backup_is_refused_and_leaves_nothing(
    db: Database, folder: Path, now: datetime, tmp_path: Path, name: str, damage: str
) -> None:
    backup = make_backup(db, folder, now)
    file = next(backup.folder.glob(name))
    if damage == "cut":
        file.write_bytes(file.read_bytes()[:-1])
    else:
        file.unlink()
    with pytest.raises(BackupRefused, match=re.escape(str(backup.folder))):
        restore_backup(backup.folder, tmp_path / "restored")
    assert list(tmp_path.glob("restored*")) == []


def test_a_backup_of_what_does_not_agree_with_itself_is_refused(
    db: Database, folder: Path, now: datetime
) -> None:
    with db.transaction() as tx:
        tx.run("update contact set access_count = 9")
    with pytest.raises(BackupRefused, match="does not agree with itself"):
        make_backup(db, folder, now)
    assert list(folder.iterdir()) == []


def test_a_full_disk_leaves_no_half_backup(db: Database, folder: Path, now: datetime) -> None:
    with full_disk(size=1_000), pytest.raises(BackupRefused, match="could not be written"):
        make_backup(db, folder, now)
    assert list(folder.iterdir()) == []
    assert make_backup(db, folder, now).byte_count > 0


def test_what_a_crash_left_is_no_backup_and_is_removed(
    db: Database, folder: Path, now: datetime
) -> None:
    backup = make_backup(db, folder, now)
    (folder / ".unfinished-2026").mkdir()
    (folder / ".unfinished-2026" / "backup.json").write_text("{}")
    (folder / "rewritten.duckdb").write_text("ada@example.com")
    assert find_backups(folder) == [backup]
    remove_unfinished_backups(folder)
    assert list(folder.iterdir()) == [backup.folder]


def test_backups_come_when_they_are_due_and_go_by_their_age_but_for_the_newest(
    db: Database, folder: Path, now: datetime
) -> None:
    assert is_backup_due(folder, now, DAY)
    made = [make_backup(db, folder, now + number * DAY) for number in range(3)]
    assert not is_backup_due(folder, now + 3 * DAY - timedelta(seconds=1), DAY)
    assert is_backup_due(folder, now + 3 * DAY, DAY)
    assert purge_backups(folder, now + 3 * DAY, kept=2 * DAY) == 1
    assert find_backups(folder) == made[1:]
    assert purge_backups(folder, now + 11 * DAY, kept=2 * DAY) == 1
    assert find_backups(folder) == made[2:]


def test_a_folder_that_cannot_be_made_is_told_in_a_sentence(db: Database, now: datetime) -> None:
    folder = Path("/proc/nowhere/backups")
    with pytest.raises(BackupRefused, match="could not be written to /proc/nowhere/backups: "):
        make_backup(db, folder, now)
    with pytest.raises(BackupRefused, match="No backup can be written to /proc/nowhere/backups: "):
        try_backup_folder(folder)


def test_trying_the_folder_of_the_backups_leaves_nothing_in_it(tmp_path: Path) -> None:
    try_backup_folder(tmp_path / "far" / "backups")
    assert list((tmp_path / "far" / "backups").iterdir()) == []


def test_a_backup_from_the_future_neither_counts_nor_is_what_stays(
    db: Database, folder: Path, now: datetime
) -> None:
    future = make_backup(db, folder, now + 900 * DAY)
    with capture_logs() as logs:
        assert is_backup_due(folder, now, DAY)
        assert is_backup_due(folder, now + DAY, DAY)
    assert [line["event"] for line in logs] == ["backup_from_the_future"]
    made = make_backup(db, folder, now)
    assert not is_backup_due(folder, now + timedelta(minutes=5), DAY)
    assert is_backup_due(folder, now + DAY, DAY)
    assert purge_backups(folder, now + 5 * DAY, kept=DAY) == 0
    assert find_backups(folder) == [made, future]


def test_a_clock_that_was_set_back_a_little_makes_no_backup_due(
    db: Database, folder: Path, now: datetime
) -> None:
    make_backup(db, folder, now)
    assert not is_backup_due(folder, now - timedelta(minutes=30), DAY)


def test_a_backup_that_cannot_be_read_is_passed_over(
    db: Database, folder: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoiled, closed, whole = (make_backup(db, folder, now + one * DAY) for one in range(3))
    (spoiled.folder / "backup.json").write_text("[]")
    for path in (folder.parent, folder, whole.folder, whole.folder / "backup.json"):
        path.chmod(0o755)
    closed.folder.chmod(0)
    monkeypatch.chdir(folder.parent)
    with capture_logs() as logs, _nobody():
        found = find_backups(Path(folder.name))
        assert not is_backup_due(Path(folder.name), now + 2 * DAY, DAY)
    assert [backup.made_at for backup in found] == [now + 2 * DAY]
    assert [line["event"] for line in logs] == ["backup_not_readable"] * 2


def test_a_folder_of_backups_that_cannot_be_read_is_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "closed backups").mkdir(mode=0)
    tmp_path.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    with capture_logs() as logs, _nobody():
        assert [find_backups(Path("closed backups")) for _ in range(3)] == [[], [], []]
    assert [line["event"] for line in logs] == ["backup_not_readable"]


@contextmanager
def _nobody() -> Iterator[None]:
    """Be a user who may read only what all may, where root runs the tests."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(65_534)
    try:
        yield
    finally:
        os.seteuid(before)
