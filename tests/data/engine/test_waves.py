"""Units that are saved together: each as if it had been alone, and nothing of one that fails."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

import pytest
from structlog.testing import capture_logs

from data.database import Database, StorageFailed, Transaction
from data.engine.promise import promise_path
from data.engine.together import spread
from tests.full_disk import full_disk

T = TypeVar("T")

ADD = spread("insert into workspace values ($workspace_id, $name, now(), null)")
FIND = spread("select name from workspace where workspace_id = $workspace_id", by="workspace_id")
RENAME = spread(
    """
    update workspace
    set name = name || $ending
    where workspace_id = $workspace_id
    returning name
    """,
    by="workspace_id",
)


@contextmanager
def held(db: Database) -> Iterator[None]:
    """Whoever comes meanwhile has to wait, and then goes together."""
    with db.paused():
        yield


def all_at_once(db: Database, units: list[Callable[[Transaction], T]], *keys: str) -> list[Any]:
    """What each of these units gives or raises, all having waited for each other."""

    def save(number: int) -> object:
        # One function for all, as only units of one kind go together.
        def unit(tx: Transaction) -> T:
            return units[number](tx)

        try:
            return db.write(unit, *(keys or (f"unit {number}",)))
        except Exception as failure:
            return failure

    with ThreadPoolExecutor(len(units)) as pool:
        with held(db):
            waiting = [pool.submit(save, number) for number in range(len(units))]
            _wait_until(lambda: len(db._waves._waiting) == len(units) - 1)
        return [one.result() for one in waiting]


def _wait_until(is_so: Callable[[], bool]) -> None:
    pause = threading.Event()
    while not is_so():
        pause.wait(0.001)


def names(db: Database) -> list[str]:
    return [row[0] for row in db.rows("select name from workspace order by workspace_id")]


def adder(number: int) -> Callable[[Transaction], str]:
    """A unit that adds a workspace, renames it, and gives its name."""

    def add(tx: Transaction) -> str:
        assert tx.rows(FIND, workspace_id=number) == []
        tx.run(ADD, workspace_id=number, name=f"W{number}")
        renamed = tx.row(RENAME, workspace_id=number, ending=f" of {number}")
        assert renamed is not None
        assert tx.row(FIND, workspace_id=number) == renamed
        return str(renamed[0])

    return add


EVERYBODY = [f"W{number} of {number}" for number in range(20)]


def test_each_gets_its_own_answer_and_all_are_saved_by_one_promise(db: Database) -> None:
    assert all_at_once(db, [adder(number) for number in range(20)]) == EVERYBODY
    assert names(db) == EVERYBODY
    assert promise_path(db.path).read_text() == f"{20:020}\n"


def test_who_fails_before_changing_anything_hears_so_and_the_others_are_saved(
    db: Database,
) -> None:
    def refuse(tx: Transaction) -> str:
        tx.rows(FIND, workspace_id=7)
        raise LookupError("nobody")

    units = [adder(number) for number in range(20)]
    units[7] = refuse
    told = all_at_once(db, units)
    assert isinstance(told[7], LookupError)
    assert told[:7] + told[8:] == names(db) == EVERYBODY[:7] + EVERYBODY[8:]
    assert promise_path(db.path).read_text() == f"{19:020}\n"


def test_who_fails_after_changing_something_leaves_nothing_and_the_others_are_saved(
    db: Database,
) -> None:
    def break_down(tx: Transaction) -> str:
        tx.run(ADD, workspace_id=7, name="Half")
        tx.rows(FIND, workspace_id=7)
        raise LookupError("nobody")

    units = [adder(number) for number in range(20)]
    units[7] = break_down
    told = all_at_once(db, units)
    assert isinstance(told[7], LookupError)
    assert told[:7] + told[8:] == names(db) == EVERYBODY[:7] + EVERYBODY[8:]


def test_a_statement_that_fails_is_its_own_units_fault_alone(db: Database) -> None:
    def ask_nonsense(tx: Transaction) -> str:
        return str(tx.row("select cast('x' as integer)"))

    units = [adder(number) for number in range(20)]
    units[0] = ask_nonsense
    told = all_at_once(db, units)
    assert type(told[0]).__name__ == "ConversionException"
    assert told[1:] == names(db) == EVERYBODY[1:]


def test_a_row_that_cannot_be_saved_is_its_own_units_fault_alone(db: Database) -> None:
    def make_contact(tx: Transaction) -> int:
        tx.run(
            spread(
                """
                insert into contact (contact_id, created_at, access_count)
                values (1, now(), $access_count)
                """
            ),
            access_count=None,
        )
        return 1

    units: list[Callable[[Transaction], object]] = [adder(number) for number in range(20)]
    units[3] = make_contact
    told = all_at_once(db, units)
    assert type(told[3]).__name__ == "ConstraintException"
    assert told[:3] + told[4:] == names(db) == EVERYBODY[:3] + EVERYBODY[4:]


def test_units_that_share_a_key_are_saved_one_after_another(db: Database) -> None:
    def count_up(tx: Transaction) -> int:
        row = tx.row("select count(*) from workspace")
        number = int(row[0]) if row else 0
        tx.run(ADD, workspace_id=number, name="One more")
        return number

    assert sorted(all_at_once(db, [count_up] * 20, "the count")) == list(range(20))


def test_a_unit_that_has_to_be_alone_begins_again_and_so_do_the_others(db: Database) -> None:
    begun: list[int] = []

    def ask_to_be_alone(tx: Transaction) -> str:
        begun.append(1)
        tx.be_alone()
        return adder(0)(tx)

    units = [ask_to_be_alone, *(adder(number) for number in range(1, 20))]
    assert all_at_once(db, units) == names(db) == EVERYBODY
    assert len(begun) == 2


def test_two_that_ask_for_the_same_are_both_answered(db: Database) -> None:
    with db.transaction() as tx:
        tx.run(ADD, workspace_id=1, name="W")

    def rename(tx: Transaction) -> object:
        return tx.row(RENAME, workspace_id=1, ending="!")

    told = all_at_once(db, [rename] * 5)
    assert sorted(told) == [("W" + "!" * number,) for number in range(1, 6)]
    assert names(db) == ["W!!!!!"]


def test_numbers_are_drawn_once(db: Database) -> None:
    def take(tx: Transaction) -> object:
        return tx.draw_number("workspace_id_seq")

    told = all_at_once(db, [take] * 20)
    assert len(set(told)) == 20


def test_on_a_full_disk_everybody_is_told_and_nothing_is_saved(db: Database) -> None:
    units = [adder(number) for number in range(20)]
    with capture_logs(), full_disk(size=0):
        told = all_at_once(db, units)
    assert {type(one) for one in told} == {StorageFailed}
    assert names(db) == []
    assert all_at_once(db, units) == EVERYBODY


def test_units_and_transactions_of_many_threads_lose_nothing(db: Database) -> None:
    def save(number: int) -> None:
        if number % 5 == 0:
            with db.transaction() as tx:
                adder(number)(tx)
        else:
            db.write(adder(number), f"unit {number}")

    with ThreadPoolExecutor(32) as pool:
        list(pool.map(save, range(300)))
    assert names(db) == [f"W{number} of {number}" for number in range(300)]
    assert promise_path(db.path).read_text() == f"{300:020}\n"


def test_questions_asked_at_once_get_each_their_own_answer(db: Database) -> None:
    with db.transaction() as tx:
        for number in range(50):
            tx.run(ADD, workspace_id=number, name=f"W{number}")

    def ask(number: int) -> object:
        return db.row(FIND, workspace_id=number % 60)

    with ThreadPoolExecutor(32) as pool:
        told = list(pool.map(ask, range(1_200)))
    assert told == [(f"W{n % 60}",) if n % 60 < 50 else None for n in range(1_200)]


@pytest.mark.parametrize("statement", ["delete from workspace", "select 1", "select a from b"])
def test_only_plain_statements_are_spread(statement: str) -> None:
    with pytest.raises(ValueError, match="plain shape"):
        spread(statement, by="workspace_id")


def test_one_unit_of_a_wave_runs_at_a_time(db: Database) -> None:
    running: list[int] = []
    most: list[int] = []

    def run_a_while(tx: Transaction) -> None:
        for number in range(3):
            running.append(1)
            most.append(len(running))
            threading.Event().wait(0.001)
            running.pop()
            tx.rows(FIND, workspace_id=number)

    all_at_once(db, [run_a_while] * 20)
    assert (len(most), max(most)) == (60, 1)


def test_who_needs_no_answer_is_saved_too(db: Database) -> None:
    def add(number: int) -> Callable[[Transaction], None]:
        return lambda tx: tx.run(ADD, workspace_id=number, name=f"W{number}")

    def do_nothing(_: Transaction) -> None:
        pass

    units = [add(number) if number % 2 else do_nothing for number in range(20)]
    assert all_at_once(db, units) == [None] * 20
    assert names(db) == [f"W{number}" for number in range(1, 20, 2)]


def test_kinds_take_turns(db: Database) -> None:
    saved: list[str] = []

    def one_kind(tx: Transaction) -> None:
        saved.append("one")

    def another_kind(tx: Transaction) -> None:
        saved.append("another")

    with ThreadPoolExecutor(4) as pool, held(db):
        for number, unit in enumerate((one_kind, one_kind, one_kind, another_kind)):
            pool.submit(db.write, unit, "the same key")
            _wait_until(lambda number=number: len(db._waves._waiting) == number)  # type: ignore[misc]
    assert saved == ["one", "another", "one", "one"]
