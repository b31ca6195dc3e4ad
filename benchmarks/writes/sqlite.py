"""SQLite, which saves the rows that Gatebook saves."""

import csv
import io
import secrets
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from benchmarks.writes.ours import address_of

_SCHEMA = """
    create table contact (
        contact_id integer primary key, created_at integer, first_accessed_at integer,
        last_accessed_at integer, access_count integer
    );
    create table identifier (
        identifier_id integer primary key, lookup text unique not null, channel text, key text,
        address text, typed text, contact_id integer, created_at integer, domain text
    );
    create table contact_link (
        contact_id integer, share_link_id integer, linked_at integer, first_accessed_at integer,
        last_accessed_at integer, access_count integer, primary key (contact_id, share_link_id)
    ) without rowid;
    create table contact_document (
        contact_id integer, share_link_id integer, document_id integer,
        first_accessed_at integer, last_accessed_at integer, access_count integer,
        primary key (contact_id, share_link_id, document_id)
    ) without rowid;
    create table activity_slot (
        slot integer, channel text, is_verified integer, session_count integer,
        new_contact_count integer, primary key (slot, channel, is_verified)
    ) without rowid;
    create table browser_key (
        key_hash text unique not null, browser_id integer, created_at integer, replaced_at integer
    );
    create index browser_key_browser on browser_key (browser_id);
    create table browser_grant (
        grant_hash text unique not null, browser_id integer, pass_id integer, created_at integer,
        expires_at integer, used_at integer
    );
    create table pass (
        pass_id integer primary key, browser_id integer, share_link_id integer,
        policy_epoch integer, contact_id integer, identifier_id integer, channel text,
        is_verified integer, issued_at integer, expires_at integer, claimed_at integer
    );
    create table viewing_session (
        viewing_session_id integer primary key, share_link_id integer, workspace_id integer,
        contact_id integer, identifier_id integer, channel text, is_verified integer, kind text,
        pass_id integer, browser_id integer, started_at integer, last_seen_at integer,
        ended_at integer
    );
    create table document_view (
        document_view_id integer primary key, viewing_session_id integer, document_id integer,
        contact_id integer, identifier_id integer, kind text, opened_at integer
    );
    create table gate_event (
        gate_event_id integer primary key, created_at integer, share_link_id integer,
        browser_id integer, channel text, event text, reason text, identifier_hash text,
        identifier_mask text
    );
    create table audit (
        audit_id integer primary key, created_at integer, actor_kind text, actor_id integer,
        workspace_id integer, share_link_id integer, event text, identifier_hash text,
        identifier_mask text, detail text
    );
    create table attempt (
        act text, channel text, identifier_hash text, identifier_mask text, browser_id integer,
        share_link_id integer, workspace_id integer, created_at integer
    );
"""

_POPULATION = """
    insert into contact
    select value, value * 30, value * 30, value * 15, :sessions from counted;
    insert into identifier
    select
        contact_id, 'email:known' || contact_id || '@example.com', 'email',
        'known' || contact_id || '@example.com', 'known' || contact_id || '@example.com',
        'known' || contact_id || '@example.com', contact_id, created_at, 'example.com'
    from contact;
    insert into contact_link
    select contact_id, 2, created_at, first_accessed_at, last_accessed_at, access_count
    from contact;
    insert into contact_document
    select contact_id, 2, 1, first_accessed_at, last_accessed_at, access_count from contact;
    insert into viewing_session
    select
        value, 2, 1, 1 + value * 7919 % :contacts, 1 + value * 7919 % :contacts, 'email', 0,
        'viewer', value, value, value * 10, value * 10, null
    from visited;
    insert into document_view
    select viewing_session_id, viewing_session_id, 1, contact_id, identifier_id, 'viewer',
        started_at
    from viewing_session;
    insert into pass
    select
        pass_id, browser_id, 2, 1, contact_id, identifier_id, 'email', 0, started_at,
        started_at + 86400, started_at
    from viewing_session;
    insert into gate_event
    select viewing_session_id, started_at, 2, browser_id, 'email', 'viewed', null, null, null
    from viewing_session;
    insert into audit
    select viewing_session_id, started_at, 'viewer', null, 1, 2, 'session_opened', null, null, null
    from viewing_session;
    insert into activity_slot
    select started_at / 900, channel, is_verified, count(*), 0 from viewing_session group by 1, 2, 3
"""
_COUNTED = """
    with recursive {name}(value) as (
        select 1 union all select value + 1 from {name} where value < :{most}
    )
"""


