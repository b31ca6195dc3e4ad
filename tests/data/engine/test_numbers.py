"""Numbers of new rows: each once, whatever is undone and however the process ends."""

import shutil
from pathlib import Path

import pytest

from data.database import Database, Transaction
from data.engine.numbers import MOST_DRAWN

SEQUENCE = "workspace_id_seq"


def take(db: Database, count: int) -> list[int]:
    with db.transaction() as tx:
        return [tx.draw_number(SEQUENCE) for _ in range(count)]


def test_they_rise_one_by_one(db: Database) -> None:
    taken = take(db, 2 * MOST_DRAWN + 3)
    assert taken == list(range(taken[0], taken[0] + len(taken)))


def test_numbers_given_out_by_hand_are_skipped(db: Database) -> None:
    last = take(db, 1)[0] + 7
    with db.transaction() as tx:
        tx.skip_numbers(SEQUENCE, last)
    assert take(db, 2) == [last + 1, last + 2]


def test_one_of_an_undone_unit_is_not_given_out_again(db: Database) -> None:
    given: list[int] = []

    def draw(tx: Transaction) -> None:
        given.append(tx.draw_number(SEQUENCE))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        db.write(draw)
    assert take(db, 1)[0] > given[0]


def test_after_a_crash_none_is_given_out_again(db: Database, tmp_path: Path) -> None:
    """Drawn in a unit that was undone, used in one that was saved."""

    def draw(tx: Transaction) -> None:
        tx.draw_number(SEQUENCE)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        db.write(draw)
    used = take(db, 1)[0]
    crashed = tmp_path / "crashed" / "gatebook.duckdb"
    crashed.parent.mkdir()
    for file in db.path.parent.glob(f"{db.path.name}*"):
        shutil.copy(file, crashed.parent / f"{crashed.name}{file.name[len(db.path.name) :]}")
    again = Database(crashed)
    try:
        assert take(again, 1)[0] > used
    finally:
        again.close()
