"""Rows as CSV: RFC 4180, UTF-8, CRLF, ISO 8601 in UTC. DuckDB formats, guards and escapes."""

from collections.abc import Iterator, Sequence

from data.engine.snapshots import Snapshot
from data.export.batches import Batch
from data.export.columns import NOTHING, CellKind, Column
from data.export.formula_guard import guarded_sql

LINE_END = "\r\n"
BOM = "\N{BYTE ORDER MARK}"


def csv_header(columns: Sequence[Column]) -> str:
    """The first line, with its end."""
    return ",".join(_quoted_name(column.name) for column in columns) + LINE_END


def csv_pieces(
    snapshot: Snapshot, columns: Sequence[Column], batches: Iterator[Batch]
) -> Iterator[str]:
    """The lines after the header, those of a batch at a time."""
    lines = _lines_sql(columns)
    for batch in batches:
        row = snapshot.row(f"{batch.listed} {lines}", **batch.parameters)
        if row and row[0] is not None:
            yield row[0] + LINE_END


def _lines_sql(columns: Sequence[Column]) -> str:
    # Cell by cell in steps, as each repeats the one before in its words.
    filled = [(at, column) for at, column in enumerate(columns) if column.sql != NOTHING]
    plain = ", ".join(f"{_text_sql(column)} as cell_{at}" for at, column in filled)
    phones = ", ".join(f"{column.is_phone} as phone_{at}" for at, column in filled)
    guarded = ", ".join(f"{_guarded(column, at)} as cell_{at}" for at, column in filled)
    line = " || ',' || ".join(_quoted_sql(column, at) for at, column in enumerate(columns))
    return f"""
        select string_agg({line}, '\r\n' order by place)
        from (
            select place, {guarded}
            from (select place, {plain}, {phones} from listed)
        )
    """


def _text_sql(column: Column) -> str:
    """The cell as text, empty where it is null."""
    return {
        CellKind.TEXT: f"coalesce({column.sql}, '')",
        CellKind.TEXTS: f"coalesce(array_to_string({column.sql}, '; '), '')",
        CellKind.NUMBER: f"coalesce(cast({column.sql} as varchar), '')",
        CellKind.FLAG: f"coalesce(cast({column.sql} as varchar), '')",
        CellKind.INSTANT: instant_sql(column.sql),
    }[column.kind]


def instant_sql(instant: str) -> str:
    """The expression as ISO 8601 in UTC, in whole seconds; empty where it is null."""
    return f"coalesce(strftime({instant} at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ'), '')"


def _guarded(column: Column, at: int) -> str:
    is_text = column.kind in (CellKind.TEXT, CellKind.TEXTS)
    return guarded_sql(f"cell_{at}", is_phone=f"phone_{at}") if is_text else f"cell_{at}"


def _quoted_sql(column: Column, at: int) -> str:
    """The cell in quotes where RFC 4180 wants them; a lone CR or LF wants them too."""
    if column.sql == NOTHING:
        return NOTHING
    cell = f"cell_{at}"
    if column.kind not in (CellKind.TEXT, CellKind.TEXTS):
        return cell
    quoted = f"""'"' || replace({cell}, '"', '""') || '"'"""
    return f"""case when regexp_matches({cell}, '[",\\r\\n]') then {quoted} else {cell} end"""


def _quoted_name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"' if set(name) & set('",\r\n') else name
