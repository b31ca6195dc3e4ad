"""Rows as a worksheet's XML: DuckDB writes the cells, typed, and escapes what XML cannot hold.

Texts stand in their cells (`inlineStr`): a table of them all would have to come before the rows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xlsxwriter.utility import xl_col_to_name

from data.engine.snapshots import Snapshot
from data.export.batches import Batch
from data.export.columns import CellKind, Column

# Rows of a sheet in Excel, one of them the header; what is more goes on in a further sheet.
SHEET_ROWS = 1_048_575
# The most characters that a cell of Excel has.
MOST_CHARACTERS = 32_767
# An instant is a number of days, of which this is 1970-01-01.
_EPOCH_DAY = 25_569
# What XML cannot hold has a name in a workbook, `_x0007_`; so a text that looks like one has too.
_NAMELESS = (*range(9), *range(0x0B, 0x20), 0xFFFE, 0xFFFF)
_NAMED = "_x[0-9A-Fa-f]{4}_"
_SPECIAL = rf"[&<>\x00-\x08\x0b-\x1f\x{{fffe}}\x{{ffff}}]|{_NAMED}"


@dataclass(frozen=True, slots=True)
class SheetText:
    """Some rows of a sheet, of which 0 is the first, as XML."""

    sheet: int
    text: str


def find_sheet_texts(
    snapshot: Snapshot,
    columns: Sequence[Column],
    batches: Iterator[Batch],
    time_zone: str,
    instant_style: str,
) -> Iterator[SheetText]:
    """The rows of a batch at a time; two pieces where a sheet ends within it.

    Times are those of the zone; `instant_style` is the number of their format in the workbook.
    """
    rows = _rows_sql(columns, instant_style)
    has_instants = any(column.kind is CellKind.INSTANT for column in columns)
    zone = {"time_zone": time_zone} if has_instants else {}
    for batch in batches:
        for sheet, text in snapshot.rows(f"{batch.listed} {rows}", **batch.parameters, **zone):
            yield SheetText(sheet, text)


def _rows_sql(columns: Sequence[Column], instant_style: str) -> str:
    values = ", ".join(f"{_held_sql(column)} as cell_{at}" for at, column in enumerate(columns))
    cells = " || ".join(
        _cell_sql(column.kind, at, instant_style) for at, column in enumerate(columns)
    )
    return f"""
        select
            sheet,
            string_agg('<row r="' || line || '">' || {cells} || '</row>', '' order by place)
        from (
            select
                place,
                (place - 1) // {SHEET_ROWS} as sheet,
                (place - 1) % {SHEET_ROWS} + 2 as line,
                {values}
            from listed
        )
        group by sheet
        order by sheet
    """


def _held_sql(column: Column) -> str:
    """What the cell holds, null if nothing."""
    return {
        CellKind.TEXT: f"nullif(left({column.sql}, {MOST_CHARACTERS}), '')",
        CellKind.TEXTS: f"""
            nullif(left(array_to_string({column.sql}, '; '), {MOST_CHARACTERS}), '')
        """,
        CellKind.NUMBER: column.sql,
        CellKind.FLAG: f"cast({column.sql} as integer)",
        CellKind.INSTANT: f"""
            epoch(date_trunc('second', {column.sql} at time zone $time_zone)) / 86400
            + {_EPOCH_DAY}
        """,
    }[column.kind]


def _cell_sql(kind: CellKind, at: int, instant_style: str) -> str:
    value = f"cell_{at}"
    named = f"""'<c r="{xl_col_to_name(at)}' || line || '"""
    if kind in (CellKind.TEXT, CellKind.TEXTS):
        start = f"""{named}" t="inlineStr"><is><t xml:space="preserve">'"""
        return f"coalesce({start} || {_escaped_xml(value)} || '</t></is></c>', '')"
    marks = {CellKind.FLAG: ' t="b"', CellKind.INSTANT: f' s="{instant_style}"'}
    return f"""coalesce({named}"{marks.get(kind, "")}><v>' || {value} || '</v></c>', '')"""


def _escaped_xml(text: str) -> str:
    escaped = f"regexp_replace({text}, '({_NAMED})', '_x005F\\1', 'g')"
    for code in _NAMELESS:
        escaped = rf"regexp_replace({escaped}, '\x{{{code:x}}}', '_x{code:04X}_', 'g')"
    for char, name in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        escaped = f"replace({escaped}, '{char}', '{name}')"
    return f"case when regexp_matches({text}, '{_SPECIAL}') then {escaped} else {text} end"
