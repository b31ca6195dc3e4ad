"""Who answers questions, and one unit of work that also writes. Given out by `database.py`."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

import duckdb

from data.engine.cursors import Cursor, Parameters, Row
from data.engine.database_errors import DatabaseError
from data.engine.numbers import Numbers
from data.engine.steady import Change, SteadyAnswers, change_of, is_steady, is_touched


class Reader(Protocol):
    """Whatever answers questions: the database, or a transaction that sees its own writes."""

    def rows(self, sql: str, **parameters: Any) -> list[Row]:
        """Every row of the answer, in the statement's order."""
        ...

    def row(self, sql: str, **parameters: Any) -> Row | None:
        """The first row of the answer, or None."""
        ...


class Carrier(Protocol):
    """Whatever carries statements out: a cursor, or a unit's place in a wave."""

    def fetch(self, sql: str, parameters: Parameters) -> list[Row]:
        """Every row that the statement gives or returns."""
        ...

    def carry_out(self, sql: str, parameters: Parameters) -> None:
        """Have a statement carried out whose answer nobody needs."""
        ...

    def be_alone(self) -> None:
        """Go on only if no other unit runs at once."""
        ...


@dataclass
class Unsaved:
    """A transaction that is open: for how many units of work it counts, and what they changed."""

    cursor: Cursor
    steady: SteadyAnswers
    numbers: Numbers
    units: int = 1
    changes: set[Change] = field(default_factory=set)

    def note(self, sql: str) -> None:
        """Note what the statement changes, if anything."""
        change = change_of(sql)
        if change is not None:
            self.changes.add(change)


@contextmanager
def unit_of_work(unsaved: Unsaved, saved: int) -> Iterator[Unsaved]:
    """Save what the block writes when it ends; undo it when it raises.

    It is counted with the units that were `saved` before it.
    """
    cursor = unsaved.cursor
    cursor.fetch("begin transaction", {})
    try:
        yield unsaved
        number = saved + unsaved.units
        cursor.fetch("update saved_unit set number = $number", {"number": number})
        cursor.fetch("commit", {})
    except BaseException:
        # What failed may have ended the transaction already, or the database with it.
        with suppress(duckdb.Error, DatabaseError):
            cursor.fetch("rollback", {})
        raise
    finally:
        unsaved.steady.forget(unsaved.changes)


class Transaction:
    """One unit of work that is saved as a whole or not at all. Given out by `Database`."""

    def __init__(self, unsaved: Unsaved, carrier: Carrier) -> None:
        """Take the transaction that it is in, and what carries out the unit's statements."""
        self._unsaved = unsaved
        self._carrier = carrier

    def rows(self, sql: str, **parameters: Any) -> list[Row]:
        """Every row that the statement gives or returns, in its order."""
        if is_steady(sql) and not is_touched(sql, self._unsaved.changes.copy()):
            return self._unsaved.steady.rows(sql, parameters)
        self._unsaved.note(sql)
        return self._carrier.fetch(sql, parameters)

    def row(self, sql: str, **parameters: Any) -> Row | None:
        """The first row that the statement gives or returns, or None."""
        rows = self.rows(sql, **parameters)
        return rows[0] if rows else None

    def run(self, sql: str, **parameters: Any) -> None:
        """Carry out a statement whose answer nobody needs."""
        self._unsaved.note(sql)
        self._carrier.carry_out(sql, parameters)

    def draw_number(self, sequence: str) -> int:
        """The number of a new row, which nobody else gets."""
        return self._unsaved.numbers.take(sequence)

    def skip_numbers(self, sequence: str, last: int) -> None:
        """Have the sequence go on after `last`: so many were given out by hand."""
        self._carrier.fetch("select setval($sequence, $last)", {"sequence": sequence, "last": last})
        self._unsaved.numbers.forget(sequence)

    def be_alone(self) -> None:
        """Begin again without other units, if there are any: this one has to do with more."""
        self._carrier.be_alone()
