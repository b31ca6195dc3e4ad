"""The CSV export of a million contacts beside DuckDB's own COPY: time, first byte, memory.

Run: python -m benchmarks.export [contacts]. Each way runs in a process of its own over the same
file; memory is the peak of its resident set above what it had when the database was open.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from data.contact_filter import ContactFilter, ContactSort
from data.contact_queries import contacts_statement, match_contacts
from data.database import Database
from data.export import open_export_file
from data.export_kinds import ExportWanted

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


def main(contacts: int) -> None:
    """Make the contacts, export them each way, print what it took."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "gatebook.duckdb"
        _make(path, contacts)
        ours = _measure_apart("stream", path)
        again = _measure_apart("stream_twice", path)
        copy = _measure_apart("copy", path)
        whole = _measure_apart("whole", path)
    print(f"{contacts:,} contacts, {ours['megabytes']:.0f} MB of CSV")
    print(f"{'':34}{'first byte':>12}{'total':>10}{'memory':>12}")
    for name, taken in (
        ("streamed as the product does", ours),
        ("the same twice in one process", again),
        ("COPY to a file", copy),
        ("read whole, then written", whole),
    ):
        print(
            f"{name:34}{taken['first_seconds']:10.2f} s{taken['seconds']:8.2f} s"
            f"{taken['peak_megabytes']:9.0f} MB"
        )
    print(f"ours / COPY: time {ours['seconds'] / copy['seconds']:.2f}, ", end="")
    print(f"memory {ours['peak_megabytes'] / copy['peak_megabytes']:.2f}, ", end="")
    print(f"first byte {ours['first_seconds'] / copy['first_seconds']:.2f}")


def _make(path: Path, contacts: int) -> None:
    db = Database(path)
    with db.transaction() as tx:
        tx.run(_MAKE_CONTACTS, contacts=contacts)
    with db.transaction() as tx:
        tx.run(_MAKE_IDENTIFIERS)
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
    idle, begun_at = _peak_megabytes(), time.perf_counter()
    first_at, size = begun_at, 0
    for piece in _WAYS[way](db):
        first_at = first_at if size else time.perf_counter()
        size += piece
    ended_at = time.perf_counter()
    db.close()
    return {
        "first_seconds": first_at - begun_at,
        "seconds": ended_at - begun_at,
        "peak_megabytes": _peak_megabytes() - idle,
        "megabytes": size / 1e6,
    }


def _stream(db: Database) -> Iterator[int]:
    matched = match_contacts(ContactFilter())
    pieces = open_export_file(db, matched, ContactSort(), ExportWanted()).chunks()
    # The header leaves before the question is asked: what counts is the first row.
    header = len(next(pieces))
    yield header + len(next(pieces))
    yield from (len(piece) for piece in pieces)


def _stream_twice(db: Database) -> Iterator[int]:
    yield from _stream(db)
    yield from _stream(db)


def _copy(db: Database) -> Iterator[int]:
    """DuckDB's own export of the same rows, lists joined, without formula guard or formats."""
    sql, parameters = contacts_statement(match_contacts(ContactFilter()), ContactSort())
    target = db.path.parent / "backup" / "contacts.csv"
    joined = f"""
        select
            * exclude (emails, whatsapps),
            array_to_string(emails, '; ') as email,
            array_to_string(whatsapps, '; ') as whatsapp
        from ({sql})
    """
    db.rows(f"copy ({joined}) to '{target}' (header)", **parameters)
    yield target.stat().st_size
    target.unlink()


def _whole(db: Database) -> Iterator[int]:
    """What a download button needs: every row in memory before the first byte leaves."""
    sql, parameters = contacts_statement(match_contacts(ContactFilter()), ContactSort())
    rows: list[Any] = db.rows(sql, **parameters)
    text = "".join(",".join(str(cell) for cell in row) + "\r\n" for row in rows)
    yield len(text.encode())


_WAYS: dict[str, Callable[[Database], Iterator[int]]] = {
    "stream": _stream,
    "stream_twice": _stream_twice,
    "copy": _copy,
    "whole": _whole,
}


def _peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps(_measure(sys.argv[1], Path(sys.argv[2]))))
    else:
        main(int(sys.argv[1]) if len(sys.argv) == 2 else CONTACTS)
