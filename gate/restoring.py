"""Making a home out of a backup, and trying whether one can be made of it."""

import os
from pathlib import Path

from data.check import check_database
from data.database import Database, DatabaseError
from data.engine.opening import DATABASE_FILE, Limits
from data.engine.promise import sync_to_disk
from data.migrations import SchemaError
from gate.backup_files import BackupRefused, copy_files
from gate.home import RESTORING, find_home_contents, refuse_other_owner
from gate.kept_backups import read_stored_files, remove_folder

DOCUMENTS_FOLDER = "documents"
# Beside a server that goes on serving.
_BESIDE_OTHERS = Limits(memory="512MB", threads=1)


def restore_backup(source: Path, home: Path) -> list[str]:
    """What the check says of the home that was made of a backup: nothing, when all is well.

    A home that is there and empty, such as a disk of its own, is filled; else it is made.

    Raises:
        HomeRefused: the home is another user's.
        BackupRefused: the home is not empty, or the backup is not whole; nothing was changed.
    """
    is_there = home.exists()
    if is_there:
        refuse_other_owner(home)
        if find_home_contents(home) - {RESTORING}:
            message = f"{home} is not empty, and nothing is written over."
            raise BackupRefused(f"{message} Move it away, or use --home.")
    unfinished = home / RESTORING if is_there else home.with_name(home.name + RESTORING)
    try:
        remove_folder(unfinished)
        unfinished.mkdir(mode=0o700, parents=True)
        copy_files(source, unfinished, read_stored_files(source))
        (unfinished / DOCUMENTS_FOLDER).mkdir(mode=0o700, exist_ok=True)
        findings = check_restored(unfinished)
        if is_there:
            _move_contents(unfinished, home)
        else:
            os.rename(unfinished, home)
        sync_to_disk(home.parent)
    except OSError as failure:
        message = f"The backup could not be restored to {home}: {failure.strerror}"
        raise BackupRefused(message) from failure
    finally:
        remove_folder(unfinished)
    return findings


def _move_contents(unfinished: Path, home: Path) -> None:
    """Fill the home with what lies in a folder within it; if that fails, it is empty again.

    No home is used while that folder is in it, so that a crash leaves none that is half there.
    """
    home.chmod(0o700)
    moved: list[Path] = []
    try:
        for path in sorted(unfinished.iterdir()):
            os.rename(path, home / path.name)
            moved.append(home / path.name)
        sync_to_disk(home)
    except BaseException:
        for path in moved:
            os.rename(path, unfinished / path.name)
        raise
    unfinished.rmdir()
    sync_to_disk(home)


def check_restored(home: Path) -> list[str]:
    """What the check says of the database in this folder.

    Raises:
        BackupRefused: it cannot be used.
    """
    try:
        db = Database(home / DATABASE_FILE, limits=_BESIDE_OTHERS)
        try:
            return check_database(db)
        finally:
            db.close()
    except (DatabaseError, SchemaError) as failure:
        raise BackupRefused(f"The backup's database cannot be used. {failure}") from failure
