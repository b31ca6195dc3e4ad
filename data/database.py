"""The one open database: reading with cursors, writing through one transaction at a time.

How the file is opened is in `data/engine/opening.py`; questions live in the modules of their nouns.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import duckdb
import structlog

from data.engine.compaction import swap_in, write_fresh
from data.engine.cursors import Cursor, DatabaseClosed, Parameters, ReadStatements, Row
from data.engine.database_errors import (
    DatabaseBusy,
    DatabaseError,
    DatabaseInUse,
    DatabaseUnreadable,
    StorageFailed,
    UnitsMissing,
    explain_loss,
    is_disk_refusal,
)
from data.engine.numbers import Numbers
from data.engine.opening import DEFAULT_LIMITS, Limits, open_file, take_lock
from data.engine.promise import count_units, keep_promise
from data.engine.questions import Questions
from data.engine.saving import Waves
from data.engine.snapshots import Snapshot
from data.engine.steady import SteadyAnswers, is_steady
from data.engine.timings import QUESTIONS, UNITS
from data.engine.together import fetch_many, is_for_many
from data.engine.units import Reader, Transaction, Unsaved, unit_of_work
from data.engine.waves import T, Unit

__all__ = [
    "Database",
    "DatabaseBusy",
    "DatabaseClosed",
    "DatabaseError",
    "DatabaseInUse",
    "DatabaseUnreadable",
    "Parameters",
    "Reader",
    "Row",
    "StorageFailed",
    "Transaction",
    "UnitsMissing",
]

_log = structlog.get_logger(__name__)
# What is raised until a database that DuckDB gave up on has been opened anew.
_UNUSABLE = (duckdb.FatalException, duckdb.ConnectionException, DatabaseClosed)


class Database:
    """An open Gatebook database: many readers at once, one writer at a time.

    Readers never wait for the writer, and no second process opens the file. It is opened anew by
    itself when the disk refuses a write so badly that DuckDB gives up.
    """

    def __init__(self, path: Path, *, limits: Limits = DEFAULT_LIMITS) -> None:
        """Open the file at `path`, or make it, and bring its schema up to date.

        Raises:
            DatabaseInUse, DatabaseUnreadable, UnitsMissing: as they say.
            DatabaseNewer, MigrationChanged, NotOurs: see `data/migrations.py`.
        """
        self.path, self._limits = path, limits
        self._write_lock = threading.Lock()
        self._open_lock = threading.Lock()  # Guards the next five.
        self._units, self._openings, self._is_closed = 0, 0, False
        self._lock = take_lock(path)
        with self._lock.withdrawn_by_failure():
            self._open()
        self._cursors, self._read = set[Cursor](), ReadStatements()
        self._steady = SteadyAnswers(self._answer)
        self._numbers = Numbers(self._answer)
        self._waves = Waves(self._saving)
        self._questions = Questions(self._answer)

    @property
    def saved_units(self) -> int:
        """How many units of work were saved in it so far; one is counted before it is told of."""
        return self._units

    def rows(self, sql: str, **parameters: Any) -> list[Row]:
        """Every row of the answer, in the statement's order, from a snapshot of its own."""
        with QUESTIONS.timed():
            if is_steady(sql):
                return self._steady.rows(sql, parameters)
            if is_for_many(sql):
                return self._questions.ask(sql, parameters)
            return self._answer(sql, [parameters])[0]

    def row(self, sql: str, **parameters: Any) -> Row | None:
        """The first row of the answer, or None."""
        return next(iter(self.rows(sql, **parameters)), None)

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """Answers to any number of questions from one moment; nobody waits for it."""
        with self._cursor(is_lasting=True) as cursor:
            yield Snapshot(cursor)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """One unit of work, saved when the block ends, undone when it raises.

        Units run one after another. Keep the network, and every refusal, out of the block.

        Raises:
            StorageFailed: the disk refused; nothing of this unit was saved.
        """
        with UNITS.timed(), self._saving() as unsaved:
            yield Transaction(unsaved, unsaved.cursor)

    def write(self, unit: Unit[T], *keys: str) -> T:
        """What the unit of work gives, once it is saved, together with others that wait.

        Units that share a key, but the empty one, are saved one after another. One may be begun
        again, so it changes nothing but the database. Raises StorageFailed as `transaction` does.
        """
        with UNITS.timed():
            return self._waves.save(unit, frozenset(keys) - {""})

    def checkpoint(self) -> None:
        """Fold the write-ahead log into the file, between two units of work.

        Raises:
            StorageFailed: the disk refused; nothing is lost, the log stays.
        """
        with self._write_lock, self._mended():
            self._fetch("force checkpoint", [{}])

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Nothing is written while the block runs; the log is folded in as far as it can be."""
        with self._write_lock:
            with suppress(duckdb.Error, DatabaseError):
                self._fetch("checkpoint", [{}])
            yield

    def rewrite(self) -> None:
        """Write the file anew, without what deleted rows left in it; writers wait meanwhile.

        Raises:
            DatabaseBusy: something long is being read, such as a download.
            StorageFailed: the disk refused; the file is what it was.
        """
        with self._write_lock, self._mended():
            self._refuse_lasting()
            with self._cursor() as cursor:
                fresh = write_fresh(cursor, self.path)
            with self._open_lock:
                self._refuse_lasting()
                self._let_go()
                try:
                    swap_in(fresh, self.path)
                finally:
                    self._open()

    def close(self) -> None:
        """Fold the log into the file and let go of it; whatever still reads is cut off."""
        with self._write_lock, self._open_lock:
            self._is_closed = True
            self._let_go()
            self._lock.release()

    @contextmanager
    def _saving(self) -> Iterator[Unsaved]:
        with self._write_lock, self._mended(), self._cursor() as cursor:
            with unit_of_work(Unsaved(cursor, self._steady, self._numbers), self._units) as unsaved:
                yield unsaved
            self._units += unsaved.units
            keep_promise(self.path, self._units)

    def _answer(self, sql: str, asked: Sequence[Parameters]) -> list[list[Row]]:
        openings = self._openings
        try:
            return self._fetch(sql, asked)
        except _UNUSABLE:
            self._reopen(openings)
            return self._fetch(sql, asked)

    def _fetch(self, sql: str, asked: Sequence[Parameters]) -> list[list[Row]]:
        with self._cursor() as cursor:
            return fetch_many(cursor, sql, asked)

    @contextmanager
    def _cursor(self, *, is_lasting: bool = False) -> Iterator[Cursor]:
        with self._open_lock:
            if self._is_closed:
                raise DatabaseClosed("The database is closed.")
            cursor = Cursor(self._connection.cursor(), self._read, is_lasting=is_lasting)
            self._cursors.add(cursor)
        try:
            yield cursor
        finally:
            cursor.close()
            with self._open_lock:
                self._cursors.discard(cursor)

    @contextmanager
    def _mended(self) -> Iterator[None]:
        """Turn the disk's refusal of a write into ours, with the database usable again."""
        openings = self._openings
        try:
            yield
        except _UNUSABLE as failure:
            self._reopen(openings)
            raise explain_loss(failure) from failure
        except duckdb.Error as failure:
            if not is_disk_refusal(failure):
                raise
            raise explain_loss(failure) from failure

    def _reopen(self, openings: int) -> None:
        """Open the file anew, unless somebody did since it had been opened this often.

        After a FatalException even reads fail until then. Statements that run are waited for.
        """
        with self._open_lock:
            if self._is_closed:
                raise DatabaseClosed("The database is closed.")
            if self._openings != openings:
                return
            _log.error("database_reopened", reason="the disk refused a write")
            self._let_go()
            self._open()

    def _refuse_lasting(self) -> None:
        if any(cursor.is_lasting for cursor in self._cursors.copy()):
            raise DatabaseBusy("A download or another long answer is under way. Try again later.")

    def _open(self) -> None:
        self._connection = open_file(self.path, self._limits)
        self._units = count_units(self._connection)
        keep_promise(self.path, self._units)
        self._openings += 1

    def _let_go(self) -> None:
        # One open cursor would keep the old file open, and opening it again would wait for ever.
        for cursor in self._cursors:
            cursor.close()
        self._connection.close()
