"""The schema's history: each file once, in order, in one transaction, and never edited."""

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from data.database import Database
from data.migrations import (
    SCHEMA_FOLDER,
    DatabaseNewer,
    MigrationChanged,
    NotOurs,
    find_migrations,
    migrate,
)

FIRST = "create table person (person_id integer not null);"
SECOND = "alter table person add column name varchar; insert into person values (1, 'Ada');"
BROKEN = "insert into person values (2, 'Bob'); create table person (person_id integer);"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one schema file, beside the database of the test."""
    schema = tmp_path / "schema"
    schema.mkdir()
    (schema / "0001_people.sql").write_text(FIRST)
    return schema


@pytest.fixture
def connect(tmp_path: Path) -> Iterator[Callable[[], duckdb.DuckDBPyConnection]]:
    opened = []

    def connect_file() -> duckdb.DuckDBPyConnection:
        opened.append(duckdb.connect(str(tmp_path / "test.duckdb")))
        return opened[-1]

    yield connect_file
    for connection in opened:
        connection.close()


def _migrate(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    migrate(connection, Path("test.duckdb"), folder)


Connect = Callable[[], duckdb.DuckDBPyConnection]


def test_each_file_is_applied_once_and_recorded(connect: Connect, folder: Path) -> None:
    connection = connect()
    _migrate(connection, folder)
    (folder / "0002_names.sql").write_text(SECOND)
    _migrate(connection, folder)
    _migrate(connection, folder)
    assert connection.execute("from person").fetchall() == [(1, "Ada")]
    recorded = connection.execute("select number, name from schema_migration").fetchall()
    assert recorded == [(1, "people"), (2, "names")]


def test_a_file_that_fails_leaves_nothing_behind(connect: Connect, folder: Path) -> None:
    (folder / "0002_names.sql").write_text(SECOND)
    (folder / "0003_broken.sql").write_text(BROKEN)
    connection = connect()
    with pytest.raises(duckdb.CatalogException):
        _migrate(connection, folder)
    assert connection.execute("from person").fetchall() == [(1, "Ada")]
    assert connection.execute("select max(number) from schema_migration").fetchall() == [(2,)]


def test_it_refuses_a_file_that_was_edited_after_its_release(
    connect: Connect, folder: Path
) -> None:
    connection = connect()
    _migrate(connection, folder)
    (folder / "0001_people.sql").write_text(FIRST + " -- clearer now")
    with pytest.raises(MigrationChanged, match=r"0001_people\.sql was changed after"):
        _migrate(connection, folder)


@pytest.mark.parametrize("second", ["0001_again.sql", "0003_later.sql"])
def test_it_refuses_numbers_that_repeat_or_skip(folder: Path, second: str) -> None:
    (folder / second).write_text(SECOND)
    with pytest.raises(ValueError, match="numbered 0001, 0002 and so on"):
        find_migrations(folder)


def test_it_refuses_a_newer_database_and_leaves_it_untouched(tmp_path: Path) -> None:
    path = tmp_path / "gatebook.duckdb"
    Database(path).close()
    with duckdb.connect(str(path)) as newer:
        newer.execute("insert into schema_migration values (9999, 'moon', '', now())")
    before = path.read_bytes()
    with pytest.raises(DatabaseNewer, match=r"newer Gatebook \(schema 9999, this one knows"):
        Database(path)
    assert path.read_bytes() == before
    assert not path.with_name(path.name + ".wal").exists()


def test_it_refuses_another_programs_database_and_leaves_it_untouched(tmp_path: Path) -> None:
    path = tmp_path / "gatebook.duckdb"
    with duckdb.connect(str(path)) as foreign:
        foreign.execute("create table recipe (title varchar)")
    before = path.read_bytes()
    with pytest.raises(NotOurs, match="of another program"):
        Database(path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["gatebook.duckdb"]


def test_the_released_files_make_a_whole_schema_with_no_foreign_key() -> None:
    connection = duckdb.connect()
    migrate(connection, Path(), SCHEMA_FOLDER)
    kinds = connection.execute("select distinct constraint_type from duckdb_constraints()")
    found = {kind for (kind,) in kinds.fetchall()}
    connection.close()
    assert found <= {"PRIMARY KEY", "UNIQUE", "NOT NULL"}


def test_stored_addresses_are_given_their_domain(connect: Connect, tmp_path: Path) -> None:
    folder = tmp_path / "released"
    folder.mkdir()
    files = sorted(SCHEMA_FOLDER.glob("*.sql"))
    for file in files[:5]:
        (folder / file.name).write_text(file.read_text())
    connection = connect()
    _migrate(connection, folder)
    connection.execute(
        """
        insert into identifier
            (identifier_id, lookup, channel, key, address, typed, contact_id, created_at)
        values
            (1, 'email:ada', 'email', 'ada@Acme.example', 'ada@acme.example', '', 1, now()),
            (2, 'whatsapp:44', 'whatsapp', '+447700900123', '+447700900123', '', 1, now())
        """
    )
    (folder / files[5].name).write_text(files[5].read_text())
    _migrate(connection, folder)
    domains = connection.execute("select domain from identifier order by identifier_id").fetchall()
    assert domains == [("acme.example",), (None,)]
