"""Databases as earlier versions left them: every released schema, each of its tables with a row.

All rows speak of one contact, Ada, and one of everything else, so that they agree with each other.
"""

from datetime import UTC, datetime
from pathlib import Path
from shutil import copyfile
from typing import Any

import duckdb

from data.engine.opening import STORAGE_VERSION
from data.migrations import SCHEMA_FOLDER, migrate

CAME_AT = datetime(2026, 3, 18, 12, tzinfo=UTC)
RELEASED = sorted(SCHEMA_FOLDER.glob("*.sql"))
# Of what happened to her, not that; a merge or split would need a second contact.
_NOT_HERS = {"schema_migration", "saved_unit", "contact_merge", "contact_merge_details"} | {
    "contact_split",
    "contact_apart",
    "left_out_slot",
    "item_total",
}
# From this schema on there are sums with a row for each of her link and her document.
_WITH_SUMS = 14
_NULL = {"revoked_at", "archived_at", "ended_at", "undone_at", "left_at", "removed_at"}
_BY_NAME: dict[str, Any] = {
    "channel": "email",
    "kind": "viewer",
    "plan": "business",
    "role": "owner",
    "time_zone": "UTC",
    "slot": int(CAME_AT.timestamp()) // 900,
    "key": "ada@example.com",
    "address": "ada@example.com",
    "typed": "Ada@example.com",
    "email": "ada@example.com",
    "lookup": "email:ada@example.com",
    "domain": "example.com",
    "slug": "A" * 22,
    "actor_kind": "viewer",
    "words": "{}",
}
_BY_COLUMN: dict[tuple[str, str], Any] = {
    ("audit", "event"): "session_opened",
    ("gate_event", "event"): "viewed",
    ("delivery", "state"): "accepted",
    ("list_entry", "form"): "address",
    ("attempt", "act"): "send",
    ("pass", "other_identifier_id"): None,
    ("identifier", "verified_at"): CAME_AT,
    ("activity_slot", "is_archived"): False,
    ("contact", "domain"): "example.com",
    ("identifier", "searched"): "ada@example.com",
    ("contact", "whatsapp_id"): None,
    ("contact", "whatsapp_is_verified"): None,
    ("contact", "country"): None,
}


def make_old_database(path: Path, version: int) -> dict[str, dict[str, Any]]:
    """What the one row of each table says, in a database of so many schema files at `path`."""
    folder = path.with_name(f"schema_{version}")
    folder.mkdir()
    for file in RELEASED[:version]:
        copyfile(file, folder / file.name)
    connection = duckdb.connect(
        str(path), config={"storage_compatibility_version": STORAGE_VERSION}
    )
    connection.execute("set timezone = 'UTC'")
    migrate(connection, path, folder)
    rows = {table: _fill_table(connection, table) for table in _find_tables(connection)}
    if version >= _WITH_SUMS:
        connection.execute(
            "insert into item_total values ('link', 1, false, 1, 1), ('document', 1, false, 1, 1)"
        )
    connection.close()
    return rows


def _find_tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    found = connection.execute("select table_name from duckdb_tables() order by all").fetchall()
    return [name for (name,) in found if name not in _NOT_HERS]


def _fill_table(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, Any]:
    columns = connection.execute(
        """
        select column_name, data_type
        from duckdb_columns()
        where table_name = $table
        order by column_index
        """,
        {"table": table},
    ).fetchall()
    row = {name: _choose_value(table, name, kind) for name, kind in columns}
    names, values = ", ".join(row), ", ".join(f"${name}" for name in row)
    connection.execute(f"insert into {table} ({names}) values ({values})", row)
    return row


def _choose_value(table: str, name: str, kind: str) -> Any:
    if (table, name) in _BY_COLUMN:
        return _BY_COLUMN[table, name]
    if name in _NULL:
        return None
    if name in _BY_NAME:
        return _BY_NAME[name]
    if kind.endswith("[]"):
        return [_choose_value(table, "", kind.removesuffix("[]"))]
    by_kind: dict[str, Any] = {
        "VARCHAR": f"{table} {name}",
        "BOOLEAN": True,
        "TIMESTAMP WITH TIME ZONE": CAME_AT,
        "BLOB": b"\0",
        "DATE": CAME_AT.date(),
        "DOUBLE": 1.0,
    }
    return by_kind.get(kind, 1)
