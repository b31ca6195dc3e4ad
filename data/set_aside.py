"""The contacts of a filter, worked out once for all the questions that a page asks about them."""

import re
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from hashlib import sha256
from types import TracebackType
from typing import Any, Self

from data.breakdowns import hours_of
from data.database import Database, Reader, Row
from data.engine.snapshots import Snapshot
from data.filter_conditions import Relation
from data.kept_answers import KeptAnswers
from data.matching import Matched, lean_contacts, read_from_table

_ASIDE = re.compile(r"\b(?:hours_of_)?aside_[0-9a-f]{20}\b")


class SetAside:
    """Answers like the kept answers, for as long as its block lasts, and all of one moment.

    The first question that nobody asked yet begins that moment. What is set aside is worked out
    when a question needs it, and gone with the block.
    """

    def __init__(self, db: Database, answers: KeptAnswers) -> None:
        """Ask this database what `answers` does not know."""
        self._db = db
        self._answers = answers
        self._makers: dict[str, Callable[[Reader], Relation]] = {}
        self._snapshot: Snapshot | None = None
        self._as_of = 0
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        raised: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Forget what was set aside."""
        self._stack.close()

    def set_aside(self, matched: Matched) -> Matched:
        """The same contacts and hours, worked out once, for questions to this reader alone.

        Contacts that a scan of all finds as fast are left as they are.
        """
        table = f"aside_{sha256(repr(matched.contact_filter).encode()).hexdigest()[:20]}"
        if matched.is_worth_keeping:
            self._makers[table] = partial(lean_contacts, matched)
            matched = read_from_table(matched, table)
        hours_table, hours = f"hours_of_{table}", hours_of(matched)
        self._makers[hours_table] = lambda _: hours
        return replace(matched, hours=Relation(f"select * from {hours_table}"))

    def rows(self, sql: str, **parameters: Any) -> list[Row]:
        """Every row of the answer, in the statement's order; a list of the caller's own."""
        return self._answers.ask(sql, parameters, self._ask, as_of=lambda: self._as_of)

    def row(self, sql: str, **parameters: Any) -> Row | None:
        """The first row of the answer, or None."""
        rows = self.rows(sql, **parameters)
        return rows[0] if rows else None

    def _ask(self, sql: str, **parameters: Any) -> list[Row]:
        if self._snapshot is None:
            # Before it begins: it may know more than this unit, never less.
            self._as_of = self._db.saved_units
            self._snapshot = self._stack.enter_context(self._db.snapshot())
        self._make_tables(self._snapshot, sql)
        return self._snapshot.rows(sql, **parameters)

    def _make_tables(self, snapshot: Snapshot, sql: str) -> None:
        """Work out what the statement reads, and first what that reads in turn."""
        for table in re.findall(_ASIDE, sql):
            if make := self._makers.pop(table, None):
                relation = make(snapshot)
                self._make_tables(snapshot, relation.sql)
                snapshot.rows(
                    f"create temporary table {table} as {relation.sql}", **relation.parameters
                )
