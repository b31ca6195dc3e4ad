"""Questions that are asked at once by many, and answered as one.

Nobody waits for company: whoever asks alone is answered at once. Who asks while the same statement
is being answered to others is answered next, together with all who wait by then.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from data.engine.cursors import Parameters, Row
from data.engine.waves import make_turn

Answers = list[list[Row]]


@dataclass(eq=False)
class _Asked:
    """One question; `turn` wakes its thread, either with the answer or to answer all who wait."""

    parameters: Parameters
    turn: threading.Lock = field(default_factory=make_turn)
    answer: list[Row] | None = None
    failure: BaseException | None = None


class Questions:
    """Who waits for the answer to which statement."""

    def __init__(self, fetch: Callable[[str, Sequence[Parameters]], Answers]) -> None:
        """Begin with nobody; `fetch` answers one statement with each of these parameters."""
        self._fetch = fetch
        self._lock = threading.Lock()
        # Of each statement that is being answered now.
        self._waiting: dict[str, list[_Asked]] = {}

    def ask(self, sql: str, parameters: Parameters) -> list[Row]:
        """The statement's rows, as they are after this was asked."""
        asked = _Asked(parameters)
        with self._lock:
            waiting = self._waiting.get(sql)
            if waiting is None:
                self._waiting[sql] = []
            else:
                waiting.append(asked)
        together = [asked]
        if waiting is not None:
            asked.turn.acquire()
            if asked.failure is not None:
                return self._fetch(sql, [parameters])[0]
            if asked.answer is not None:
                return asked.answer
            with self._lock:
                together += self._waiting[sql]
                self._waiting[sql] = []
        return self._answer(sql, together)

    def _answer(self, sql: str, together: list[_Asked]) -> list[Row]:
        others = together[1:]
        try:
            answers = self._fetch(sql, [one.parameters for one in together])
            for one, answer in zip(others, answers[1:], strict=True):
                one.answer = answer
        except BaseException as failure:
            # Each asks again by itself: it may be one's own fault.
            for one in others:
                one.failure = failure
            raise
        finally:
            self._hand_on(sql)
            for one in others:
                one.turn.release()
        return answers[0]

    def _hand_on(self, sql: str) -> None:
        with self._lock:
            if self._waiting[sql]:
                self._waiting[sql].pop(0).turn.release()
            else:
                del self._waiting[sql]
