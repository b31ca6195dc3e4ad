"""The one DuckDB file: opening it, reading with cursors, writing through one transaction at a time.

The schema's history is in `data/migrations.py`; questions live in the modules of their nouns.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import duckdb
import structlog

from data.migrations import migrate

Row = tuple[Any, ...]
Parameters = dict[str, Any]

# A file written so can be read by DuckDB 1.5 too, which leaves a way back.
STORAGE_VERSION = "v1.5.0"
MEMORY_LIMIT = "1GB"
CHECKPOINT_THRESHOLD = "128MB"
STREAM_BATCH_ROWS = 20_000

_log = structlog.get_logger(__name__)


class DatabaseError(Exception):
    """The database cannot be used; the message says why and what to do."""


class DatabaseInUse(DatabaseError):
    """Another process holds the file. Nothing was touched."""


class DatabaseUnreadable(DatabaseError):
    """The file is no database, or is damaged. Nothing was touched."""


class StorageFailed(DatabaseError):
    """The disk refused a write. The unit of work was not saved; what was saved before, is."""


class Reader(Protocol):
    """Whatever answers questions: the database, or a transaction that sees its own writes."""

    def rows(self, sql: str, **parameters: Any) -> list[Row]:
        """Every row of the answer, in the statement's order."""
        ...

    def row(self, sql: str, **parameters: Any) -> Row | None:
        """The first row of the answer, or None."""
        ...


class Transaction:
    """One unit of work that is saved as a whole or not at all. Given out by `Database`."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """Take the cursor in which the unit runs."""
        self._cursor = cursor

    def rows(self, sql: str, **parameters: Any) -> list[Row]:
        """Every row that the statement gives or returns, in its order."""
        return _fetch(self._cursor, sql, parameters)

    def row(self, sql: str, **parameters: Any) -> Row | None:
        """The first row that the statement gives or returns, or None."""
        rows = self.rows(sql, **parameters)
        return rows[0] if rows else None

    def run(self, sql: str, **parameters: Any) -> None:
        """Carry out a statement whose answer nobody needs."""
        self.rows(sql, **parameters)


class Database:
    """An open Gatebook database: many readers at once, one writer at a time.

    Readers never wait for the writer. A second process cannot open the file.
    """

    def __init__(self, path: Path, *, memory_limit: str = MEMORY_LIMIT) -> None:
        """Open the file at `path`, or make it, and bring its schema up to date.

        Raises:
            DatabaseInUse: another process holds it.
            DatabaseUnreadable: it is not a database, or is damaged.
            DatabaseNewer, MigrationChanged: see `data/migrations.py`.
        """
        self.path = path
        self._memory_limit = memory_limit
        self._write_lock = threading.Lock()
        self._open_lock = threading.Lock()
        self._connection = self._connect()

    def rows(self, sql: str, **parameters: Any) -> list[Row]:
        """Every row of the answer, in the statement's order, from a snapshot of its own."""
        with self._cursor() as cursor:
            return _fetch(cursor, sql, parameters)

    def row(self, sql: str, **parameters: Any) -> Row | None:
        """The first row of the answer, or None."""
        rows = self.rows(sql, **parameters)
        return rows[0] if rows else None

    def stream(self, sql: str, **parameters: Any) -> Iterator[list[list[Any]]]:
        """The answer in batches of columns, from one snapshot, in memory that does not grow.

        Each batch is a list of columns, each column a list of values of equal length. The
        statement must not end in LIMIT: DuckDB would build its whole answer first.
        """
        with self._cursor() as cursor:
            relation = cursor.sql(sql, params=parameters or None)
            for batch in relation.to_arrow_reader(STREAM_BATCH_ROWS):
                yield [column.to_pylist() for column in batch.columns]

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """One unit of work, saved when the block ends, undone when it raises.

        Units run one after another. Keep the network, and every refusal, out of the block.

        Raises:
            StorageFailed: the disk refused; nothing of this unit was saved.
        """
        with self._write_lock, self._cursor() as cursor:
            try:
                cursor.execute("begin transaction")
                yield Transaction(cursor)
                cursor.execute("commit")
            except duckdb.FatalException as failure:
                self._reopen()
                raise StorageFailed(_full_disk_message()) from failure
            except duckdb.IOException as failure:
                _undo(cursor)
                raise StorageFailed(_full_disk_message()) from failure
            except BaseException:
                _undo(cursor)
                raise

    def checkpoint(self) -> None:
        """Fold the write-ahead log into the file, between two units of work."""
        with self._write_lock, self._cursor() as cursor:
            cursor.execute("force checkpoint")

    def close(self) -> None:
        """Fold the log into the file and let go of it."""
        with self._write_lock:
            self._connection.close()

    @contextmanager
    def _cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        cursor = self._connection.cursor()
        try:
            yield cursor
        finally:
            cursor.close()

    def _connect(self) -> duckdb.DuckDBPyConnection:
        is_new = not self.path.exists()
        connection = _connect_file(self.path)
        try:
            if is_new:
                self.path.chmod(0o600)
            migrate(connection, self.path)
            _lock_down(connection, self.path.parent, self._memory_limit)
        except BaseException:
            connection.close()
            raise
        return connection

    def _reopen(self) -> None:
        # After a FatalException even reads fail until the file is closed and opened again.
        with self._open_lock:
            _log.error("database_reopened", reason="the disk refused a checkpoint")
            self._connection.close()
            self._connection = self._connect()


