"""How long questions and units of work take, counted by duration for whoever watches a server."""

import threading
import time
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

BOUNDS_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class TimingsRead:
    """How many took at most each of `BOUNDS_SECONDS`, then how many in all; and their sum."""

    at_most: tuple[int, ...]
    total: int
    sum_seconds: float


@dataclass(slots=True)
class Timings:
    """Durations of one kind of work in this process."""

    _counts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS_SECONDS) + 1))
    _sum_seconds: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Count how long the block takes, waiting included, however it ends."""
        begun = time.perf_counter()
        try:
            yield
        finally:
            seconds = time.perf_counter() - begun
            with self._lock:
                self._counts[bisect_left(BOUNDS_SECONDS, seconds)] += 1
                self._sum_seconds += seconds

    def read(self) -> TimingsRead:
        """What was counted so far."""
        with self._lock:
            counts, sum_seconds = tuple(self._counts), self._sum_seconds
        sums = tuple(sum(counts[: place + 1]) for place in range(len(BOUNDS_SECONDS)))
        return TimingsRead(sums, sum(counts), sum_seconds)


@dataclass(slots=True)
class Held:
    """How many of something are held open in this process."""

    count: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, number: int) -> None:
        """Note that so many more are, or with a negative number fewer."""
        with self._lock:
            self.count += number


# A process has one database.
QUESTIONS = Timings()
UNITS = Timings()
CURSORS = Held()
