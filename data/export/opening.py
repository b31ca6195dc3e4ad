"""One door to every file: its rows are picked at once, and its bytes come as they are asked for."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field

from data.contact_filter import ContactSort
from data.contact_queries import Matched
from data.database import Database
from data.export.batches import Batch, listed_batches
from data.export.columns import find_plain_columns
from data.export.csv_file import BOM, csv_header, csv_pieces
from data.export.json_lines import json_pieces
from data.export.parquet_file import parquet_pieces
from data.export.picking import pick_rows
from data.export_kinds import ExportWanted, FileFormat
from data.snapshots import Snapshot


@dataclass(slots=True)
class ExportFile:
    """A file of one moment: how many rows it has, and how many of them have left.

    It holds that moment open until its last byte, or until `close`.
    """

    row_count: int
    snapshot: Snapshot = field(repr=False)
    matched: Matched = field(repr=False)
    wanted: ExportWanted
    _held: ExitStack = field(repr=False)
    rows_sent: int = 0

    def chunks(self) -> Iterator[bytes]:
        """The file's bytes, once. A failure midway raises: a part never ends as if whole."""
        with self._held:
            yield from _WRITERS[self.wanted.file_format](self)

    def batches(self) -> Iterator[Batch]:
        """The rows in pieces, counted as they are written."""
        columns = find_plain_columns(self.wanted)
        shown = self.matched.shown_channels
        for batch in listed_batches(self.wanted, columns, shown, self.row_count):
            yield batch
            self.rows_sent += batch.row_count

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
        return ExportFile(row_count, snapshot, matched, wanted, held.pop_all())


def _write_csv(file: ExportFile) -> Iterator[bytes]:
    columns = find_plain_columns(file.wanted)
    mark = BOM if file.wanted.file_format is FileFormat.EXCEL_CSV else ""
    yield (mark + csv_header(columns)).encode()
    for text in csv_pieces(file.snapshot, columns, file.batches()):
        yield text.encode()


def _write_json_lines(file: ExportFile) -> Iterator[bytes]:
    columns = find_plain_columns(file.wanted)
    for text in json_pieces(file.snapshot, columns, file.batches()):
        yield text.encode()


def _write_parquet(file: ExportFile) -> Iterator[bytes]:
    columns = find_plain_columns(file.wanted)
    yield from parquet_pieces(file.snapshot, columns, file.batches())


_WRITERS: dict[FileFormat, Callable[[ExportFile], Iterator[bytes]]] = {
    FileFormat.CSV: _write_csv,
    FileFormat.EXCEL_CSV: _write_csv,
    FileFormat.JSONL: _write_json_lines,
    FileFormat.PARQUET: _write_parquet,
}
