"""The database as it was at one moment, for a long answer that many questions make up."""

from typing import Any

from data.engine.cursors import Cursor, Row


class Snapshot:
    """Answers of the moment of its first question, however much is written meanwhile.

    Given out by `Database.snapshot`. What it keeps aside is gone with it.
    """

    def __init__(self, cursor: Cursor) -> None:
        """Begin with this cursor, which nobody else uses."""
        self._cursor = cursor
        cursor.fetch("begin transaction", {})

    def rows(self, sql: str, **parameters: Any) -> list[Row]:
        """Every row of the answer, in the statement's order."""
        return self._cursor.fetch(sql, parameters)

    def row(self, sql: str, **parameters: Any) -> Row | None:
        """The first row of the answer, or None."""
        rows = self.rows(sql, **parameters)
        return rows[0] if rows else None

    def arrow(self, sql: str, **parameters: Any) -> Any:
        """The answer as a `pyarrow.Table`, in the statement's order."""
        return self._cursor.fetch_arrow(sql, parameters)
