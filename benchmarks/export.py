"""Every export of a million contacts beside DuckDB's own COPY: time, first byte, memory.

Run: python -m benchmarks.export [contacts [format or tool …]]. Each way runs in a process of its
own over the same file; memory is the peak of its resident set above what it had when the database
was open. `twice` is that after the same download was made again in the same process: it must not
grow.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from data.contact_faces import rebuild_faces
from data.contact_filter import ContactFilter, ContactSort
from data.contact_queries import contacts_statement, match_contacts
from data.database import Database
from data.export import open_export_file
from data.export_kinds import ExportTool, ExportWanted, FileFormat

CONTACTS = 1_000_000

_MAKE_CONTACTS = """
    insert into contact (
        contact_id, created_at, first_accessed_at, last_accessed_at, access_count
    )
    select
        contact_id,
        timestamptz '2025-01-01' + to_seconds(contact_id % 31000000),
        timestamptz '2025-01-01' + to_seconds(contact_id % 31000000 + 60),
        timestamptz '2026-01-01' + to_seconds((contact_id * 7919) % 27000000),
        contact_id % 40 + 1
    from range(1, $contacts + 1) as made(contact_id)
"""
# Two thirds have an email address, a third a WhatsApp number, one in sixteen both.
_MAKE_IDENTIFIERS = """
    insert into identifier (
        identifier_id, lookup, channel, key, address, typed, contact_id, created_at, verified_at
    )
    select
        identifier_id,
        channel || ':' || address,
        channel,
        address,
        address,
        address,
        contact_id,
        timestamptz '2025-01-01',
        case when contact_id % 10 = 0 then null else timestamptz '2025-01-02' end
    from (
        select
            contact_id * 2 as identifier_id,
            contact_id,
            'email' as channel,
            'person.' || contact_id || '@company' || contact_id % 9973 || '.example' as address
        from contact
        where contact_id % 3 <> 0
        union all
        select
            contact_id * 2 + 1,
            contact_id,
            'whatsapp',
            '+1' || (2000000000 + contact_id)
        from contact
        where contact_id % 3 = 0 or contact_id % 16 = 0
    )
"""


_MAKE_CONSENTS = """
    insert into consent
    select
        identifier_id,
        contact_id,
        1,
        'Write to me.',
        'en',
        true,
        timestamptz '2025-01-02',
        if(contact_id % 20 = 0, timestamptz '2025-02-02', null)
    from identifier
    where contact_id % 2 = 0
"""


_WIDTHS = (13, 9, 9, 9, 9, 9)


def main(contacts: int, chosen: Sequence[str]) -> None:
    """Make the contacts, export them each way or each chosen, print what it took."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "gatebook.duckdb"
        _make(path, contacts)
        print(f"{contacts:,} contacts")
        print(
            f"{'':22}{'first byte':>11}{'total':>9}{'cpu':>9}{'memory':>9}{'twice':>9}{'file':>9}"
        )
        copies = {name: _measure_apart(name, path) for name in _COPIES}
        for name, taken in copies.items():
            _print_line(name, taken)
        for name in chosen or _FILES:
            taken = _measure_apart(name, path)
            _print_line(name, taken)
            if copy := copies.get(f"COPY {name}"):
                times = taken["seconds"] / copy["seconds"]
                cpu = taken["cpu_seconds"] / copy["cpu_seconds"]
                print(f"{'':22}{times:.2f} times the time of COPY, {cpu:.2f} times its cpu")


def _print_line(name: str, taken: dict[str, float]) -> None:
    print(
        f"{name:22}{taken['first_seconds']:9.2f} s{taken['seconds']:7.1f} s"
        f"{taken['cpu_seconds']:7.1f} s{taken['peak_megabytes']:6.0f} MB"
        f"{taken['twice_megabytes']:6.0f} MB{taken['megabytes']:6.0f} MB",
        flush=True,
    )


def _make(path: Path, contacts: int) -> None:
    db = Database(path)
    with db.transaction() as tx:
        tx.run(_MAKE_CONTACTS, contacts=contacts)
    with db.transaction() as tx:
        tx.run(_MAKE_IDENTIFIERS)
        tx.run(_MAKE_CONSENTS)
        rebuild_faces(tx)
    db.checkpoint()
    db.close()


def _measure_apart(way: str, path: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.export", way, str(path)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    measured: dict[str, float] = json.loads(answer.stdout)
    return measured


def _measure(way: str, path: Path) -> dict[str, float]:
    db = Database(path)
    db.rows("select count(*) from contact")
    ways = {name: partial(_copy, form=form) for name, form in _COPIES.items()}
    ways |= {name: partial(_export, wanted=wanted) for name, wanted in _FILES.items()}
    idle, begun_at, cpu = _peak_megabytes(), time.perf_counter(), time.process_time()
    first_at, size = 0.0, 0
    for piece in ways[way](db):
        # A header leaves before any row is looked up: what counts is what the reader gets.
        first_at = first_at or (time.perf_counter() if piece else 0.0)
        size += piece
    ended_at, cpu = time.perf_counter(), time.process_time() - cpu
    peak = _peak_megabytes() - idle
    sum(ways[way](db))
    twice = _peak_megabytes() - idle
    db.close()
    return {
        "first_seconds": first_at - begun_at,
        "seconds": ended_at - begun_at,
        "cpu_seconds": cpu,
        "peak_megabytes": peak,
        "twice_megabytes": twice,
        "megabytes": size / 1e6,
    }


def _export(db: Database, wanted: ExportWanted) -> Iterator[int]:
    file = open_export_file(db, match_contacts(ContactFilter()), ContactSort(), wanted)
    yield from (len(piece) for piece in file.chunks())


def _copy(db: Database, form: str) -> Iterator[int]:
    """DuckDB's own export of the same rows in the same order, with no guard and no notes."""
    sql, parameters = contacts_statement(match_contacts(ContactFilter()), ContactSort())
    target = db.path.parent / "backup" / "contacts"
    if form == "csv":
        sql = f"""
            select
                * exclude (emails, whatsapps),
                array_to_string(emails, '; ') as email,
                array_to_string(whatsapps, '; ') as whatsapp
            from ({sql})
        """
    db.rows(f"copy ({sql}) to '{target}' (format {form})", **parameters)
    yield target.stat().st_size
    target.unlink()


_COPIES = {"COPY csv": "csv", "COPY parquet": "parquet", "COPY jsonl": "json"}
_FILES = {
    **{str(one): ExportWanted(one) for one in FileFormat},
    **{str(tool): ExportWanted(tool=tool) for tool in ExportTool},
}


def _peak_megabytes() -> float:
    # Not `ru_maxrss`: a new process begins with the peak of the one that started it.
    told = Path("/proc/self/status").read_text().partition("VmHWM:")[2]
    return int(told.split()[0]) / 1024


if __name__ == "__main__":
    if len(sys.argv) == 3 and not sys.argv[1].isdigit():
        print(json.dumps(_measure(sys.argv[1], Path(sys.argv[2]))))
    else:
        numbers = [int(word) for word in sys.argv[1:2]]
        main(numbers[0] if numbers else CONTACTS, sys.argv[2:])
