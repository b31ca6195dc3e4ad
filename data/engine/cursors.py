"""One cursor of the database, and the statements that it has read. Only `database.py` asks."""

import threading
from collections import OrderedDict
from typing import Any

import duckdb

from data.engine.database_errors import DatabaseError, refuse_damage
from data.engine.timings import CURSORS

MOST_READ = 2_000

Row = tuple[Any, ...]
Parameters = dict[str, Any]


class DatabaseClosed(DatabaseError):
    """The database was closed, or opened anew while this was being read."""


class ReadStatements:
    """What DuckDB made of statements' texts, which takes it as long as some take to be run."""

    def __init__(self) -> None:
        """Begin with none."""
        self._lock = threading.Lock()
        self._read: OrderedDict[str, duckdb.Statement | str] = OrderedDict()

    def statement(self, cursor: duckdb.DuckDBPyConnection, sql: str) -> duckdb.Statement | str:
        """The statement, read once for all cursors. Several in one text stay text."""
        with self._lock:
            known = self._read.get(sql)
            if known is not None:
                self._read.move_to_end(sql)
                return known
        statements = cursor.extract_statements(sql)
        known = statements[0] if len(statements) == 1 else sql
        with self._lock:
            self._read[sql] = known
            while len(self._read) > MOST_READ:
                self._read.popitem(last=False)
        return known


class Cursor:
    """A cursor that another thread may close between two of its statements, never within one."""

    def __init__(
        self, cursor: duckdb.DuckDBPyConnection, read: ReadStatements, *, is_lasting: bool = False
    ) -> None:
        """Take over this cursor, and close it in the end; `is_lasting` is more than a question."""
        self._read = read
        self.is_lasting = is_lasting
        self._cursor: duckdb.DuckDBPyConnection | None = cursor
        self._lock = threading.Lock()
        CURSORS.add(1)

    def fetch(self, sql: str, parameters: Parameters) -> list[Row]:
        """Every row that the statement gives or returns.

        Raises:
            DatabaseDamaged: it needs a part of the file that is not what was written there.
        """
        with self._lock:
            cursor = self._open()
            try:
                statement = self._read.statement(cursor, sql)
                return cursor.execute(statement, parameters or None).fetchall()
            except duckdb.Error as failure:
                refuse_damage(failure)
                raise

    def carry_out(self, sql: str, parameters: Parameters) -> None:
        """Carry out a statement whose answer nobody needs."""
        self.fetch(sql, parameters)

    def be_alone(self) -> None:
        """It is: nobody else writes while a unit of work has a cursor."""

    def fetch_arrow(self, sql: str, parameters: Parameters) -> Any:
        """The whole answer as a `pyarrow.Table`; raises what `fetch` does."""
        with self._lock:
            try:
                return self._open().sql(sql, params=parameters or None).to_arrow_table()
            except duckdb.Error as failure:
                refuse_damage(failure)
                raise

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
