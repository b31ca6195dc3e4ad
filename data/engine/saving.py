"""Who waits to be saved: whoever comes first leads a wave of all who may come along.

A wave is in `data/engine/waves.py`; opening and ending its transaction is the database's.
"""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any, TypeVar

from data.engine.database_errors import StorageFailed
from data.engine.units import Transaction, Unsaved
from data.engine.waves import Seat, Unit, Wave, WaveBroken

MOST_TOGETHER = 128
# Those who were just told come back with their next unit meanwhile.
PATIENCE_SECONDS = 0.0005

T = TypeVar("T")


class Waves:
    """Who waits to be saved. The first of them leads: it opens the transaction and ends it."""

    def __init__(self, saving: Callable[[], AbstractContextManager[Unsaved]]) -> None:
        """Begin with nobody; `saving` opens a transaction, and saves it when its block ends."""
        self._saving = saving
        self._lock = threading.Lock()
        self._waiting: list[Seat[Any]] = []
        self._is_led = False
        # The kinds of units, which take turns, and how the last wave was.
        self._kinds: list[str] = []
        self._last_kind = 0
        self._last_size = 1

    def save(self, unit: Unit[T], keys: frozenset[str]) -> T:
        """The unit's result once it is saved, together with whoever waits meanwhile."""
        seat: Seat[T] = Seat(unit, keys)
        with self._lock:
            if seat.kind not in self._kinds:
                self._kinds.append(seat.kind)
            leads, self._is_led = not self._is_led, True
            if not leads:
                self._waiting.append(seat)
        if not leads:
            seat.turn.acquire()
        if seat.wave is None and not seat.is_first:
            self._let_first_lead(seat)
        if seat.wave is not None:
            seat.take_part()
            seat.turn.acquire()
            return self._end(seat)
        try:
            return self._lead(seat)
        finally:
            self._hand_on()

    def _let_first_lead(self, seat: Seat[T]) -> None:
        """Return once this one's turn has come: the kinds take turns.

        So viewers who are at different steps come to the same one, and are saved together from
        then on. Nobody waits who comes alone.
        """
        if self._last_size > 1:
            time.sleep(PATIENCE_SECONDS)
        with self._lock:
            first = min((seat, *self._waiting), key=self._place_of)
            if first.kind == seat.kind:
                return
            first.is_first = True
            self._waiting.remove(first)
            self._waiting.insert(0, seat)
        first.turn.release()
        seat.turn.acquire()

    def _place_of(self, seat: Seat[Any]) -> int:
        """How many kinds have their turns before this one's."""
        return (self._kinds.index(seat.kind) - self._last_kind - 1) % len(self._kinds)

    def _lead(self, seat: Seat[T]) -> T:
        """Save the unit with all who may come along."""
        others: list[Seat[Any]] = []
        try:
            with self._saving() as unsaved:
                others = self._choose(seat)
                if not others:
                    return seat.unit(Transaction(unsaved, unsaved.cursor))
                unsaved.units = _run_wave(unsaved, [seat, *others])
            for one in (seat, *others):
                one.is_saved = True
        except StorageFailed as refusal:
            for one in (seat, *others):
                one.refusal = refusal
        except (WaveBroken, Exception):
            # Whose fault it was shows when each is done alone.
            if not others:
                raise
        finally:
            for one in others:
                one.turn.release()
        return self._end(seat)

    def _end(self, seat: Seat[T]) -> T:
        if seat.failure is not None and not seat.has_changed:
            raise seat.failure
        if seat.is_saved:
            return seat.result[0]
        if seat.refusal is not None:
            raise StorageFailed(*seat.refusal.args) from seat.refusal
        with self._saving() as unsaved:
            return seat.unit(Transaction(unsaved, unsaved.cursor))

    def _choose(self, leader: Seat[T]) -> list[Seat[Any]]:
        """Who comes along: units of the same kind that have nothing to do with each other.

        Those of another kind would share no statement, and only make everybody wait for theirs.
        """
        chosen: list[Seat[Any]] = []
        keys = set(leader.keys)
        with self._lock:
            for seat in self._waiting:
                fits = seat.kind == leader.kind and keys.isdisjoint(seat.keys)
                if fits and len(chosen) < MOST_TOGETHER:
                    keys |= seat.keys
                    chosen.append(seat)
            self._waiting = [seat for seat in self._waiting if seat not in chosen]
            self._last_kind, self._last_size = self._kinds.index(leader.kind), len(chosen) + 1
        return chosen

    def _hand_on(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.pop(0).turn.release()
            else:
                self._is_led = False


def _run_wave(unsaved: Unsaved, seats: Sequence[Seat[Any]]) -> int:
    """How many units ran to their end; the first of these seats is its leader's own."""
    wave = Wave(unsaved, seats)
    seats[0].take_part()
    wave.finish()
    return sum(seat.failure is None for seat in seats)
