"""A disk that is really full: who waits is told, nothing is lost, and all goes on with space."""

from pathlib import Path

import pytest

from data.database import Database, StorageFailed
from data.engine.opening import Limits
from tests.browser.mailbox import running_mailbox
from tests.crash.fullness import REFUSED, fill_while_viewers_come
from tests.crash.small_disk import filled, small_disk
from tests.factories import add_workspace


def _count(db: Database) -> int:
    return int(db.rows("select count(*) from workspace")[0][0])


def _add_many(db: Database) -> None:
    with db.transaction() as tx:
        tx.run(
            """
            insert into workspace
            select range, md5(cast(range as varchar)), now(), null
            from range(100000)
            """
        )


def test_a_checkpoint_without_space_is_said_and_the_database_opens_again_by_itself(
    tmp_path: Path,
) -> None:
    with small_disk(tmp_path / "disk", 32) as disk:
        db = Database(disk / "gatebook.duckdb", limits=Limits(checkpoint_threshold="1GB"))
        _add_many(db)
        with filled(disk):
            with pytest.raises(StorageFailed):
                db.checkpoint()
            assert _count(db) == 100_000
        add_workspace(db, "Sales")
        db.checkpoint()
        assert _count(db) == 100_001
        db.close()
        db = Database(disk / "gatebook.duckdb")
        assert _count(db) == 100_001
        db.close()


def test_viewers_are_told_of_a_full_disk_and_pass_once_there_is_space(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 32) as disk, running_mailbox() as mailbox:
        findings, told = fill_while_viewers_come(disk, mailbox)
    assert findings == []
    assert REFUSED - 2 <= told <= REFUSED
