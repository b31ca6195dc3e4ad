"""Answers about what seldom changes, such as the rules of a link: kept in memory until it changes.

Only this process writes, and only in units of work. So an answer holds until a saved unit has
changed a table that its question names, and is forgotten before anybody is told of that unit.
"""

import re
import threading
from collections.abc import Callable, Collection, Sequence
from functools import cache
from typing import Literal, NamedTuple

from data.engine.cursors import Parameters, Row
from data.engine.together import words_of

MOST_STEADY_ROWS = 20_000
# What a statement may have changed of which no table can be told.
ANYTHING = "*"

Ask = Callable[[str, Sequence[Parameters]], list[list[Row]]]

_outlives_updates: dict[str, bool] = {}


class Change(NamedTuple):
    """What a statement does to which table."""

    verb: Literal["insert", "update", "delete"] | None
    table: str


def steady(question: str, *, outlives_updates: bool = False) -> str:
    """The question, whose answers are kept until one of its tables changes.

    One that `outlives_updates` asks only for columns that no row ever changes, such as whether
    there is a row: only a new or a deleted row changes its answer.
    """
    _outlives_updates[question] = outlives_updates
    return question


def is_steady(sql: str) -> bool:
    """Whether the statement is a question whose answers are kept."""
    return sql in _outlives_updates


@cache
def change_of(sql: str) -> Change | None:
    """What the statement changes; None if it is a question."""
    first = sql.split(None, 1)[0].lower()
    if first == "select":
        return None
    found = re.match(r"\s*(insert)\s+into\s+(\w+)|\s*(update|delete\s+from)\s+(\w+)", sql)
    if found is None:
        return Change(None, ANYTHING)
    if found[1]:
        return Change("insert", found[2])
    return Change("update" if found[3] == "update" else "delete", found[4])


def is_touched(question: str, changes: Collection[Change]) -> bool:
    """Whether one of these changes may make the question's answers wrong."""
    return any(
        change.table == ANYTHING
        or (
            change.table in words_of(question)
            and not (change.verb == "update" and _outlives_updates[question])
        )
        for change in changes
    )


class SteadyAnswers:
    """Answers of what was saved, kept by question and parameters."""

    def __init__(self, ask: Ask) -> None:
        """Keep nothing yet; `ask` answers a question from what is saved, for each of some."""
        self._ask = ask
        # Guards the next three.
        self._lock = threading.Lock()
        self._changes = 0
        self._kept_rows = 0
        self._kept: dict[str, dict[object, tuple[Row, ...]]] = {}

    def rows(self, sql: str, parameters: Parameters) -> list[Row]:
        """Every row of the answer, in the statement's order; a list of the caller's own."""
        key = tuple(parameters.items())
        with self._lock:
            answer = self._kept.get(sql, {}).get(key)
            changes = self._changes
        if answer is not None:
            return list(answer)
        answer = tuple(self._ask(sql, [parameters])[0])
        with self._lock:
            # It may be from before a change that was saved meanwhile.
            if changes == self._changes:
                self._keep(sql, key, answer)
        return list(answer)

    def forget(self, changes: Collection[Change]) -> None:
        """Forget the answers that these changes may have made wrong."""
        with self._lock:
            self._changes += 1
            for question in [each for each in self._kept if is_touched(each, changes)]:
                answers = self._kept.pop(question)
                self._kept_rows -= sum(len(rows) + 1 for rows in answers.values())

    def _keep(self, sql: str, key: object, answer: tuple[Row, ...]) -> None:
        # An answer without rows takes room too, as for addresses of links that somebody guesses.
        if self._kept_rows + len(answer) + 1 > MOST_STEADY_ROWS:
            self._kept.clear()
            self._kept_rows = 0
        if key not in self._kept.setdefault(sql, {}):
            self._kept[sql][key] = answer
            self._kept_rows += len(answer) + 1
