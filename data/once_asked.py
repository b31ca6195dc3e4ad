"""A reader for one piece of work that asks the same question of the database once."""

from typing import Any

from data.database import Reader, Row


class OnceAsked:
    """Answers like the reader behind it, and repeats an answer that it has already been given.

    For one run of one page, so that its parts can each ask for what they need, and agree: what is
    written meanwhile is seen by the next run. Never kept longer: nobody's data is cached.
    """

    def __init__(self, reader: Reader) -> None:
        """Ask this reader."""
        self._reader = reader
        self._answers: dict[str, list[Row]] = {}

    def rows(self, sql: str, **parameters: Any) -> list[Row]:
        """Every row of the answer, in the statement's order; a list of the caller's own."""
        question = repr((sql, sorted(parameters.items())))
        if question not in self._answers:
            self._answers[question] = self._reader.rows(sql, **parameters)
        return list(self._answers[question])

    def row(self, sql: str, **parameters: Any) -> Row | None:
        """The first row of the answer, or None."""
        rows = self.rows(sql, **parameters)
        return rows[0] if rows else None
