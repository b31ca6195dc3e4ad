"""What the contacts page costs the database, at a million sessions and at ten million.

    ./run bench read_path [folder of a scale account [times]]

Asks the page's own questions, by the functions that the page calls, of the account that
`scale_data` made in that folder (without one, a tenth of a scale account is made first): the list
and its totals with those of the period before, what is left out, and every chart about contacts,
for no filter, each filter alone, typical combinations, searches, periods, deep pages and each sort.
Prints the median milliseconds of each, and for the main ones how many times as long it takes to
group the facts, to ask the same of SQLite and of PostgreSQL with the same tables and rollups (list,
totals, sessions by slot, share links, documents, how often), and how many times the floor it is:
DuckDB reading the one column that has to be read.

`cpu` is what the page took of all cores' time, which other programs on the machine disturb less.
`list` is what has to be there before the list is shown, `charts` is what comes after it, `gate` is
the chart of the gate's own history, which knows no contacts and stands in a tab of its own.
"""

import csv
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.scale_data import Size, make_scale_account
from data.activity_buckets import BucketSize
from data.activity_queries import (
    find_activity,
    find_count_bins,
    find_heat,
    find_top_countries,
    find_top_documents,
    find_top_domains,
    find_top_links,
)
from data.contact_filter import ConsentChoice, ContactFilter, ContactSort, SortColumn
from data.contact_queries import (
    Matched,
    find_contacts,
    get_contact_totals,
    match_contacts,
    match_contacts_from_facts,
    previous_period,
)
from data.database import Database, Reader
from data.gate_funnel import count_funnel
from data.kept_answers import KeptAnswers
from data.left_out import count_left_out_sessions
from data.opening import DATABASE_FILE
from data.records import Channel
from data.set_aside import SetAside
from pages.ui.chart_tabs import gate_filter

TIMES = 5
PAGE_SIZE = 50
_ZONE = "Europe/Berlin"
_CHARTS = (
    find_heat,
    find_count_bins,
    find_top_documents,
    find_top_links,
    find_top_domains,
    find_top_countries,
)


@dataclass(frozen=True, slots=True)
class Case:
    """One view of the page; `floor` is SQL over the column that must be read, if it is compared.

    `others` is which contacts are meant, in the SQL of all three engines.
    """

    name: str
    chosen: ContactFilter
    sort: ContactSort = field(default_factory=ContactSort)
    page: int = 1
    floor: str = ""
    contacts: str = ""
    sessions: str = ""


@dataclass(frozen=True, slots=True)
class Took:
    """Milliseconds of database time: what the list waits for, the charts, the gate's history.

    `cpu_ms` is what the page without the gate's history took of all cores' time.
    """

    list_ms: float
    charts_ms: float
    gate_ms: float
    cpu_ms: float

    @property
    def page_ms(self) -> float:
        """All about contacts."""
        return self.list_ms + self.charts_ms


# --- What is asked --------------------------------------------------------------------------------


