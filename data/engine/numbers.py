"""Numbers of new rows, drawn from the database's sequences in advance.

They are drawn in a transaction of their own, which is saved before one of them is used: no unit
of work that is undone can make the database forget that they were given out.
"""

import threading
from collections.abc import Callable, Sequence
from functools import cache

from data.engine.cursors import Parameters, Row

MOST_DRAWN = 50


@cache
def _draw(sequence: str) -> str:
    return f"select nextval('{sequence}') from range($many)"


class Numbers:
    """The next numbers of each sequence. Those that are left when the process ends are skipped."""

    def __init__(self, ask: Callable[[str, Sequence[Parameters]], list[list[Row]]]) -> None:
        """Begin without any; `ask` carries out a statement and saves what it changes."""
        self._ask = ask
        self._lock = threading.Lock()
        self._drawn: dict[str, list[int]] = {}

    def take(self, sequence: str) -> int:
        """A number that nobody had, higher than all before it; `sequence` is a constant of ours."""
        with self._lock:
            drawn = self._drawn.setdefault(sequence, [])
            if not drawn:
                rows = self._ask(_draw(sequence), [{"many": MOST_DRAWN}])[0]
                drawn += sorted((int(row[0]) for row in rows), reverse=True)
            return drawn.pop()

    def forget(self, sequence: str) -> None:
        """Draw anew: the sequence was moved on by hand."""
        with self._lock:
            self._drawn.pop(sequence, None)
