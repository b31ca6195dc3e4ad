"""A home of any released version opens in this one, with everything that was in it."""

from pathlib import Path

import pytest

from data.check import check_database
from data.database import Database
from data.identifiers import get_identifier
from tests.data.old_worlds import RELEASED, make_old_database
from tests.factories import add_workspace, make_identifier


@pytest.mark.parametrize("version", range(1, len(RELEASED) + 1), ids=lambda one: f"{one:04}")
def test_a_database_of_every_released_version_keeps_every_row(tmp_path: Path, version: int) -> None:
    path = tmp_path / "gatebook.duckdb"
    old = make_old_database(path, version)
    db = Database(path)
    for table, row in old.items():
        names = [
            name
            for (name,) in db.rows(
                "select column_name from duckdb_columns() where table_name = $table", table=table
            )
        ]
        kept = {name: value for name, value in row.items() if name in names}
        (found,) = db.rows(f"select {', '.join(kept)} from {table}")
        assert dict(zip(kept, found, strict=True)) == kept, table
    assert check_database(db) == []
    ada = get_identifier(db, make_identifier("ada@example.com"))
    assert ada is not None
    assert ada.contact_id == 1
    assert db.row("select max(number) from schema_migration") == (len(RELEASED),)
    db.close()


def test_an_upgraded_database_opens_again_and_is_written_to(tmp_path: Path) -> None:
    path = tmp_path / "gatebook.duckdb"
    make_old_database(path, 1)
    Database(path).close()
    db = Database(path)
    with db.transaction() as tx:
        tx.run("delete from workspace")
    add_workspace(db, "After the upgrade")
    assert db.rows("select name from workspace") == [("After the upgrade",)]
    db.close()
