"""Who answers questions, and one unit of work that also writes. Given out by `database.py`."""

from typing import Any, Protocol

from data.cursors import Parameters, Row


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


class Transaction:
    """One unit of work that is saved as a whole or not at all. Given out by `Database`."""

    def __init__(self, carrier: Carrier) -> None:
        """Take what carries out the unit's statements."""
        self._carrier = carrier

    def rows(self, sql: str, **parameters: Any) -> list[Row]:
        """Every row that the statement gives or returns, in its order."""
        return self._carrier.fetch(sql, parameters)

    def row(self, sql: str, **parameters: Any) -> Row | None:
        """The first row that the statement gives or returns, or None."""
        rows = self.rows(sql, **parameters)
        return rows[0] if rows else None

    def run(self, sql: str, **parameters: Any) -> None:
        """Carry out a statement whose answer nobody needs."""
        self._carrier.carry_out(sql, parameters)

    def be_alone(self) -> None:
        """Begin again without other units, if there are any: this one has to do with more."""
        self._carrier.be_alone()
