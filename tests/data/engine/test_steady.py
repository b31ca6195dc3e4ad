"""Answers that are kept in memory: never older than what anybody was told is saved."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from data.database import Database, Transaction
from data.engine.steady import Change, SteadyAnswers, change_of, is_touched, steady
from tests.data.engine.test_waves import ADD, RENAME, all_at_once

NAME = steady("select name from workspace where workspace_id = $workspace_id")
IS_THERE = steady(
    "select 1 from workspace where workspace_id = $workspace_id", outlives_updates=True
)


def name_of(reader: Database | Transaction, workspace_id: int = 1) -> object:
    row = reader.row(NAME, workspace_id=workspace_id)
    return row and row[0]


@pytest.fixture
def asked(db: Database, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every statement that reached the database outside a unit of work."""
    seen: list[str] = []
    real = db._steady._ask

    def ask(sql: str, parameters: object) -> object:
        seen.append(sql)
        return real(sql, parameters)  # type: ignore[arg-type]

    monkeypatch.setattr(db._steady, "_ask", ask)
    with db.transaction() as tx:
        tx.run(ADD, workspace_id=1, name="W")
    return seen


def rename(tx: Transaction) -> None:
    tx.row(RENAME, workspace_id=1, ending="!")


def test_it_is_asked_once(db: Database, asked: list[str]) -> None:
    assert [name_of(db) for _ in range(5)] == ["W"] * 5
    with db.transaction() as tx:
        assert name_of(tx) == "W"
    assert asked == [NAME]


def test_what_was_saved_is_known_at_once(db: Database, asked: list[str]) -> None:
    assert name_of(db) == "W"
    db.write(rename)
    assert name_of(db) == "W!"
    assert name_of(db, 2) is None
    with db.transaction() as tx:
        tx.run(ADD, workspace_id=2, name="V")
    assert name_of(db, 2) == "V"


def test_a_unit_sees_what_it_changed_and_nobody_else_does(db: Database, asked: list[str]) -> None:
    assert name_of(db) == "W"
    with db.transaction() as tx:
        rename(tx)
        assert (name_of(tx), name_of(db)) == ("W!", "W")
    assert name_of(db) == "W!"


def test_what_is_undone_is_never_kept(db: Database, asked: list[str]) -> None:
    def rename_in_vain(tx: Transaction) -> None:
        rename(tx)
        assert name_of(tx) == "W!"
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        db.write(rename_in_vain)
    assert name_of(db) == "W"


def test_in_a_wave_all_see_what_is_saved(db: Database, asked: list[str]) -> None:
    def look(tx: Transaction) -> object:
        return name_of(tx)

    assert all_at_once(db, [look] * 20) == ["W"] * 20
    assert asked == [NAME]


def test_a_change_of_another_table_leaves_it(db: Database, asked: list[str]) -> None:
    name_of(db)
    with db.transaction() as tx:
        tx.run("delete from suppression")
    name_of(db)
    assert asked == [NAME]


def test_whether_a_row_is_there_outlives_an_update_of_it(db: Database, asked: list[str]) -> None:
    assert db.row(IS_THERE, workspace_id=1) == (1,)
    db.write(rename)
    assert db.row(IS_THERE, workspace_id=1) == (1,)
    assert asked == [IS_THERE]
    with db.transaction() as tx:
        tx.run("delete from workspace")
    assert db.row(IS_THERE, workspace_id=1) is None


def test_an_answer_that_was_overtaken_is_not_kept() -> None:
    told = ["old"]

    def ask(_: str, __: object) -> list[list[tuple[str]]]:
        answer = [[(told[0],)]]
        if told == ["old"]:
            told[0] = "new"
            answers.forget({Change("update", "workspace")})
        return answer

    answers = SteadyAnswers(ask)
    assert answers.rows(NAME, {}) == [("old",)]
    assert answers.rows(NAME, {}) == [("new",)]


def test_readers_beside_a_writer_are_never_behind_what_it_was_told(
    db: Database, asked: list[str]
) -> None:
    def read() -> list[int]:
        return [len(str(name_of(db))) for _ in range(300)]

    with ThreadPoolExecutor(4) as pool:
        readings = [pool.submit(read) for _ in range(4)]
        for number in range(30):
            db.write(rename)
            assert len(str(name_of(db))) == number + 2
    assert all(one.result() == sorted(one.result()) for one in readings)


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        (" select 1 from workspace", None),
        ("insert into workspace values (1)", Change("insert", "workspace")),
        ("\n  update workspace\n  set name = 1", Change("update", "workspace")),
        ("delete from workspace", Change("delete", "workspace")),
        ("alter table workspace add column x int", Change(None, "*")),
        ("with one as (select 1) insert into workspace from one", Change(None, "*")),
    ],
)
def test_what_a_statement_changes_is_read_from_it(sql: str, expected: Change | None) -> None:
    assert change_of(sql) == expected


def test_an_unknown_change_touches_every_answer() -> None:
    assert is_touched(NAME, {Change(None, "*")})
    assert is_touched(IS_THERE, {Change(None, "*")})
