"""Rows as JSON Lines: an object a line, UTF-8, instants as ISO 8601 in UTC, lists as arrays.

Nothing is guarded, as no spreadsheet opens it: every text is as it was typed.
"""

from collections.abc import Iterator, Sequence

from data.engine.snapshots import Snapshot
from data.export.batches import Batch
from data.export.columns import CellKind, Column
from data.export.csv_file import instant_sql


def json_pieces(
    snapshot: Snapshot, columns: Sequence[Column], batches: Iterator[Batch]
) -> Iterator[str]:
    """The lines of a batch at a time; a cell that is empty is null."""
    cells = ", ".join(f'"{column.name}" := {_value_sql(column)}' for column in columns)
    lines = f"""
        select string_agg(cast(to_json(struct_pack({cells})) as varchar), '\n' order by place)
        from listed
    """
    for batch in batches:
        row = snapshot.row(f"{batch.listed} {lines}", **batch.parameters)
        if row and row[0] is not None:
            yield row[0] + "\n"


def _value_sql(column: Column) -> str:
    if column.kind is CellKind.INSTANT:
        return f"nullif({instant_sql(column.sql)}, '')"
    return column.sql
