"""The same tables and rollups in SQLite and PostgreSQL, asked for the same page."""

import csv
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.reads.views import Case
from data.database import Database

_TABLES = {
    "contact": "contact_id, first_us, last_us, access_count, is_archived, is_verified",
    "identifier": "identifier_id, contact_id, channel, address",
    "share_link": "share_link_id, workspace_id",
    "contact_link": "contact_id, share_link_id, first_us, last_us, access_count",
    "contact_document": "contact_id, document_id, access_count",
    "activity_slot": "slot, is_archived, session_count",
    "item_total": "item, item_id, is_archived, session_count, contact_count",
    "viewing_session": "viewing_session_id, contact_id, share_link_id, workspace_id, started_us",
    "document_view": "viewing_session_id, document_id, contact_id, share_link_id, workspace_id",
}
_READ = {
    "contact": """
        select
            contact_id,
            epoch_us(first_accessed_at),
            epoch_us(last_accessed_at),
            access_count,
            cast(archived_at is not null as integer),
            cast(is_verified as integer)
        from contact
    """,
    "identifier": "select identifier_id, contact_id, channel, address from identifier",
    "share_link": "select share_link_id, workspace_id from share_link",
    "contact_link": """
        select
            contact_id,
            share_link_id,
            epoch_us(first_accessed_at),
            epoch_us(last_accessed_at),
            access_count
        from contact_link
    """,
    "contact_document": "select contact_id, document_id, access_count from contact_document",
    "activity_slot": """
        select slot, cast(is_archived as integer), session_count
        from activity_slot
    """,
    "item_total": """
        select if(item = 'link', 1, 2), item_id, cast(is_archived as integer), session_count,
            contact_count
        from item_total
    """,
    "viewing_session": """
        select viewing_session_id, contact_id, share_link_id, workspace_id, epoch_us(started_at)
        from viewing_session
        where kind = 'viewer' and contact_id is not null
    """,
    "document_view": """
        select viewing_session_id, document_id, contact_id, share_link_id, workspace_id
        from document_view
        where kind = 'viewer' and contact_id is not null
    """,
}
_TEXTS = {"channel", "address"}
_INDEXES = (
    "create index contact_by_last on contact (last_us desc, contact_id)",
    "create unique index contact_by_id on contact (contact_id)",
    "create index identifier_by_contact on identifier (contact_id)",
    "create index link_by_link on contact_link (share_link_id, contact_id)",
    "create index link_by_contact on contact_link (contact_id)",
    "create index document_by_contact on contact_document (contact_id)",
    "create index session_by_link on viewing_session (share_link_id, started_us)",
    "create index session_by_workspace on viewing_session (workspace_id, started_us)",
    "create index session_by_contact on viewing_session (contact_id)",
    "create index view_by_link on document_view (share_link_id, document_id, contact_id)",
    "create index view_by_workspace on document_view (workspace_id, document_id, contact_id)",
    "create index view_by_contact on document_view (contact_id)",
)


def _other_questions(case: Case) -> list[str]:
    """List, totals, sessions by slot, share links, documents, how often: what both engines know."""
    if case.sessions == "slots":
        matched = f"({case.contacts}) as matched"
        return [
            f"select count(*), sum(is_verified), sum(access_count) from {matched}",
            f"select * from {matched} order by last_us desc, contact_id limit 50",
            f"select access_count, count(*) from {matched} group by access_count",
            "select slot, sum(session_count) from activity_slot where is_archived = 0 group by 1",
            "select item, item_id, session_count, contact_count from item_total"
            " where is_archived = 0 order by item, session_count desc",
        ]
    owned = "contact_id in (select contact_id from matched)"
    by_view = case.sessions if "matched" in case.sessions else f"{case.sessions} and {owned}"
    return [
        f"create temporary table matched as {case.contacts}",
        "select count(*), sum(is_verified), sum(access_count) from matched",
        "select * from matched order by last_us desc, contact_id limit 50",
        "select access_count, count(*) from matched group by access_count",
        f"select started_us / 900000000, count(*) from viewing_session where {by_view} group by 1",
        f"select share_link_id, sum(access_count), count(*) from contact_link where {owned}"
        + (f" and {case.sessions}" if case.sessions.startswith("share_link") else "")
        + " group by share_link_id order by 2 desc limit 10",
        f"select document_id, count(*), count(distinct contact_id) from document_view"
        f" where {by_view} group by document_id order by 2 desc limit 10",
        "drop table matched",
    ]


