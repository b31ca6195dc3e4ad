"""The reader that keeps answers until something is saved."""

import threading
from typing import Any

import duckdb
import pytest

import data.kept_answers
from data.database import Database
from data.kept_answers import KeptAnswers
from tests.factories import add_contact

COUNT = "select count(*) from identifier where channel = any($channels)"
EMAILS = ["email"]


class Counting:
    """The database, counting what it is asked."""

    def __init__(self, db: Database) -> None:
        self._db, self.asked = db, 0

    @property
    def saved_units(self) -> int:
        return self._db.saved_units

    def rows(self, sql: str, **parameters: Any) -> Any:
        self.asked += 1
        return self._db.rows(sql, **parameters)


@pytest.fixture
def counting(db: Database) -> Counting:
    return Counting(db)


@pytest.fixture
def reader(counting: Counting) -> KeptAnswers:
    return KeptAnswers(counting)  # type: ignore[arg-type]


def test_a_question_asked_again_is_not_asked_of_the_database(
    db: Database, counting: Counting, reader: KeptAnswers
) -> None:
    add_contact(db, "ada@example.com")

    assert reader.row(COUNT, channels=EMAILS) == reader.row(COUNT, channels=EMAILS) == (1,)
    assert counting.asked == 1


def test_what_was_saved_is_in_the_next_answer(db: Database, reader: KeptAnswers) -> None:
    for number in range(1, 4):
        add_contact(db, f"person{number}@example.com")
        assert reader.row(COUNT, channels=EMAILS) == (number,)


def test_a_unit_that_was_undone_leaves_the_answers_as_they_are(
    db: Database, counting: Counting, reader: KeptAnswers
) -> None:
    reader.row(COUNT, channels=EMAILS)
    with pytest.raises(duckdb.ParserException), db.transaction() as transaction:
        transaction.run("not a statement")

    assert reader.row(COUNT, channels=EMAILS) == (0,)
    assert counting.asked == 1


def test_an_answer_overtaken_by_a_saved_unit_is_not_kept(db: Database) -> None:
    class Overtaken(Counting):
        def rows(self, sql: str, **parameters: Any) -> Any:
            answer = super().rows(sql, **parameters)
            if self.asked == 1:
                add_contact(db, "ada@example.com")
                # Another page asks something in the meantime.
                hasty.rows("select 1")
            return answer

    hasty = KeptAnswers(Overtaken(db))  # type: ignore[arg-type]

    assert hasty.row(COUNT, channels=EMAILS) == (0,)
    assert hasty.row(COUNT, channels=EMAILS) == (1,)


def test_another_value_is_another_question(db: Database, reader: KeptAnswers) -> None:
    add_contact(db, "ada@example.com")

    assert reader.row(COUNT, channels=EMAILS) == (1,)
    assert reader.row(COUNT, channels=["whatsapp"]) == (0,)
    assert reader.row(f"{COUNT} and key = $key", channels=EMAILS, key="x") == (0,)


def test_whoever_changes_an_answer_changes_only_their_own(reader: KeptAnswers) -> None:
    reader.rows(COUNT, channels=EMAILS).clear()

    assert reader.rows(COUNT, channels=EMAILS) == [(0,)]


def test_no_more_rows_are_kept_than_the_limit(
    counting: Counting, reader: KeptAnswers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data.kept_answers, "MOST_KEPT_ROWS", 25)
    # Each takes the room of eleven rows, so two of them are kept.
    first, second, third = (f"select {number} from range(10)" for number in range(3))
    for question in (first, second, third, third, second):
        reader.rows(question)
    assert counting.asked == 3
    reader.rows(first)
    assert counting.asked == 4
    for _ in range(2):
        reader.rows("select 1 from range(100)")
    assert counting.asked == 6


def test_writers_and_readers_beside_each_other_never_meet_an_old_answer(db: Database) -> None:
    reader, failures = KeptAnswers(db), []

    def write_and_read(name: str) -> None:
        for number in range(20):
            add_contact(db, f"{name}{number}@example.com")
            rows = reader.rows("select address from identifier")
            if (f"{name}{number}@example.com",) not in rows:
                failures.append((name, number))

    threads = [threading.Thread(target=write_and_read, args=(name,)) for name in ("ada", "bob")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
