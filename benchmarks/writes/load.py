"""So many threads that pass a gate one viewer after another, and how long each saving took."""

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

# What each pass saves durably, one after another, as the product does.
STEPS = ("opened the gate", "gave an address", "claimed the pass", "opened the document")


class Way(Protocol):
    """One way of saving passes."""

    name: str

    def pass_gate(self, number: int) -> Iterator[None]:
        """One viewer's way: what comes before each `yield` is one durable transaction."""
        ...

    def read_heavily(self, is_over: threading.Event) -> None:
        """Be an owner who looks at everything and downloads it, again and again."""
        ...

    def checkpoint(self) -> None:
        """Fold the log into the file."""
        ...


@dataclass
class Measured:
    """What one way did with so many threads: seconds of each saving, in no order."""

    threads: int
    seconds: float
    taken: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Durable transactions a second."""
        return len(self.taken) / self.seconds

    def quantile(self, share: float) -> float:
        """The seconds that this share of them took at most."""
        ordered = sorted(self.taken)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


_numbers = itertools.count(1)


def measure(way: Way, threads: int, seconds: float) -> Measured:
    """Let so many threads pass for so long; what they began they finish."""
    taken: list[list[float]] = [[] for _ in range(threads)]
    is_over, failures = threading.Event(), []

    def come(noted: list[float]) -> None:
        try:
            while not is_over.is_set():
                steps, begun = way.pass_gate(next(_numbers)), time.perf_counter()
                for _ in steps:
                    ended = time.perf_counter()
                    noted.append(ended - begun)
                    begun = ended
        except BaseException as failure:
            failures.append(failure)
            raise

    pool = [threading.Thread(target=come, args=(noted,)) for noted in taken]
    begun = time.perf_counter()
    for thread in pool:
        thread.start()
    is_over.wait(seconds)
    is_over.set()
    for thread in pool:
        thread.join()
    if failures:
        raise failures[0]
    return Measured(threads, time.perf_counter() - begun, list(itertools.chain(*taken)))


@contextmanager
def reading_owner(way: Way) -> Iterator[None]:
    """An owner reads while the block runs."""
    is_over = threading.Event()
    owner = threading.Thread(target=way.read_heavily, args=(is_over,))
    owner.start()
    try:
        yield
    finally:
        is_over.set()
        owner.join()


@contextmanager
def repeated(act: Callable[[], None], pause: float) -> Iterator[None]:
    """The act is done again and again while the block runs, with pauses."""
    is_over = threading.Event()

    def repeat() -> None:
        while not is_over.wait(pause):
            act()

    thread = threading.Thread(target=repeat)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()
