"""Units of work that are saved together: a wave of them is one transaction, and one wait for disk.

The units of a wave have nothing to do with each other, as their keys tell. Each runs in its own
thread, one after another up to its next question: once each has asked one, those that are alike are
carried out as one. So nobody sees another's half, and what is told was saved, as if each had been
alone. Only one thread of a wave runs at a time, as Python would have them wait for each other.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from data.engine.cursors import Parameters, Row
from data.engine.database_errors import StorageFailed
from data.engine.together import changed_table, fetch_many, is_question, words_of
from data.engine.units import Transaction, Unsaved

T = TypeVar("T")
Unit = Callable[[Transaction], T]


class WaveBroken(BaseException):
    """The wave is over, as one of its units failed. Each of the others is to be done alone."""


def make_turn() -> threading.Lock:
    """A lock that another thread opens once: waiting for one's turn."""
    turn = threading.Lock()
    turn.acquire()
    return turn


@dataclass(eq=False)
class Seat(Generic[T]):
    """One unit's place in a wave. `turn` wakes its thread; the rest is its wave's."""

    unit: Unit[T]
    keys: frozenset[str]
    turn: threading.Lock = field(default_factory=make_turn)
    wave: "Wave | None" = None
    is_first: bool = False
    result: list[T] = field(default_factory=list)
    failure: BaseException | None = None
    refusal: StorageFailed | None = None
    is_saved: bool = False
    has_changed: bool = False
    layers: dict[str, int] = field(default_factory=dict)
    sql: str = ""
    parameters: Parameters = field(default_factory=dict)
    answer: list[Row] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """The same for units that ask alike statements: the name of the function."""
        return str(getattr(self.unit, "__qualname__", ""))

    def fetch(self, sql: str, parameters: Parameters) -> list[Row]:
        """Every row that the statement gives or returns."""
        return self._wave().answer(self, sql, parameters)

    def carry_out(self, sql: str, parameters: Parameters) -> None:
        """Have the statement carried out before anybody could miss it."""
        self._wave().put_off(self, sql, parameters)

    def be_alone(self) -> None:
        """End the wave, so that each of its units begins again alone."""
        self._wave().break_up()

    def take_part(self) -> None:
        """Run the unit in its wave; how it ended is noted here."""
        try:
            unsaved = self._wave().unsaved
            self.result.append(self.unit(Transaction(unsaved, self)))
        except WaveBroken:
            pass
        except BaseException as failure:
            self.failure = failure
        finally:
            self._wave().leave(self)

    def _wave(self) -> "Wave":
        if self.wave is None:
            raise AssertionError("a seat is given to a wave before its unit runs")
        return self.wave


class Wave:
    """Units in one transaction, each in its thread, that take turns from question to question."""

    def __init__(self, unsaved: Unsaved, seats: Sequence[Seat[Any]]) -> None:
        """Seat everybody. The first runs by itself; it passes the turn on to the others."""
        self.unsaved = unsaved
        self.seats = seats
        self._cursor = unsaved.cursor
        self._lock = threading.Lock()
        self._running = len(seats)
        self._asked: list[Seat[Any]] = []
        self._ready = deque(seats[1:])
        self._put_off: dict[str, list[tuple[str, list[Parameters]]]] = {}
        self._is_broken = False
        self._is_empty = make_turn()
        for seat in seats:
            seat.wave = self

    def answer(self, seat: Seat[Any], sql: str, parameters: Parameters) -> list[Row]:
        """The statement's rows, once everybody else has asked one too, or is done.

        Meanwhile the others have their turns.

        Raises:
            WaveBroken: somebody's statement failed.
        """
        with self._lock:
            self._refuse_if_broken()
            seat.sql, seat.parameters = sql, parameters
            seat.has_changed |= not is_question(sql)
            self._asked.append(seat)
            self._pass_on()
        seat.turn.acquire()
        self._refuse_if_broken()
        return seat.answer

    def put_off(self, seat: Seat[Any], sql: str, parameters: Parameters) -> None:
        """Keep a statement that nobody waits for, until another one reads or changes its table."""
        with self._lock:
            self._refuse_if_broken()
            seat.has_changed = True
            table = changed_table(sql)
            layers, begin = self._put_off.setdefault(table, []), seat.layers.get(table, 0)
            for place in range(begin, len(layers)):
                if layers[place][0] == sql:
                    break
            else:
                place = len(layers)
                layers.append((sql, []))
            layers[place][1].append(parameters)
            seat.layers[table] = place

    def break_up(self) -> None:
        """End it for everybody.

        Raises:
            WaveBroken: always.
        """
        with self._lock:
            self._break()
        raise WaveBroken

    def leave(self, seat: Seat[Any]) -> None:
        """The seat's unit is done. What it changed before it failed breaks the wave."""
        with self._lock:
            self._running -= 1
            if seat.failure is not None and seat.has_changed:
                self._break()
            self._pass_on()
            if self._running == 0:
                self._is_empty.release()

    def finish(self) -> None:
        """Wait until all are done, and carry out whatever was put off.

        Raises:
            WaveBroken: nothing of it may be saved.
        """
        self._is_empty.acquire()
        self._refuse_if_broken()
        for table in list(self._put_off):
            self._carry_out_put_off(table)

    def _pass_on(self) -> None:
        """Let the next one run; if all have asked, they are answered first."""
        if not self._ready and self._asked:
            asked, self._asked = self._asked, []
            try:
                self._answer_all(asked)
            except BaseException:
                self._asked = asked
                self._break()
                return
            # Whoever asked last is awake.
            self._ready.append(asked.pop())
            self._ready += asked
        if self._ready:
            self._ready.popleft().turn.release()

    def _answer_all(self, asked: list[Seat[Any]]) -> None:
        alike: dict[str, list[Seat[Any]]] = {}
        for seat in asked:
            alike.setdefault(seat.sql, []).append(seat)
        for sql, seats in alike.items():
            for table in self._put_off.keys() & words_of(sql):
                self._carry_out_put_off(table)
            answers = fetch_many(self._cursor, sql, [seat.parameters for seat in seats])
            for seat, answer in zip(seats, answers, strict=True):
                seat.answer = answer

    def _carry_out_put_off(self, table: str) -> None:
        layers = self._put_off.pop(table, [])
        for seat in self.seats:
            seat.layers.pop(table, None)
        for sql, asked in layers:
            for other in self._put_off.keys() & words_of(sql):
                self._carry_out_put_off(other)
            fetch_many(self._cursor, sql, asked)

    def _break(self) -> None:
        self._is_broken = True
        for seat in (*self._asked, *self._ready):
            seat.turn.release()
        self._asked = []
        self._ready.clear()

    def _refuse_if_broken(self) -> None:
        if self._is_broken:
            raise WaveBroken
