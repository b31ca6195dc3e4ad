"""One door to every file: its rows are picked at once, and its bytes come as they are asked for."""

from collections.abc import Generator
from contextlib import ExitStack
from dataclasses import dataclass, field

from data.contact_filter import ContactSort
from data.contact_queries import Matched
from data.database import Database
from data.export.picking import pick_rows
from data.export.tools import MOST_ROWS
from data.export.writing import Rows, write_file
from data.export_kinds import ExportWanted


@dataclass(slots=True)
class ExportFile:
    """A file of one moment: how many rows it has, and how many of them have left.

    It holds that moment open until its last byte, or until `close`. `is_archive` if a tool takes
    fewer rows in one file, so that this is a ZIP of several.
    """

    row_count: int
    is_archive: bool
    _rows: Rows = field(repr=False)
    _held: ExitStack = field(repr=False)

    @property
    def rows_sent(self) -> int:
        """How many of the rows have been written."""
        return self._rows.sent

    def chunks(self) -> Generator[bytes, None, None]:
        """The file's bytes, once. A failure midway raises: a part never ends as if whole."""
        with self._held:
            yield from write_file(self._rows, is_archive=self.is_archive)

    def close(self) -> None:
        """Let go of the moment, also when not a byte was asked for."""
        self._held.close()


def open_export_file(
    db: Database, matched: Matched, sort: ContactSort, wanted: ExportWanted
) -> ExportFile:
    """The file that is wanted of these contacts, in the list's order; its moment is now."""
    with ExitStack() as held:
        snapshot = held.enter_context(db.snapshot())
        row_count = pick_rows(snapshot, matched, sort, wanted)
        most = MOST_ROWS.get(wanted.tool) if wanted.tool else None
        rows = Rows(snapshot, matched, wanted, row_count)
        return ExportFile(row_count, most is not None and row_count > most, rows, held.pop_all())
    raise AssertionError("the block above returns or raises")


def count_export_rows(
    db: Database, matched: Matched, sort: ContactSort, wanted: ExportWanted
) -> int:
    """How many rows such a file has at this moment."""
    with db.snapshot() as snapshot:
        return pick_rows(snapshot, matched, sort, wanted)