def fill_sqlite(db: Database, path: Path) -> sqlite3.Connection:
    """A new SQLite file with the account's tables and indexes."""
    connection = sqlite3.connect(path)
    connection.execute("pragma journal_mode = off")
    connection.execute("pragma cache_size = -1000000")
    for table, columns in _TABLES.items():
        connection.execute(f"create table {table} ({_typed_columns(columns)})")
        marks = ", ".join("?" for _ in columns.split(","))
        copied = _copy_table(db, table)
        with copied.open(newline="") as file:
            rows = ([value or None for value in row] for row in csv.reader(file))
            connection.executemany(f"insert into {table} values ({marks})", rows)
        copied.unlink()
        connection.commit()
    for sql in (*_INDEXES, "analyze"):
        connection.execute(sql)
    connection.commit()
    return connection


def _copy_table(db: Database, table: str) -> Path:
    copied = db.path.parent / "backup" / "rows.csv"
    db.rows(f"copy ({_READ[table]}) to '{copied}' (format csv, header false)")
    return copied


def _typed_columns(columns: str) -> str:
    names = [name.strip() for name in columns.split(",")]
    return ", ".join(f"{name} {'text' if name in _TEXTS else 'bigint'}" for name in names)


def ask_sqlite(connection: sqlite3.Connection, case: Case) -> float:
    """The milliseconds that SQLite takes for the view."""
    begun = time.perf_counter()
    for sql in _other_questions(case):
        connection.execute(sql).fetchall()
    return 1000 * (time.perf_counter() - begun)


@contextmanager
def open_postgres(db: Database, folder: Path) -> Iterator[Callable[[Case], float] | None]:
    """A question to a private PostgreSQL with the same tables; None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not found or shutil.which("runuser") is None:
        print("PostgreSQL is not installed, so it is not compared (apt-get install postgresql).")
        yield None
        return
    programs, cluster = found[-1], folder / "postgres"
    cluster.mkdir()
    shutil.chown(cluster, "postgres")
    folder.chmod(0o711)

    def run(*command: str, text: str | None = None) -> str:
        whole = ["runuser", "-u", "postgres", "--", *command]
        done = subprocess.run(whole, input=text, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(done.stderr[-2000:])
        return done.stdout

    data = str(cluster / "data")
    run(str(programs / "initdb"), "-D", data)
    options = (
        f"-k {cluster} -h '' -c shared_buffers=1GB -c work_mem=256MB -c fsync=off"
        " -c max_wal_size=8GB -c maintenance_work_mem=512MB"
    )
    log = str(cluster / "log")
    run(str(programs / "pg_ctl"), "-D", data, "-w", "-l", log, "-o", options, "start")

    def ask(text: str) -> str:
        psql = str(programs / "psql")
        return run(
            psql, "-h", str(cluster), "-d", "postgres", "-q", "-v", "ON_ERROR_STOP=1", text=text
        )

    try:
        _fill_postgres(db, cluster, ask)

        def ask_case(case: Case) -> float:
            statements = ";\n".join(_other_questions(case))
            told = ask(f"\\o /dev/null\n\\timing on\n{statements};\n")
            return sum(
                float(line.split()[1]) for line in told.splitlines() if line.startswith("Time:")
            )

        yield ask_case
    finally:
        run(str(programs / "pg_ctl"), "-D", data, "-m", "immediate", "stop")


def _fill_postgres(db: Database, cluster: Path, ask: Callable[[str], str]) -> None:
    for table, columns in _TABLES.items():
        ask(f"create unlogged table {table} ({_typed_columns(columns)});")
        target = cluster / "rows.csv"
        shutil.move(_copy_table(db, table), target)
        target.chmod(0o644)
        ask(f"copy {table} from '{target}' (format csv);")
        target.unlink()
    ask(";\n".join((*_INDEXES, "vacuum analyze")) + ";")