def _connect_file(path: Path) -> duckdb.DuckDBPyConnection:
    previous_mask = os.umask(0o077)
    try:
        return duckdb.connect(str(path), config={"storage_compatibility_version": STORAGE_VERSION})
    except duckdb.IOException as failure:
        if "lock" in str(failure).lower():
            message = (
                f"Another process uses {path}. Stop the Gatebook that is running there, "
                "or choose another folder with --home."
            )
            raise DatabaseInUse(message) from failure
        raise DatabaseUnreadable(_unreadable_message(path)) from failure
    except duckdb.Error as failure:
        raise DatabaseUnreadable(_unreadable_message(path)) from failure
    finally:
        os.umask(previous_mask)


def _lock_down(connection: duckdb.DuckDBPyConnection, home: Path, memory_limit: str) -> None:
    """Let no statement reach a file outside the backup folder, nor change that again."""
    backup, spill = home / "backup", home / "spill"
    for folder in (backup, spill):
        folder.mkdir(mode=0o700, exist_ok=True)
    # SET takes no bound parameter; these are our own paths and constants, quotes doubled.
    for name, value in (
        ("memory_limit", memory_limit),
        ("temp_directory", str(spill)),
        ("checkpoint_threshold", CHECKPOINT_THRESHOLD),
        ("timezone", "UTC"),
    ):
        connection.execute(f"set global {name} = {_quoted(value)}")
    connection.execute(f"set global allowed_directories = [{_quoted(str(backup) + '/')}]")
    connection.execute("set global enable_external_access = false")
    connection.execute("set global lock_configuration = true")


def _fetch(cursor: duckdb.DuckDBPyConnection, sql: str, parameters: Parameters) -> list[Row]:
    return cursor.execute(sql, parameters or None).fetchall()


def _undo(cursor: duckdb.DuckDBPyConnection) -> None:
    try:
        cursor.execute("rollback")
    except duckdb.TransactionException:
        # A statement that failed may have ended the transaction already.
        _log.debug("nothing_to_roll_back")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _full_disk_message() -> str:
    return "The disk refused the write, so nothing of it was saved. Free some space and try again."


def _unreadable_message(path: Path) -> str:
    return (
        f"{path} is not a Gatebook database, or it is damaged. It was left as it is. "
        "Restore a backup, or choose another folder with --home."
    )
