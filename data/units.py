"""Who answers questions, and one unit of work that also writes. Given out by `database.py`."""

from typing import Any, Protocol

from data.cursors import Cursor, Row


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

    def __init__(self, cursor: Cursor) -> None:
        """Take the cursor in which the unit runs."""
        self._cursor = cursor

    def rows(self, sql: str, **parameters: Any) -> list[Row]:
        """Every row that the statement gives or returns, in its order."""
        return self._cursor.fetch(sql, parameters)

    def row(self, sql: str, **parameters: Any) -> Row | None:
        """The first row that the statement gives or returns, or None."""
        rows = self.rows(sql, **parameters)
        return rows[0] if rows else None

    def run(self, sql: str, **parameters: Any) -> None:
        """Carry out a statement whose answer nobody needs."""
        self.rows(sql, **parameters)
