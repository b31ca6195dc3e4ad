"""The schema's history: numbered SQL files, each applied once, in one transaction, and recorded.

A released file is never edited, which its recorded checksum enforces.
"""

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb

SCHEMA_FOLDER = Path(__file__).parent / "schema"


class SchemaError(Exception):
    """The database's schema and this program do not fit; the message says what to do."""


class DatabaseNewer(SchemaError):
    """A newer Gatebook wrote the file. It was left untouched."""


class MigrationChanged(SchemaError):
    """A schema file differs from the one that this database was made with."""


class NotOurs(SchemaError):
    """The file is a database of some other program. It was left untouched."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered schema file: its number, name, SQL and SHA-256."""

    number: int
    name: str
    sql: str
    checksum: str


def find_migrations(folder: Path = SCHEMA_FOLDER) -> list[Migration]:
    """Every schema file of the folder, lowest number first.

    Raises:
        ValueError: two have the same number, or one is missing.
    """
    migrations = [_read_migration(path) for path in sorted(folder.glob("[0-9]*_*.sql"))]
    numbers = [migration.number for migration in migrations]
    if numbers != list(range(1, len(numbers) + 1)):
        raise ValueError(f"Schema files must be numbered 0001, 0002 and so on, not {numbers}")
    return migrations


def migrate(
    connection: duckdb.DuckDBPyConnection, path: Path, folder: Path = SCHEMA_FOLDER
) -> None:
    """Apply the schema files that this database has not seen, one transaction each.

    Raises:
        DatabaseNewer: it has seen a file that this program does not know.
        MigrationChanged: a file that it has seen reads differently now.
        NotOurs: it has tables, and none of them is our record of migrations.
    """
    migrations = find_migrations(folder)
    applied = _find_applied(connection, path)
    _refuse_unknown(path, migrations, applied)
    for migration in migrations:
        if migration.number not in applied:
            _apply(connection, migration)


def _read_migration(path: Path) -> Migration:
    sql = path.read_text(encoding="utf-8")
    number, _, name = path.stem.partition("_")
    return Migration(int(number), name, sql, hashlib.sha256(sql.encode()).hexdigest())


def _find_applied(connection: duckdb.DuckDBPyConnection, path: Path) -> dict[int, str]:
    tables = {
        row[0] for row in connection.execute("select table_name from duckdb_tables()").fetchall()
    }
    if not tables:
        return {}
    if "schema_migration" not in tables:
        message = (
            f"{path} is a database of another program and was left untouched. "
            "Choose another folder with --home."
        )
        raise NotOurs(message)
    rows = connection.execute("select number, checksum from schema_migration").fetchall()
    return dict(rows)


def _refuse_unknown(path: Path, migrations: list[Migration], applied: dict[int, str]) -> None:
    known = {migration.number: migration for migration in migrations}
    if unknown := applied.keys() - known.keys():
        message = (
            f"{path} was written by a newer Gatebook (schema {max(unknown)}, this one knows "
            f"{max(known, default=0)}). It was left untouched: run the newer version."
        )
        raise DatabaseNewer(message)
    for number, checksum in sorted(applied.items()):
        if known[number].checksum != checksum:
            message = (
                f"data/schema/{number:04}_{known[number].name}.sql was changed after {path} was "
                "made with it. Put the released file back; a change is a new file."
            )
            raise MigrationChanged(message)


def _apply(connection: duckdb.DuckDBPyConnection, migration: Migration) -> None:
    connection.execute("begin transaction")
    try:
        connection.execute(
            """
            create table if not exists schema_migration (
                number integer not null,
                name varchar not null,
                checksum varchar not null,
                applied_at timestamptz not null
            )
            """
        )
        connection.execute(migration.sql)
        connection.execute(
            "insert into schema_migration values ($number, $name, $checksum, current_timestamp)",
            {
                "number": migration.number,
                "name": migration.name,
                "checksum": migration.checksum,
            },
        )
        connection.execute("commit")
    except BaseException:
        # What failed may have ended the transaction already.
        with suppress(duckdb.TransactionException):
            connection.execute("rollback")
        raise