class Sqlite:
    """SQLite in WAL with synchronous=FULL: the same rows, and the look-ups that they need.

    A connection for each thread; a lock gives turns, as waiting for SQLite's own polls and starves.
    """

    name = "SQLite"

    def __init__(self, folder: Path, contacts: int, sessions: int) -> None:
        """Make a database with the same contacts and sessions."""
        self.contacts, self._path = contacts, folder / "rival.sqlite"
        self._turn, self._own = threading.Lock(), threading.local()
        db = self._connect()
        db.executescript(_SCHEMA)
        names = {"contacts": contacts, "sessions": sessions, "visits": contacts * sessions}
        db.execute("begin")
        for sql in _POPULATION.split(";"):
            if "from counted" in sql:
                sql = sql.replace(
                    "select", _COUNTED.format(name="counted", most="contacts") + "select", 1
                )
            if "from visited" in sql:
                sql = sql.replace(
                    "select", _COUNTED.format(name="visited", most="visits") + "select", 1
                )
            db.execute(sql, names)
        db.execute("commit")
        db.execute("pragma wal_checkpoint(truncate)")

    def pass_gate(self, number: int) -> Iterator[None]:
        """The rows that Gatebook writes for one viewer, in as many transactions."""
        address, now = address_of(number, self.contacts), int(time.time())
        hashed, old, new = (secrets.token_hex(32) for _ in range(3))
        with self._saved() as db:
            browser = 10_000_000 + number
            db.execute("insert into browser_key values (?, ?, ?, null)", (old, browser, now))
            self._add_event(db, now, browser, "opened", None)
        yield
        with self._saved() as db:
            grant = self._enter(db, address, hashed, browser, old, now)
        yield
        with self._saved() as db:
            browser_id, pass_id = db.execute(
                "update browser_grant set used_at = ? where grant_hash = ? and used_at is null"
                " returning browser_id, pass_id",
                (now, grant),
            ).fetchall()[0]
            db.execute("update pass set claimed_at = ? where pass_id = ?", (now, pass_id))
            db.execute(
                "update browser_key set replaced_at = ?"
                " where browser_id = ? and replaced_at is null",
                (now, browser_id),
            )
            db.execute("insert into browser_key values (?, ?, ?, null)", (new, browser_id, now))
        yield
        with self._saved() as db:
            self._view(db, hashed, new, pass_id, now)
        yield

    def _enter(
        self, db: sqlite3.Connection, address: str, hashed: str, browser: int, key: str, now: int
    ) -> str:
        db.execute("select browser_id from browser_key where key_hash = ?", (key,)).fetchall()
        db.execute(
            "insert into attempt values ('entry', 'email', ?, ?, ?, 2, 1, ?)",
            (hashed, "n***@e***.com", browser, now),
        )
        self._add_event(db, now, browser, "entered", hashed)
        self._add_event(db, now, browser, "admitted", hashed)
        self._add_audit(db, now, "challenge_granted", hashed)
        found = db.execute(
            "select identifier_id, contact_id from identifier where lookup = ?",
            (f"email:{address}",),
        ).fetchall()
        if found:
            identifier, contact = found[0]
        else:
            contact = db.execute("insert into contact values (null, ?, null, null, 0)", (now,))
            contact = contact.lastrowid
            identifier = db.execute(
                "insert into identifier values (null, ?, 'email', ?, ?, ?, ?, ?, 'example.com')",
                (f"email:{address}", address, address, address, contact, now),
            ).lastrowid
        db.execute(
            "insert into contact_link values (?, 2, ?, null, null, 0) on conflict do nothing",
            (contact, now),
        )
        issued = db.execute(
            "insert into pass values (null, ?, 2, 1, ?, ?, 'email', 0, ?, ?, null)",
            (browser, contact, identifier, now, now + 86_400),
        )
        grant = secrets.token_hex(32)
        db.execute(
            "insert into browser_grant values (?, ?, ?, ?, ?, null)",
            (grant, browser, issued.lastrowid, now, now + 30),
        )
        return grant

    def _view(self, db: sqlite3.Connection, hashed: str, key: str, pass_id: int, now: int) -> None:
        db.execute("select browser_id from browser_key where key_hash = ?", (key,)).fetchall()
        browser, contact, identifier = db.execute(
            "select browser_id, contact_id, identifier_id from pass where pass_id = ?", (pass_id,)
        ).fetchall()[0]
        session = db.execute(
            "insert into viewing_session"
            " values (null, 2, 1, ?, ?, 'email', 0, 'viewer', ?, ?, ?, ?, null)",
            (contact, identifier, pass_id, browser, now, now),
        ).lastrowid
        counted = db.execute(
            "update contact set first_accessed_at = coalesce(first_accessed_at, ?),"
            " last_accessed_at = ?, access_count = access_count + 1 where contact_id = ?"
            " returning access_count",
            (now, now, contact),
        ).fetchall()
        db.execute(
            "update contact_link set first_accessed_at = coalesce(first_accessed_at, ?),"
            " last_accessed_at = ?, access_count = access_count + 1"
            " where contact_id = ? and share_link_id = 2",
            (now, now, contact),
        )
        db.execute(
            "insert into activity_slot values (?, 'email', 0, 1, ?) on conflict do update"
            " set session_count = session_count + 1,"
            " new_contact_count = new_contact_count + excluded.new_contact_count",
            (now // 900, int(counted[0][0] == 1)),
        )
        self._add_event(db, now, browser, "viewed", hashed)
        self._add_audit(db, now, "session_opened", hashed)
        db.execute(
            "insert into document_view values (null, ?, 1, ?, ?, 'viewer', ?)",
            (session, contact, identifier, now),
        )
        db.execute(
            "insert into contact_document values (?, 2, 1, ?, ?, 1) on conflict do update"
            " set last_accessed_at = excluded.last_accessed_at, access_count = access_count + 1",
            (contact, now, now),
        )

    def _add_event(
        self, db: sqlite3.Connection, now: int, browser: int, event: str, hashed: str | None
    ) -> None:
        db.execute(
            "insert into gate_event values (null, ?, 2, ?, 'email', ?, null, ?, 'n***@e***.com')",
            (now, browser, event, hashed),
        )

    def _add_audit(self, db: sqlite3.Connection, now: int, event: str, hashed: str) -> None:
        db.execute(
            "insert into audit values (null, ?, 'viewer', null, 1, 2, ?, ?, 'n***@e***.com', null)",
            (now, event, hashed),
        )

    def read_heavily(self, is_over: threading.Event) -> None:
        """The same questions as of the contacts page, from the same rollups, and a CSV of all."""
        with closing(self._connect()) as db:
            while not is_over.is_set():
                for sql in (
                    "select count(*), sum(access_count) from contact",
                    "select * from contact join identifier using (contact_id)"
                    " order by last_accessed_at desc limit 50",
                    "select slot / 672, sum(session_count) from activity_slot group by 1",
                    "select access_count, count(*) from contact group by 1",
                    "select document_id, sum(access_count) from contact_document group by 1",
                    "select share_link_id, sum(access_count) from contact_link group by 1",
                ):
                    db.execute(sql).fetchall()
                file = csv.writer(io.StringIO())
                rows = db.execute(
                    "select * from contact join identifier using (contact_id)"
                    " order by last_accessed_at desc"
                )
                while not is_over.is_set() and (batch := rows.fetchmany(1_000)):
                    file.writerows(batch)

    def checkpoint(self) -> None:
        """Fold the log in as far as nobody reads it."""
        with closing(self._connect()) as db:
            db.execute("pragma wal_checkpoint(passive)")

    def close(self) -> None:
        """Threads' connections go with their threads."""

    @contextmanager
    def _saved(self) -> Iterator[sqlite3.Connection]:
        db = getattr(self._own, "db", None)
        if db is None:
            db = self._own.db = self._connect()
        with self._turn:
            db.execute("begin immediate")
            yield db
            db.execute("commit")

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, isolation_level=None, timeout=60)
        db.execute("pragma journal_mode = wal")
        db.execute("pragma synchronous = full")
        return db