def _find_cases(db: Database) -> list[Case]:
    today: date = db.rows("select cast(max(started_at) as date) from viewing_session")[0][0]
    pages = -(-db.rows("select count(*) from contact")[0][0] // PAGE_SIZE)
    rare = _find_rare_link(db)
    number = db.rows("select right(address, 4) from identifier where channel = 'whatsapp' limit 1")
    someone = db.rows("select split_part(address, '@', 1) from identifier limit 1 offset 40000")

    def view(**given: Any) -> ContactFilter:
        return ContactFilter(time_zone=_ZONE, today_on=today, **given)

    def period(days: int) -> dict[str, date]:
        return {"from_on": today - timedelta(days=days - 1), "to_on": today}

    return [
        Case("no filter", view(), floor=_FLOOR_PLAIN, contacts=_OTHERS_PLAIN, sessions="slots"),
        *_compared_cases(view, rare, someone[0][0]),
        Case("a small workspace", view(workspace_ids=frozenset({11}))),
        Case("a document", view(document_ids=frozenset({1}))),
        Case("two documents", view(document_ids=frozenset({1, 40}))),
        Case("type email", view(channels=frozenset({Channel.EMAIL}))),
        Case("verified", view(is_verified=True)),
        Case("a domain", view(domains=frozenset({"gmx.de"}))),
        Case("a country", view(countries=frozenset({"DE"}))),
        Case("a tag", view(tags=frozenset({"Tag 3"}))),
        Case("a company", view(companies=frozenset({"Cedar Field 1"}))),
        Case("consent given", view(consent=ConsentChoice.GIVEN)),
        Case("10 sessions or more", view(min_access_count=10)),
        Case("first seen this year", view(first_seen_from_on=date(today.year, 1, 1))),
        Case("quiet for 90 days", view(quiet_days=90)),
        Case("archived too", view(includes_archived=True)),
        Case("search, common", view(search="an")),
        Case("search, phone digits", view(search=number[0][0])),
        Case("7 days", view(**period(7))),
        Case("30 days", view(**period(30))),
        Case("90 days", view(**period(90)), floor=_FLOOR_PERIOD.format(90)),
        Case("365 days", view(**period(365)), floor=_FLOOR_PERIOD.format(365)),
        Case("90 days, popular link", view(share_link_ids=frozenset({1}), **period(90))),
        Case("90 days, email, verified", _busy(view, period)),
        Case("a link and a document", view(share_link_ids=frozenset({2}), **_first_documents(db))),
        Case("page in the middle", view(), page=pages // 2),
        Case("last page", view(), page=pages - pages // 50),
        *(Case(f"by {column.value}", view(), ContactSort(column)) for column in SortColumn),
    ]


def _busy(view: Callable[..., ContactFilter], period: Callable[[int], Any]) -> ContactFilter:
    return view(channels=frozenset({Channel.EMAIL}), is_verified=True, **period(90))


def _first_documents(db: Database) -> dict[str, frozenset[int]]:
    found = db.rows("select document_id from document_view where share_link_id = 2 limit 1")
    return {"document_ids": frozenset({found[0][0]})}


def _find_rare_link(db: Database) -> int:
    rows = db.rows(
        """
        select share_link_id
        from contact_link
        group by share_link_id
        order by abs(sum(access_count) - 500), share_link_id
        limit 1
        """
    )
    return int(rows[0][0])


def _compared_cases(view: Callable[..., ContactFilter], rare: int, someone: str) -> list[Case]:
    def by_link(name: str, link: int) -> Case:
        return Case(
            name,
            view(share_link_ids=frozenset({link})),
            floor=f"select count(*) from viewing_session where share_link_id = {link}",
            contacts=_OTHERS_LINKS.format(f"contact_link.share_link_id = {link}"),
            sessions=f"share_link_id = {link}",
        )

    return [
        by_link("a rare link", rare),
        by_link("the popular link", 1),
        Case(
            "the largest workspace",
            view(workspace_ids=frozenset({1})),
            floor="select count(*) from viewing_session where workspace_id = 1",
            contacts=_OTHERS_LINKS.format(
                "contact_link.access_count > 0 and contact_link.share_link_id in"
                " (select share_link_id from share_link where workspace_id = 1)"
            ),
            sessions="workspace_id = 1",
        ),
        Case(
            "search, rare",
            view(search=someone),
            floor=f"select count(*) from identifier where strpos(searched, '{someone}') > 0",
            contacts=_OTHERS_SEARCH.format(someone),
            sessions="contact_id in (select contact_id from matched)",
        ),
    ]


_FLOOR_PLAIN = "select sum(access_count) from contact"
_FLOOR_PERIOD = """
    select count(distinct contact_id)
    from viewing_session
    where started_at >= (select max(started_at) from viewing_session) - to_days({})
"""


def _ask_page(db: Database, case: Case) -> Took:
    """The page drawn once, with nothing known yet."""
    with SetAside(db, KeptAnswers(db)) as moment:
        matched = moment.set_aside(match_contacts(case.chosen))
        return _ask(moment, matched, case, match_contacts)


def _ask_facts(db: Database, case: Case) -> Took:
    matched = match_contacts_from_facts(case.chosen)
    return _ask(KeptAnswers(db), matched, case, match_contacts_from_facts)


def _ask(
    reader: Reader, matched: Matched, case: Case, match: Callable[[ContactFilter], Matched]
) -> Took:
    earlier = previous_period(case.chosen)
    begun, cpu = time.perf_counter(), time.process_time()
    get_contact_totals(reader, matched)
    if earlier is not None:
        get_contact_totals(reader, match(earlier))
    find_contacts(reader, matched, case.sort, page=case.page, page_size=PAGE_SIZE)
    count_left_out_sessions(reader, case.chosen)
    listed = time.perf_counter()
    find_activity(reader, matched, BucketSize.DAY)
    if earlier is not None:
        find_activity(reader, match(earlier), BucketSize.DAY)
    for find in _CHARTS:
        find(reader, matched)
    charted, cpu = time.perf_counter(), time.process_time() - cpu
    count_funnel(reader, gate_filter(case.chosen))
    told = time.perf_counter()
    parts = (listed - begun, charted - listed, told - charted, cpu)
    return Took(*(1000 * part for part in parts))


# --- The same of SQLite and PostgreSQL ------------------------------------------------------------

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
            cast(coalesce(email_is_verified, whatsapp_is_verified) as integer)
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
_OTHERS_PLAIN = """
    select contact_id, last_us, access_count, is_verified
    from contact
    where is_archived = 0
"""
_OTHERS_LINKS = """
    select contact.contact_id, max(contact_link.last_us) as last_us,
        sum(contact_link.access_count) as access_count, max(is_verified) as is_verified
    from contact_link
    join contact on contact.contact_id = contact_link.contact_id
    where is_archived = 0 and {}
    group by contact.contact_id
"""
_OTHERS_SEARCH = """
    select contact_id, last_us, access_count, is_verified
    from contact
    where is_archived = 0 and contact_id in (
        select contact_id from identifier where lower(address) like '%{}%'
    )
"""


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


def _fill_sqlite(db: Database, path: Path) -> sqlite3.Connection:
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


def _ask_sqlite(connection: sqlite3.Connection, case: Case) -> float:
    begun = time.perf_counter()
    for sql in _other_questions(case):
        connection.execute(sql).fetchall()
    return 1000 * (time.perf_counter() - begun)


@contextmanager
def _postgres(db: Database, folder: Path) -> Iterator[Callable[[Case], float] | None]:
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


# --- The report -----------------------------------------------------------------------------------


def _median(times: int, ask: Callable[[], float]) -> float:
    return statistics.median(ask() for _ in range(times))


def _report(db: Database, case: Case, times: int) -> float:
    took = [_ask_page(db, case) for _ in range(times)]
    columns = (
        [one.list_ms for one in took],
        [one.charts_ms for one in took],
        [one.page_ms for one in took],
        [one.cpu_ms for one in took],
        [one.gate_ms for one in took],
    )
    told = "".join(f"{statistics.median(values):8.0f}" for values in columns)
    print(f"{case.name:26}{told}", end="", flush=True)
    return statistics.median(columns[2])


def _report_floor(db: Database, case: Case, times: int, page: float) -> None:
    floor = _median(times, lambda: _timed(db, case.floor))
    facts = _median(1, lambda: _ask_facts(db, case).page_ms)
    print(f"{floor:9.0f} {page / floor:6.1f}×{facts:9.0f} {facts / page:6.1f}×", end="", flush=True)


def _timed(db: Database, sql: str) -> float:
    begun = time.perf_counter()
    db.rows(sql)
    return 1000 * (time.perf_counter() - begun)


def _measure(db: Database, times: int) -> dict[str, float]:
    cases = _find_cases(db)
    pages: dict[str, float] = {}
    print(
        f"{'milliseconds':26}{'list':>8}{'charts':>8}{'page':>8}{'cpu':>8}{'gate':>8}"
        f"{'floor':>9}{'':8}{'facts':>8}"
    )
    for case in cases:
        pages[case.name] = _report(db, case, times)
        if case.floor:
            _report_floor(db, case, times, pages[case.name])
        print(flush=True)
    return pages


def _compare(db: Database, times: int, folder: Path) -> None:
    compared = [case for case in _find_cases(db) if case.contacts]
    print("\nThe same tables in SQLite and PostgreSQL (list, totals, four charts):")
    connection = _fill_sqlite(db, folder / "sqlite.db")
    others = {
        case.name: _median(times, lambda case=case: _ask_sqlite(connection, case))  # type: ignore[misc]
        for case in compared
    }
    connection.close()
    (folder / "sqlite.db").unlink()
    with _postgres(db, folder) as ask:
        print(f"{'milliseconds':26}{'ours':>8}{'SQLite':>9}{'':8}{'PostgreSQL':>12}")
        for case in compared:
            ours = _median(times, lambda case=case: _ask_page(db, case).page_ms)  # type: ignore[misc]
            lite = others[case.name]
            line = f"{case.name:26}{ours:8.0f}{lite:9.0f} {lite / ours:6.1f}×"
            if ask is not None:
                big = _median(times, lambda case=case: ask(case))  # type: ignore[misc]
                line += f"{big:12.0f} {big / ours:6.1f}×"
            print(line, flush=True)


def main(words: list[str]) -> None:
    """Measure every view and compare the main ones."""
    times = int(words[1]) if len(words) > 1 else TIMES
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(words[0] if words else temporary)
        if not words:
            midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
            make_scale_account(folder / DATABASE_FILE, Size(1_000_000, 100_000, midnight))
        db = Database(folder / DATABASE_FILE)
        try:
            sessions, contacts = db.rows(
                "select (select count(*) from viewing_session), (select count(*) from contact)"
            )[0]
            print(f"{sessions:,} sessions, {contacts:,} contacts")
            _measure(db, times)
            _compare(db, times, Path(temporary))
        finally:
            db.close()


if __name__ == "__main__":
    main(sys.argv[1:])
