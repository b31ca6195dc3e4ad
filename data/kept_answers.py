"""A reader that keeps answers until something is saved."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from data.database import Database, Parameters, Row

MOST_KEPT_ROWS = 20_000


class KeptAnswers:
    """Answers like the database, and repeats an answer as long as nothing was saved since.

    So that the parts of a page can each ask for what they need, and that a page drawn again asks
    only what is new. Nothing outlives the next saved unit of work, so whoever reads their own write
    sees it, and nobody's data stays here once it is erased.
    """

    def __init__(self, db: Database) -> None:
        """Ask this database."""
        self._db = db
        # Guards the three below.
        self._lock = threading.Lock()
        self._units = 0
        self._kept_rows = 0
        self._answers: OrderedDict[str, tuple[Row, ...]] = OrderedDict()

    def rows(self, sql: str, **parameters: Any) -> list[Row]:
        """Every row of the answer, in the statement's order; a list of the caller's own."""
        return self.ask(sql, parameters, self._db.rows)

    def ask(
        self,
        sql: str,
        parameters: Parameters,
        reader: Callable[..., list[Row]],
        *,
        as_of: Callable[[], int] | None = None,
    ) -> list[Row]:
        """The same, asked of this reader if nobody asked yet.

        `as_of` tells which unit of work the reader is of, if it may be older than the last.
        """
        question = repr((sql, sorted(parameters.items())))
        # Before asking: an answer may know more than this unit, never less.
        units = self._db.saved_units
        with self._lock:
            self._forget_before(units)
            answer = self._answers.get(question)
            if answer is not None:
                self._answers.move_to_end(question)
                return list(answer)
        answer = tuple(reader(sql, **parameters))
        with self._lock:
            if units == self._units and (as_of is None or as_of() >= units):
                self._keep(question, answer)
        return list(answer)

    def row(self, sql: str, **parameters: Any) -> Row | None:
        """The first row of the answer, or None."""
        rows = self.rows(sql, **parameters)
        return rows[0] if rows else None

    def _forget_before(self, units: int) -> None:
        if units > self._units:
            self._answers.clear()
            self._kept_rows, self._units = 0, units

    def _keep(self, question: str, answer: tuple[Row, ...]) -> None:
        self._forget(question)
        self._answers[question] = answer
        # An answer without rows takes room too.
        self._kept_rows += len(answer) + 1
        while self._kept_rows > MOST_KEPT_ROWS:
            self._forget(next(iter(self._answers)))

    def _forget(self, question: str) -> None:
        answer = self._answers.pop(question, None)
        if answer is not None:
            self._kept_rows -= len(answer) + 1
