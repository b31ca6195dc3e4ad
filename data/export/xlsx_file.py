"""Rows as an Excel workbook: typed, every text a text cell, and a sheet that says what it is.

A workbook's directory is its end, so it is written to a file of the home before its first byte.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter

from data.export.batches import Batch, find_rows
from data.export.columns import CellKind, Column
from data.opening import UNFINISHED
from data.snapshots import Snapshot

# Rows of a sheet in Excel, one of them the header; what is more goes on in a further sheet.
SHEET_ROWS = 1_048_575
# The most characters that a cell of Excel has.
MOST_CHARACTERS = 32_767
PIECE_BYTES = 1 << 18
_ABOUT = "About this export"
_WIDTHS = {CellKind.TEXT: 28, CellKind.TEXTS: 28, CellKind.INSTANT: 17}


@dataclass(frozen=True, slots=True)
class WorkbookNotes:
    """What the sheet about the workbook says: its lines, and the zone of all times in it."""

    lines: tuple[tuple[str, str], ...]
    time_zone: str


def xlsx_pieces(
    folder: Path,
    snapshot: Snapshot,
    columns: Sequence[Column],
    batches: Iterator[Batch],
    notes: WorkbookNotes,
) -> Iterator[bytes]:
    """The workbook's bytes, once it is whole; it is written in `folder`, and gone from there.

    Until then pieces are empty, one for each batch, so that whoever leaves need not be waited for.
    """
    with TemporaryDirectory(prefix=UNFINISHED, dir=folder) as place:
        path = Path(place) / "contacts.xlsx"
        for _ in _write_workbook(path, snapshot, columns, batches, notes):
            yield b""
        with path.open("rb") as file:
            while piece := file.read(PIECE_BYTES):
                yield piece


def _write_workbook(
    path: Path,
    snapshot: Snapshot,
    columns: Sequence[Column],
    batches: Iterator[Batch],
    notes: WorkbookNotes,
) -> Iterator[int]:
    """Write the workbook, a batch each time it is asked to go on."""
    options = {"constant_memory": True, "tmpdir": str(path.parent), "strings_to_formulas": False}
    book = xlsxwriter.Workbook(str(path), options | {"strings_to_urls": False})
    sheets = _Sheets(book, columns, ZoneInfo(notes.time_zone))
    try:
        for batch in batches:
            for cells in zip(*find_rows(snapshot, batch, columns), strict=True):
                sheets.add_row(cells)
            yield sheets.row_count
    except BaseException:
        # Left half way, it would keep the files open in which its rows wait.
        for sheet in book.worksheets():
            sheet.row_data_fh.close()
        raise
    sheets.close()
    _write_notes(book, sheets, notes)
    book.close()


def _write_notes(book: Any, sheets: "_Sheets", notes: WorkbookNotes) -> None:
    about = book.add_worksheet(_ABOUT)
    about.set_column(0, 0, 24)
    about.set_column(1, 1, 80)
    rows = ("Rows", f"{sheets.row_count:,}")
    for at, (name, words) in enumerate((*notes.lines, ("Time zone", notes.time_zone), rows)):
        about.write_string(at, 0, name, sheets.bold)
        about.write_string(at, 1, words)


class _Sheets:
    """The sheets of rows: a new one where the last is full."""

    def __init__(self, book: Any, columns: Sequence[Column], zone: ZoneInfo) -> None:
        self.row_count = 0
        self.bold = book.add_format({"bold": True})
        self._book, self._columns, self._zone = book, columns, zone
        self._instant = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._sheet: Any = None
        self._at = 0
        self._begin()

    def add_row(self, cells: Sequence[Any]) -> None:
        if self._at == SHEET_ROWS:
            self.close()
            self._begin()
        self._at += 1
        self.row_count += 1
        for place, (column, cell) in enumerate(zip(self._columns, cells, strict=True)):
            if cell is not None and cell != []:
                self._write(place, column.kind, cell)

    def close(self) -> None:
        """Say how far the rows of this sheet reach, for the arrows that narrow them."""
        self._sheet.autofilter(0, 0, self._at, len(self._columns) - 1)

    def _begin(self) -> None:
        number = self.row_count // SHEET_ROWS + 1
        self._sheet = self._book.add_worksheet("Export" if number == 1 else f"Export {number}")
        self._sheet.freeze_panes(1, 0)
        self._at = 0
        for place, column in enumerate(self._columns):
            self._sheet.set_column(place, place, _WIDTHS.get(column.kind, 12))
            self._sheet.write_string(0, place, column.name, self.bold)

    def _write(self, place: int, kind: CellKind, cell: Any) -> None:
        if kind is CellKind.NUMBER:
            self._sheet.write_number(self._at, place, cell)
        elif kind is CellKind.FLAG:
            self._sheet.write_boolean(self._at, place, cell)
        elif kind is CellKind.INSTANT:
            self._sheet.write_datetime(self._at, place, self._local(cell), self._instant)
        else:
            text = cell if kind is CellKind.TEXT else "; ".join(cell)
            self._sheet.write_string(self._at, place, text[:MOST_CHARACTERS])

    def _local(self, instant: datetime) -> datetime:
        return instant.astimezone(self._zone).replace(tzinfo=None, microsecond=0)
