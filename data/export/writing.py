"""Which writer makes which format, and what it is given."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from data.contact_queries import Matched
from data.engine.snapshots import Snapshot
from data.export.batches import BATCH_ROWS, Batch, listed_batches
from data.export.columns import Column
from data.export.csv_file import BOM, csv_header, csv_pieces
from data.export.json_lines import json_pieces
from data.export.parquet_file import parquet_pieces
from data.export.tools import MOST_ROWS, find_columns
from data.export.vcard import CARD_COLUMNS, vcard_pieces
from data.export.xlsx_file import WorkbookNotes, xlsx_pieces
from data.export.zip_file import zip_pieces
from data.export_kinds import ExportWanted, FileFormat

# As XML a row is five times as long as in other formats.
_WORKBOOK_BATCH_ROWS = 8_000


@dataclass(slots=True)
class Rows:
    """The rows that were picked, and how many of them have been written.

    What is in it can be asked of it once.
    """

    snapshot: Snapshot
    matched: Matched
    wanted: ExportWanted
    row_count: int
    sent: int = 0

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of the file."""
        return (
            CARD_COLUMNS if not self.wanted.file_format.has_columns else find_columns(self.wanted)
        )

    def batches(self, size: int = BATCH_ROWS) -> Iterator[Batch]:
        """The rows in pieces, counted when they are done with."""
        shown = self.matched.shown_channels
        for batch in listed_batches(self.wanted, self.columns, shown, self.row_count, size=size):
            yield batch
            self.sent += batch.row_count


def write_file(rows: Rows, *, is_archive: bool) -> Iterator[bytes]:
    """The bytes of the file, or of an archive of several."""
    return _write_archive(rows) if is_archive else _WRITERS[rows.wanted.file_format](rows)


def _write_csv(rows: Rows) -> Iterator[bytes]:
    mark = BOM if rows.wanted.file_format is FileFormat.EXCEL_CSV else ""
    yield (mark + csv_header(rows.columns)).encode()
    for text in csv_pieces(rows.snapshot, rows.columns, rows.batches()):
        yield text.encode()


def _write_archive(rows: Rows) -> Iterator[bytes]:
    """CSV files of as many rows as the tool takes, which are whole batches."""
    tool = rows.wanted.tool
    if tool is None:
        raise AssertionError("only a tool takes so many rows in one file and no more")
    pieces = csv_pieces(rows.snapshot, rows.columns, rows.batches())
    batches_each = MOST_ROWS[tool] // BATCH_ROWS

    def write_part(first: str) -> Iterator[bytes]:
        yield (csv_header(rows.columns) + first).encode()
        for text in islice(pieces, batches_each - 1):
            yield text.encode()

    def find_parts() -> Iterator[tuple[str, Iterator[bytes]]]:
        for number, first in enumerate(pieces, 1):
            yield f"{tool}-{number}.csv", write_part(first)

    yield from zip_pieces(find_parts())


def _write_json_lines(rows: Rows) -> Iterator[bytes]:
    for text in json_pieces(rows.snapshot, rows.columns, rows.batches()):
        yield text.encode()


def _write_parquet(rows: Rows) -> Iterator[bytes]:
    yield from parquet_pieces(rows.snapshot, rows.columns, rows.batches())


def _write_xlsx(rows: Rows) -> Iterator[bytes]:
    chosen = rows.matched.contact_filter
    notes = WorkbookNotes(rows.wanted.notes, chosen.time_zone)
    batches = rows.batches(_WORKBOOK_BATCH_ROWS)
    yield from xlsx_pieces(rows.snapshot, rows.columns, batches, notes, row_count=rows.row_count)


def _write_cards(rows: Rows) -> Iterator[bytes]:
    version = "3.0" if rows.wanted.file_format is FileFormat.VCARD_3 else "4.0"
    yield from vcard_pieces(rows.snapshot, rows.batches(), version=version)


_WRITERS: dict[FileFormat, Callable[[Rows], Iterator[bytes]]] = {
    FileFormat.CSV: _write_csv,
    FileFormat.EXCEL_CSV: _write_csv,
    FileFormat.XLSX: _write_xlsx,
    FileFormat.PARQUET: _write_parquet,
    FileFormat.JSONL: _write_json_lines,
    FileFormat.VCARD_3: _write_cards,
    FileFormat.VCARD_4: _write_cards,
}
