"""DuckDB alone: one row without an index, and all rows of a viewer without any question."""

import secrets
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.writes.ours import address_of
from data.database import Database
from data.engine.opening import CHECKPOINT_THRESHOLD, STORAGE_VERSION
from pages.ui.runtime import read_wall_clock

Rows = dict[str, dict[str, Any]]

_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "storage_compatibility_version": STORAGE_VERSION,
    "checkpoint_threshold": CHECKPOINT_THRESHOLD,
}


class _Bare:
    """A DuckDB file, with a cursor for each thread and nobody's turns."""

    def __init__(self, path: Path) -> None:
        self._db = duckdb.connect(str(path), config=_CONFIG)
        self._own = threading.local()

    def read_heavily(self, is_over: threading.Event) -> None:
        """Nobody reads it."""

    def checkpoint(self) -> None:
        """Fold the log in."""
        self._cursor().execute("checkpoint")

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        cursor: duckdb.DuckDBPyConnection | None = getattr(self._own, "cursor", None)
        if cursor is None:
            cursor = self._own.cursor = self._db.cursor()
        return cursor


class BareInsert(_Bare):
    """One row of the gate's history into an unindexed DuckDB table, saved before the next."""

    name = "bare insert"

    def __init__(self, folder: Path) -> None:
        """Make an empty table."""
        super().__init__(folder / "bare.duckdb")
        self._db.execute(
            "create table gate_event (gate_event_id bigint, created_at timestamptz,"
            " share_link_id integer, browser_id bigint, channel varchar, event varchar,"
            " reason varchar, identifier_hash varchar, identifier_mask varchar)"
        )

    def pass_gate(self, number: int) -> Iterator[None]:
        """One row."""
        self._cursor().execute(
            "insert into gate_event values (?, now(), 2, ?, 'email', 'viewed', null, ?, ?)",
            [number, number, "0" * 64, "n***@e***.com"],
        )
        yield


class BareRows(_Bare):
    """The rows that Gatebook adds for a viewer, in its own tables: no question, count or update.

    What DuckDB itself needs for them, one row of each table in a statement.
    """

    name = "the same rows, bare"

    def __init__(self, folder: Path, contacts: int) -> None:
        """Make Gatebook's tables, empty."""
        path = folder / "bare-rows.duckdb"
        Database(path).close()
        super().__init__(path)
        self.contacts = contacts

    def pass_gate(self, number: int) -> Iterator[None]:
        """One viewer's way, in the product's four transactions."""
        now = read_wall_clock()
        key, hashed = secrets.token_hex(32), secrets.token_hex(32)
        browser = {"browser_id": number, "created_at": now}
        event = {"gate_event_id": number, "share_link_id": 2, "channel": "email", **browser}
        event |= {"identifier_hash": hashed, "identifier_mask": "n***@e***.com"}
        self._save({"browser_key": {"key_hash": key, **browser}, "gate_event": event | _OPENED})
        yield
        self._save(self._entered(number, now, hashed) | {"gate_event": event | _ENTERED})
        yield
        self._save({"browser_key": {"key_hash": secrets.token_hex(32), **browser}})
        yield
        self._save(self._viewed(number, now) | {"gate_event": event | _VIEWED})
        yield

    def _entered(self, number: int, now: datetime, hashed: str) -> Rows:
        address, person = address_of(number, self.contacts), {"contact_id": number}
        rows: Rows = {
            "attempt": {"act": "entry", "created_at": now, "identifier_hash": hashed},
            "audit": _audited(number, now, "challenge_granted", hashed),
            "pass": {
                "pass_id": number,
                "browser_id": number,
                "share_link_id": 2,
                "policy_epoch": 1,
                "identifier_id": number,
                "channel": "email",
                "is_verified": False,
                "issued_at": now,
                "expires_at": now + timedelta(days=1),
                **person,
            },
            "browser_grant": {
                "grant_hash": secrets.token_hex(32),
                "browser_id": number,
                "pass_id": number,
                "created_at": now,
                "expires_at": now + timedelta(seconds=30),
            },
        }
        if number % 2 == 0:
            return rows
        rows["contact"] = {"created_at": now, "access_count": 0, **person}
        rows["identifier"] = {
            "identifier_id": number,
            "lookup": f"email:{address}",
            "channel": "email",
            **dict.fromkeys(("key", "address", "typed"), address),
            "created_at": now,
            **person,
        }
        rows["contact_link"] = {"share_link_id": 2, "linked_at": now, "access_count": 0, **person}
        return rows

    def _viewed(self, number: int, now: datetime) -> Rows:
        session = {
            "viewing_session_id": number,
            "share_link_id": 2,
            "workspace_id": 1,
            "contact_id": number,
            "identifier_id": number,
            "kind": "viewer",
            "started_at": now,
            "is_counted": True,
        }
        visit = {"channel": "email", "is_verified": False, "pass_id": number, "browser_id": number}
        rows: Rows = {
            "viewing_session": session | visit | {"last_seen_at": now},
            "document_view": session
            | {"document_view_id": number, "document_id": 1, "opened_at": now},
            "audit": _audited(number, now, "session_opened", "0" * 64),
        }
        if number % 2:
            rows["contact_document"] = {
                "contact_id": number,
                "share_link_id": 2,
                "document_id": 1,
                "first_accessed_at": now,
                "last_accessed_at": now,
                "access_count": 1,
            }
        return rows

    def _save(self, rows: Rows) -> None:
        cursor = self._cursor()
        cursor.execute("begin transaction")
        for table, row in rows.items():
            values = ", ".join(f"${name}" for name in row)
            cursor.execute(f"insert into {table} ({', '.join(row)}) values ({values})", row)
        cursor.execute("commit")


_OPENED, _ENTERED, _VIEWED = ({"event": event} for event in ("opened", "entered", "viewed"))


def _audited(number: int, now: datetime, event: str, hashed: str) -> dict[str, Any]:
    return {
        "audit_id": number,
        "created_at": now,
        "actor_kind": "viewer",
        "workspace_id": 1,
        "share_link_id": 2,
        "event": event,
        "identifier_hash": hashed,
        "identifier_mask": "n***@e***.com",
    }
