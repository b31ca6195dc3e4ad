"""Backups of a home while it serves: made whole, verified by restoring, kept for a while.

A backup is a folder that holds what a home needs: the database, the documents, the pepper's file.
It appears under its name once it is whole. Whatever lies there unfinished is of a crash.
"""

import json
import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from data.check import check_database
from data.compaction import FRESH_FILE
from data.database import Database, DatabaseError
from data.migrations import SchemaError
from data.opening import DATABASE_FILE, Limits
from data.promise import sync_to_disk
from gate.backup_files import (
    BackupRefused,
    StoredFile,
    copy_files,
    copy_held_files,
    describe_file,
    read_stored,
)
from gate.codes import PEPPER_FILE

BACKUP_FOLDER = "backup"
MANIFEST_FILE = "backup.json"
_NAME = "%Y-%m-%dT%H%M%SZ"
_UNFINISHED = ".unfinished-"
_DOCUMENTS = "documents"
# Beside a server that goes on serving.
_BESIDE_OTHERS = Limits(memory="512MB", threads=1)


@dataclass(frozen=True, slots=True)
class Backup:
    """One whole backup: where it lies, when it was made, and how many bytes it holds."""

    folder: Path
    made_at: datetime
    byte_count: int


def make_backup(db: Database, folder: Path, now: datetime) -> Backup:
    """A verified backup of the open database and its home, made while both are used.

    Writers wait while the database file is copied. Documents never change, so those that the
    backup before holds too share their bytes with it on the disk.

    Raises:
        BackupRefused: the disk refused, or what was copied does not restore; nothing is left of it.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = find_backups(folder)
    unfinished = folder / (_UNFINISHED + now.strftime(_NAME))
    try:
        _remove_folder(unfinished)
        unfinished.mkdir(mode=0o700)
        _fill(unfinished, db, found[-1].folder if found else None, now)
        _verify(unfinished)
        target = folder / now.strftime(_NAME)
        os.rename(unfinished, target)
        sync_to_disk(folder)
    except OSError as failure:
        message = f"The backup could not be written to {folder}: {failure.strerror}"
        raise BackupRefused(message) from failure
    finally:
        _remove_folder(unfinished)
    return _read_backup(target)


def find_backups(folder: Path) -> list[Backup]:
    """The whole backups of this folder, oldest first."""
    if not folder.is_dir():
        return []
    names = sorted(path for path in folder.iterdir() if (path / MANIFEST_FILE).is_file())
    return [_read_backup(path) for path in names if not path.name.startswith(_UNFINISHED)]


def purge_backups(folder: Path, *, before: datetime) -> int:
    """How many backups made before that instant were deleted; the newest one always stays."""
    late = [backup for backup in find_backups(folder)[:-1] if backup.made_at < before]
    for backup in late:
        _remove_folder(backup.folder)
    return len(late)


def is_backup_due(folder: Path, now: datetime, every: timedelta) -> bool:
    """Whether the newest backup is older than that, or there is none."""
    found = find_backups(folder)
    return not found or now - found[-1].made_at >= every


def remove_unfinished_backups(folder: Path) -> None:
    """Delete what a crash left of backups and of a database that was being written anew."""
    for path in folder.glob(f"{_UNFINISHED}*"):
        _remove_folder(path)
    for path in folder.glob(f"{FRESH_FILE}*"):
        path.unlink()


def restore_backup(source: Path, home: Path) -> list[str]:
    """What the check says of the home that was made of a backup: nothing, when all is well.

    Raises:
        BackupRefused: the home is not empty, or the backup is not whole; nothing was changed.
    """
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        message = f"{home} is not empty, and nothing is written over. Move it away, or use --home."
        raise BackupRefused(message)
    unfinished = home.with_name(home.name + ".restoring")
    try:
        _remove_folder(unfinished)
        unfinished.mkdir(mode=0o700, parents=True)
        copy_files(source, unfinished, _read_files(source))
        (unfinished / _DOCUMENTS).mkdir(mode=0o700, exist_ok=True)
        findings = _check_home(unfinished)
        os.rename(unfinished, home)
        sync_to_disk(home.parent)
    except OSError as failure:
        message = f"The backup could not be restored to {home}: {failure.strerror}"
        raise BackupRefused(message) from failure
    finally:
        _remove_folder(unfinished)
    return findings


def _fill(unfinished: Path, db: Database, previous: Path | None, now: datetime) -> None:
    home = db.path.parent
    with db.paused():
        held = [home / (DATABASE_FILE + ending) for ending in ("", ".wal", ".promised")]
        copy_held_files([(one, unfinished / one.name) for one in held if one.exists()])
    files = [describe_file(path, path.name) for path in sorted(unfinished.iterdir())]
    wanted = [home / PEPPER_FILE, *sorted((home / _DOCUMENTS).glob("*"))]
    known = {} if previous is None else {one.name: one for one in _read_files(previous)}
    for source in wanted:
        if source.is_file() and source.suffix != ".part":
            name = source.relative_to(home).as_posix()
            files.append(_take_file(source, unfinished / name, known.get(name), previous))
    manifest = {
        "made_at": now.astimezone(UTC).isoformat(),
        "files": [one.describe() for one in files],
    }
    (unfinished / MANIFEST_FILE).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    for path in (unfinished, *(one for one in unfinished.rglob("*") if one.is_dir())):
        sync_to_disk(path)


def _take_file(
    source: Path, target: Path, known: StoredFile | None, previous: Path | None
) -> StoredFile:
    target.parent.mkdir(mode=0o700, exist_ok=True)
    name = target.parent.name if target.parent.name == _DOCUMENTS else ""
    if name and known and previous and known.byte_count == source.stat().st_size:
        try:
            os.link(previous / known.name, target)
        except OSError:
            # Another file system than the backup before's, or one without links.
            pass
        else:
            return known
    shutil.copyfile(source, target)
    return describe_file(target, f"{name}/{source.name}" if name else source.name)


def _verify(unfinished: Path) -> None:
    """Restore the database of the backup beside it, and check it and every file's bytes."""
    scratch = unfinished / ".verifying"
    scratch.mkdir(mode=0o700)
    try:
        files = _read_files(unfinished)
        databases = [one for one in files if one.name.startswith(DATABASE_FILE)]
        copy_files(unfinished, scratch, databases)
        for one in files:
            read_stored(unfinished, one)
        findings = _check_home(scratch)
    finally:
        _remove_folder(scratch)
    if findings:
        raise BackupRefused("\n".join(["The backup does not agree with itself.", *findings]))


def _check_home(home: Path) -> list[str]:
    try:
        db = Database(home / DATABASE_FILE, limits=_BESIDE_OTHERS)
        try:
            return check_database(db)
        finally:
            db.close()
    except (DatabaseError, SchemaError) as failure:
        raise BackupRefused(f"The backup's database cannot be used. {failure}") from failure


def _read_backup(folder: Path) -> Backup:
    manifest = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
    size = sum(one.byte_count for one in _read_files(folder))
    return Backup(folder, datetime.fromisoformat(manifest["made_at"]), size)


def _read_files(folder: Path) -> list[StoredFile]:
    try:
        manifest = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
        return [StoredFile(*one) for one in manifest["files"]]
    except (OSError, ValueError, KeyError, TypeError) as failure:
        raise BackupRefused(f"{folder} is not a whole backup of Gatebook.") from failure


def _remove_folder(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
