"""Opening the database file: its lock, its schema, its file mode, and what no statement may reach.

Only `data/database.py` asks for this.
"""

import os
from dataclasses import dataclass
from pathlib import Path

import duckdb

from data.engine.database_errors import DatabaseInUse, DatabaseUnreadable, is_damage
from data.engine.lock import Lock, in_use_message
from data.engine.promise import promise_path, read_promise, refuse_gap
from data.migrations import migrate

DATABASE_FILE = "gatebook.duckdb"
# A file written so can be read by DuckDB 1.5 too, which leaves a way back.
STORAGE_VERSION = "v1.5.0"
MEMORY_LIMIT = "1GB"
CHECKPOINT_THRESHOLD = "128MB"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much memory and how many threads the database takes, and its log before it is folded in.

    Without `threads` it takes a thread for each core.
    """

    memory: str = MEMORY_LIMIT
    checkpoint_threshold: str = CHECKPOINT_THRESHOLD
    threads: int | None = None


DEFAULT_LIMITS = Limits()


def open_file(path: Path, limits: Limits) -> duckdb.DuckDBPyConnection:
    """The file at `path`, made if it is missing, with today's schema, locked down.

    Raises:
        DatabaseInUse, DatabaseUnreadable, UnitsMissing: as they say.
        SchemaError: see `data/migrations.py`.
    """
    promised = read_promise(path)
    connection = _connect_file(path)
    try:
        refuse_gap(connection, path, promised)
        migrate(connection, path)
        _close_to_others(path)
        _lock_down(connection, path.parent, limits)
    except duckdb.Error as failure:
        connection.close()
        if not isinstance(failure, duckdb.IOException) and not is_damage(failure):
            raise
        raise DatabaseUnreadable(_unreadable_message(path)) from failure
    except BaseException:
        connection.close()
        raise
    return connection


def take_lock(path: Path) -> Lock:
    """The lock of the database at `path`, which may not be there yet.

    Raises:
        DatabaseInUse, DatabaseUnreadable: as they say.
    """
    if not path.parent.is_dir():
        raise DatabaseUnreadable(f"There is no folder {path.parent} to keep the database in.")
    # For good: the log and the files of large sorts are made again while the program runs.
    os.umask(0o077)
    return Lock(path)


def _connect_file(path: Path) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(str(path), config={"storage_compatibility_version": STORAGE_VERSION})
    except duckdb.Error as failure:
        if "lock on file" in str(failure):
            raise DatabaseInUse(in_use_message(path)) from failure
        raise DatabaseUnreadable(_unreadable_message(path)) from failure


def _close_to_others(path: Path) -> None:
    """Take from other users what a restored or copied file may have given them."""
    for file in (path, path.with_name(path.name + ".wal"), promise_path(path)):
        if file.exists():
            file.chmod(0o600)


def _lock_down(connection: duckdb.DuckDBPyConnection, home: Path, limits: Limits) -> None:
    """Let no statement reach a file outside the backup folder, nor change that again."""
    backup, spill = home / "backup", home / "spill"
    for folder in (backup, spill):
        folder.mkdir(mode=0o700, exist_ok=True)
    # SET takes no bound parameter; these are our own paths and constants, quotes doubled.
    for name, value in (
        ("memory_limit", limits.memory),
        ("temp_directory", str(spill)),
        ("checkpoint_threshold", limits.checkpoint_threshold),
        ("timezone", "UTC"),
    ):
        connection.execute(f"set global {name} = {_quoted(value)}")
    if limits.threads is not None:
        connection.execute(f"set global threads = {limits.threads:d}")
    connection.execute(f"set global allowed_directories = [{_quoted(str(backup) + '/')}]")
    connection.execute("set global enable_external_access = false")
    connection.execute("set global lock_configuration = true")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _unreadable_message(path: Path) -> str:
    if path.exists() and not os.access(path, os.R_OK | os.W_OK):
        return f"{path} may not be read and written by this user. It was left as it is."
    return (
        f"{path} is not a Gatebook database, or it is damaged. It was left as it is. "
        "Restore a backup (docs/operating.md says how), or choose another folder with --home."
    )
