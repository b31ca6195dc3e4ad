"""How many savings of the gate a second are durable: ours, SQLite's and a bare insert's.

    ./run bench write_path [contacts] [seconds]

A viewer who passes a gate makes four savings, each told to the viewer only once it is on the disk:
the gate opened, the address given, the pass claimed, the document opened. Every second viewer is a
contact already, the others are new. SQLite writes the same rows in as many transactions, with only
the look-ups that these need; the bare insert is one row in a DuckDB table without an index; the
same rows, bare, are a viewer's in Gatebook's tables without a question, a count or an update. All
on the disk of the temporary folder (TMPDIR), which must not be memory. Ends with 1 if any is
missing.
"""

import gc
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.writes.bare import BareInsert, BareRows
from benchmarks.writes.load import Measured, Way, measure, reading_owner, repeated
from benchmarks.writes.ours import Ours
from benchmarks.writes.sqlite import Sqlite

CONTACTS, SESSIONS_EACH = 1_000_000, 3
SECONDS = 6.0
THREADS = (1, 8, 64)

_LINE = "{:28}{:>8}{:>10}{:>9}{:>9}{:>9}{:>10}"


def main() -> int:
    """Measure each way with each number of threads, alone and beside a reading owner."""
    contacts = int(sys.argv[1]) if len(sys.argv) > 1 else CONTACTS
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else SECONDS
    with tempfile.TemporaryDirectory(prefix="write-path-") as name:
        folder = Path(name)
        print(f"{contacts:,} contacts, {contacts * SESSIONS_EACH:,} sessions, on {disk_of(folder)}")
        ours = Ours(folder, contacts, SESSIONS_EACH)
        sqlite = Sqlite(folder, contacts, SESSIONS_EACH)
        rivals = (sqlite, BareInsert(folder), BareRows(folder, contacts))
        begun = count_units(ours)
        # As the server does before the first viewer comes.
        gc.collect()
        gc.freeze()
        print(_LINE.format("", "threads", "a second", "p50 ms", "p99 ms", "worst", "to ours"))
        told = compare_alone(ours, rivals, seconds)
        told += compare_beside_reader(ours, sqlite, seconds)
        with repeated(ours.checkpoint, seconds / 4):
            folded = measure(ours, THREADS[-1], seconds)
        show("Gatebook, checkpoints in it", folded, None)
        told += len(folded.taken)
        saved = count_units(ours) - begun
        ours.close()
    gc.unfreeze()
    print(f"{told:,} savings told, {saved:,} counted in the file")
    return 0 if saved == told else 1


def compare_alone(ours: Ours, rivals: Sequence[Way], seconds: float) -> int:
    """How many savings we told of while nobody reads."""
    told = 0
    for threads in THREADS:
        mine = measure(ours, threads, seconds)
        show(ours.name, mine, None)
        for rival in rivals:
            show(rival.name, measure(rival, threads, seconds), mine)
        told += len(mine.taken)
    return told


def compare_beside_reader(ours: Ours, sqlite: Sqlite, seconds: float) -> int:
    """The same beside an owner who reads without a pause."""
    told = 0
    for threads in THREADS:
        with reading_owner(ours):
            mine = measure(ours, threads, seconds)
        show("Gatebook, an owner reading", mine, None)
        with reading_owner(sqlite):
            theirs = measure(sqlite, threads, seconds)
        show("SQLite, an owner reading", theirs, mine)
        told += len(mine.taken)
    return told


def show(name: str, measured: Measured, mine: Measured | None) -> None:
    """One line; the last number is our rate divided by this one's."""
    milliseconds = [measured.quantile(share) * 1_000 for share in (0.5, 0.99, 1.0)]
    ratio = "" if mine is None else f"{mine.rate / measured.rate:.2f}"
    print(
        _LINE.format(
            name,
            measured.threads,
            f"{measured.rate:,.0f}",
            *(f"{number:,.1f}" for number in milliseconds),
            ratio,
        ),
        flush=True,
    )


def count_units(ours: Ours) -> int:
    """How many units of work the file holds."""
    return int(ours.db.rows("select max(number) from saved_unit")[0][0])


def disk_of(folder: Path) -> str:
    """The file system that holds the folder; stops where that is memory."""
    mounts = [line.split()[1:3] for line in Path("/proc/mounts").read_text().splitlines()]
    holding = [(place, kind) for place, kind in mounts if folder.is_relative_to(place)]
    place, kind = max(holding, key=lambda mount: len(mount[0]))
    if kind in ("tmpfs", "ramfs"):
        raise SystemExit(f"{place} is memory; set TMPDIR to a folder on a disk")
    return f"{kind} at {place}"


if __name__ == "__main__":
    raise SystemExit(main())
