"""Making a backup of a home while it serves: whole, and verified by restoring it.

A backup is a folder that holds what a home needs: the database, the documents, the pepper's file.
It appears under its name once it is whole. Whatever lies there unfinished is of a crash.
"""

import json
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from data.database import Database
from data.engine.opening import DATABASE_FILE
from data.engine.promise import sync_to_disk
from gate.backup_files import (
    BackupRefused,
    StoredFile,
    copy_files,
    copy_held_files,
    describe_file,
    read_stored,
)
from gate.codes import PEPPER_FILE
from gate.kept_backups import (
    MANIFEST_FILE,
    UNFINISHED,
    Backup,
    find_backups,
    read_backup,
    read_stored_files,
    remove_folder,
)
from gate.restoring import DOCUMENTS_FOLDER, check_restored

_NAME = "%Y-%m-%dT%H%M%SZ"


def make_backup(db: Database, folder: Path, now: datetime) -> Backup:
    """A verified backup of the open database and its home, made while both are used.

    Writers wait while the database file is copied. Documents never change, so those that the
    backup before holds too share their bytes with it on the disk.

    Raises:
        BackupRefused: the disk refused, or what was copied does not restore; nothing is left of it.
    """
    unfinished = folder / (UNFINISHED + now.strftime(_NAME))
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = find_backups(folder)
        remove_folder(unfinished)
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
        remove_folder(unfinished)
    return read_backup(target)


def _fill(unfinished: Path, db: Database, previous: Path | None, now: datetime) -> None:
    home = db.path.parent
    with db.paused():
        held = [home / (DATABASE_FILE + ending) for ending in ("", ".wal", ".promised")]
        copy_held_files([(one, unfinished / one.name) for one in held if one.exists()])
    files = [describe_file(path, path.name) for path in sorted(unfinished.iterdir())]
    wanted = [home / PEPPER_FILE, *sorted((home / DOCUMENTS_FOLDER).glob("*"))]
    known = {} if previous is None else {one.name: one for one in read_stored_files(previous)}
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
    name = target.parent.name if target.parent.name == DOCUMENTS_FOLDER else ""
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
        files = read_stored_files(unfinished)
        databases = [one for one in files if one.name.startswith(DATABASE_FILE)]
        copy_files(unfinished, scratch, databases)
        for one in files:
            read_stored(unfinished, one)
        findings = check_restored(scratch)
    finally:
        remove_folder(scratch)
    if findings:
        raise BackupRefused("\n".join(["The backup does not agree with itself.", *findings]))
