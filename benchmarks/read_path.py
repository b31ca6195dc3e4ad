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

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.reads.rivals import ask_sqlite, fill_sqlite, open_postgres
from benchmarks.reads.views import PAGE_SIZE, Case, find_cases
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
from data.contact_filter import ContactFilter
from data.contact_queries import (
    Matched,
    find_contacts,
    get_contact_totals,
    match_contacts,
    match_contacts_from_facts,
    previous_period,
)
from data.database import Database, Reader
from data.engine.opening import DATABASE_FILE
from data.gate_funnel import count_funnel
from data.kept_answers import KeptAnswers
from data.left_out import count_left_out_sessions
from data.set_aside import SetAside
from pages.ui.chart_tabs import gate_filter

TIMES = 5
_ASKED_ONCE_MS = 5_000
_CHARTS = (
    find_heat,
    find_count_bins,
    find_top_documents,
    find_top_links,
    find_top_domains,
    find_top_countries,
)


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


def _median(times: int, ask: Callable[[], float]) -> float:
    """The median milliseconds; what takes seconds is asked once, as it varies little."""
    took = [ask()]
    while len(took) < times and took[0] < _ASKED_ONCE_MS:
        took.append(ask())
    return statistics.median(took)


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
    cases = find_cases(db)
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
    compared = [case for case in find_cases(db) if case.contacts]
    print("\nThe same tables in SQLite and PostgreSQL (list, totals, four charts):")
    connection = fill_sqlite(db, folder / "sqlite.db")
    others = {
        case.name: _median(times, lambda case=case: ask_sqlite(connection, case))  # type: ignore[misc]
        for case in compared
    }
    connection.close()
    (folder / "sqlite.db").unlink()
    with open_postgres(db, folder) as ask:
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
