"""Writing the database file anew: a deleted row's text stays in the old one (FACTS, GATE.md §9).

Only `data/database.py` asks for this, with its writer paused.
"""

import os
from contextlib import suppress
from pathlib import Path

import duckdb

from data.engine.cursors import Cursor
from data.engine.database_errors import DatabaseError, StorageFailed
from data.engine.opening import STORAGE_VERSION
from data.engine.promise import sync_to_disk

FRESH_FILE = "rewritten.duckdb"


def write_fresh(cursor: Cursor, path: Path) -> Path:
    """A new file that holds every live row, index and sequence of the open database at `path`.

    It is made in the backup folder, as statements reach no other.
    """
    fresh = path.parent / "backup" / FRESH_FILE
    _remove(fresh)
    name = cursor.fetch("select current_database()", {})[0][0]
    try:
        cursor.fetch(
            f"attach {_text(str(fresh))} as fresh (storage_version '{STORAGE_VERSION}')", {}
        )
        try:
            cursor.fetch(f'copy from database "{name}" to fresh', {})
        finally:
            # Folds the new file's log into it.
            cursor.fetch("detach fresh", {})
    except BaseException:
        with suppress(duckdb.Error, DatabaseError):
            cursor.fetch("detach fresh", {})
        _remove(fresh)
        raise
    return fresh


def swap_in(fresh: Path, path: Path) -> None:
    """Put the new file in the place of the closed one, whole or not at all.

    Raises:
        StorageFailed: the closed file still has a log; both were left as they are.
    """
    log = path.with_name(path.name + ".wal")
    if log.exists():
        _remove(fresh)
        raise StorageFailed("The database's log could not be folded in. Free some space.")
    fresh.chmod(0o600)
    sync_to_disk(fresh)
    os.replace(fresh, path)
    sync_to_disk(path.parent)


def _remove(fresh: Path) -> None:
    for file in (fresh, fresh.with_name(fresh.name + ".wal")):
        file.unlink(missing_ok=True)


def _text(path: str) -> str:
    return "'" + path.replace("'", "''") + "'"
