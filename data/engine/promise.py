"""The promise beside the database: how many units of work were saved, to be compared at start.

DuckDB drops whatever follows a damaged place of its log without a word. Each unit therefore
counts itself in the database, and once it is saved its number is written here, in a file of its
own, before anybody is told. A file that holds less than its promise has lost something.
"""

import os
from pathlib import Path

import duckdb
import structlog

from data.engine.database_errors import UnitsMissing

PROMISE_SUFFIX = ".promised"
_WIDTH = 20

_log = structlog.get_logger(__name__)


def promise_path(path: Path) -> Path:
    """Where the promise of this database file is kept."""
    return path.with_name(path.name + PROMISE_SUFFIX)


def read_promise(path: Path) -> int:
    """How many units this database promised to hold; 0 if it promised nothing.

    Raises:
        UnitsMissing: the promise cannot be read, or was made by a database that is not there.
    """
    file = promise_path(path)
    if not file.exists():
        return 0
    text = file.read_bytes()
    if len(text) != _WIDTH + 1 or not text[:_WIDTH].isdigit():
        message = f"{file} does not say how much was saved: it is damaged. {_what_to_do()}"
        raise UnitsMissing(message)
    promised = int(text)
    if promised and not path.exists():
        message = (
            f"{path} is missing, and {promised:,} units of work were saved in it. Restore a "
            f"backup, or remove {file} to begin with nothing."
        )
        raise UnitsMissing(message)
    return promised


def keep_promise(path: Path, units: int) -> None:
    """Promise that the database holds so many units. A disk that refuses costs nobody their unit.

    Overwritten in place: that needs no space, so that a full disk seldom refuses it. A promise is
    never taken back.
    """
    file = promise_path(path)
    try:
        is_new = not file.exists()
        number = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            before = os.pread(number, _WIDTH, 0)
            if before.isdigit() and int(before) > units:
                # Somebody else saved more meanwhile: the next start has to find out.
                _log.error("promise_not_kept", reason="more was promised before")
                return
            os.pwrite(number, f"{units:0{_WIDTH}}\n".encode(), 0)
            os.fdatasync(number)
        finally:
            os.close(number)
        if is_new:
            sync_to_disk(file.parent)
    except OSError as failure:
        _log.error("promise_not_kept", reason=failure.strerror)


def count_units(connection: duckdb.DuckDBPyConnection) -> int:
    """How many units of work the open database holds; 0 before it began to count them."""
    tables = connection.execute(
        "select count(*) from duckdb_tables() where table_name = 'saved_unit'"
    ).fetchall()
    if tables == [(0,)]:
        return 0
    rows = connection.execute("select max(number) from saved_unit").fetchall()
    return int(rows[0][0] or 0)


def refuse_gap(connection: duckdb.DuckDBPyConnection, path: Path, promised: int) -> None:
    """Stop here if the open database holds less than it promised; its log is not folded in.

    Raises:
        UnitsMissing: so many are missing.
    """
    held = count_units(connection)
    if held >= promised:
        return
    # Folding the log into the file would delete what may still be read from it by hand.
    connection.execute("pragma disable_checkpoint_on_shutdown")
    message = (
        f"{path} holds {held:,} of the {promised:,} units of work that were saved in it: "
        f"{promised - held:,} are missing. {_what_to_do()}"
    )
    raise UnitsMissing(message)


def sync_to_disk(path: Path) -> None:
    """Have the disk keep what a file holds, or what the files of a folder are called, as of now."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def accept_gap(path: Path) -> None:
    """Forget what was promised, so that the database opens with what is there."""
    promise_path(path).unlink(missing_ok=True)
    sync_to_disk(path.parent)


def _what_to_do() -> str:
    return (
        "Everything was left as it is. docs/operating.md says how to go on: restore a backup, "
        "or go on with what is there: python app.py accept-gap"
    )
