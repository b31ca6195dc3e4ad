"""One cursor of the database, and the unit of work that runs in it. Only `database.py` asks."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import duckdb

from data.database_errors import DatabaseError
from data.timings import CURSORS

Row = tuple[Any, ...]
Parameters = dict[str, Any]


class DatabaseClosed(DatabaseError):
    """The database was closed, or opened anew while this was being read."""


class Cursor:
    """A cursor that another thread may close between two of its statements, never within one."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, *, is_lasting: bool = False) -> None:
        """Take over this cursor, and close it in the end; `is_lasting` is more than a question."""
        self.is_lasting = is_lasting
        self._cursor: duckdb.DuckDBPyConnection | None = cursor
        self._lock = threading.Lock()
        CURSORS.add(1)

    def fetch(self, sql: str, parameters: Parameters) -> list[Row]:
        """Every row that the statement gives or returns."""
        with self._lock:
            return self._open().execute(sql, parameters or None).fetchall()

    def carry_out(self, sql: str, parameters: Parameters) -> None:
        """Carry out a statement whose answer nobody needs."""
        self.fetch(sql, parameters)

    def be_alone(self) -> None:
        """It is: nobody else writes while a unit of work has a cursor."""

    def fetch_arrow(self, sql: str, parameters: Parameters) -> Any:
        """The whole answer as a `pyarrow.Table`."""
        with self._lock:
            return self._open().sql(sql, params=parameters or None).to_arrow_table()

    def close(self) -> None:
        """Let go of the file, once the statement that runs has ended."""
        with self._lock:
            if self._cursor is not None:
                self._cursor.close()
                self._cursor = None
                CURSORS.add(-1)

    def _open(self) -> duckdb.DuckDBPyConnection:
        if self._cursor is None:
            raise DatabaseClosed("The database was closed meanwhile. Try again.")
        return self._cursor


@contextmanager
def unit_of_work(cursor: Cursor) -> Iterator[None]:
    """Save what the block writes with this cursor when it ends; undo it when it raises."""
    cursor.fetch("begin transaction", {})
    try:
        yield
        cursor.fetch("commit", {})
    except BaseException:
        # What failed may have ended the transaction already, or the database with it.
        with suppress(duckdb.Error, DatabaseClosed):
            cursor.fetch("rollback", {})
        raise
