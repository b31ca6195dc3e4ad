"""Rows as an Excel workbook: typed, every text a text cell, and a sheet that says what it is.

XlsxWriter makes the workbook without its rows; those are put in as they are read, so that it is
never whole here.
"""

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_range

from data.engine.snapshots import Snapshot
from data.export import xlsx_rows
from data.export.batches import Batch
from data.export.columns import CellKind, Column
from data.export.xlsx_rows import SheetText, find_sheet_texts
from data.export.zip_file import zip_pieces

_ABOUT = "About this export"
_WIDTHS = {CellKind.TEXT: 28, CellKind.TEXTS: 28, CellKind.INSTANT: 17}
_SHEETS = "xl/worksheets/sheet"
_ROWS_END = b"</sheetData>"


@dataclass(frozen=True, slots=True)
class WorkbookNotes:
    """What the sheet about the workbook says: its lines, and the zone of all times in it."""

    lines: tuple[tuple[str, str], ...]
    time_zone: str


def xlsx_pieces(
    snapshot: Snapshot,
    columns: Sequence[Column],
    batches: Iterator[Batch],
    notes: WorkbookNotes,
    row_count: int,
) -> Iterator[bytes]:
    """The workbook's bytes, as its rows are read."""
    sheet_count = max(1, -(-row_count // xlsx_rows.SHEET_ROWS))
    frame = _make_frame(columns, notes, row_count, sheet_count)
    first = next(content for name, content in frame if name.startswith(_SHEETS))
    texts = find_sheet_texts(snapshot, columns, batches, notes.time_zone, _find_style(first))
    filled = groupby(texts, key=lambda one: one.sheet)

    def find_parts() -> Iterator[tuple[str, Iterator[bytes]]]:
        left = sheet_count
        for name, content in frame:
            is_of_rows = left > 0 and name.startswith(_SHEETS)
            left -= is_of_rows
            yield name, _put_rows(content, filled) if is_of_rows else iter([content])

    yield from zip_pieces(find_parts())


def _put_rows(sheet: bytes, filled: Iterator[tuple[int, Iterator[SheetText]]]) -> Iterator[bytes]:
    """The sheet with its rows after the header."""
    head, end, tail = sheet.partition(_ROWS_END)
    yield head
    _, texts = next(filled, (0, iter(())))
    for one in texts:
        yield one.text.encode()
    yield end + tail


def _find_style(sheet: bytes) -> str:
    """The number of the format of instants, which their columns have; 0 without any."""
    found = re.search(rb'<col [^>]*style="(\d+)"', sheet)
    return found[1].decode() if found else "0"


def _make_frame(
    columns: Sequence[Column], notes: WorkbookNotes, row_count: int, sheet_count: int
) -> list[tuple[str, bytes]]:
    """The parts of the workbook by name, sheets in their order: those of rows first."""
    made = BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False})
    bold = book.add_format({"bold": True})
    instant = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    reaches = []
    for number in range(1, sheet_count + 1):
        sheet = book.add_worksheet("Export" if number == 1 else f"Export {number}")
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            form = instant if column.kind is CellKind.INSTANT else None
            sheet.set_column(place, place, _WIDTHS.get(column.kind, 12), form)
            sheet.write_string(0, place, column.name, bold)
        rows = min(xlsx_rows.SHEET_ROWS, row_count - (number - 1) * xlsx_rows.SHEET_ROWS)
        sheet.autofilter(0, 0, rows, len(columns) - 1)
        reaches.append(xl_range(0, 0, rows, len(columns) - 1))
    _write_notes(book, bold, notes, row_count)
    book.close()
    with zipfile.ZipFile(made) as parts:
        return [(name, _reach(name, parts.read(name), reaches)) for name in parts.namelist()]


def _reach(name: str, content: bytes, reaches: Sequence[str]) -> bytes:
    """The part; a sheet of rows says how far it will reach once it has them."""
    number = re.fullmatch(rf"{_SHEETS}(\d+)\.xml", name)
    if number is None or int(number[1]) > len(reaches):
        return content
    told = f'<dimension ref="{reaches[int(number[1]) - 1]}"'.encode()
    return re.sub(rb'<dimension ref="[^"]*"', told, content, count=1)


def _write_notes(book: Any, bold: Any, notes: WorkbookNotes, row_count: int) -> None:
    about = book.add_worksheet(_ABOUT)
    about.set_column(0, 0, 24)
    about.set_column(1, 1, 80)
    rows = ("Rows", f"{row_count:,}")
    for at, (name, words) in enumerate((*notes.lines, ("Time zone", notes.time_zone), rows)):
        about.write_string(at, 0, name, bold)
        about.write_string(at, 1, words)
