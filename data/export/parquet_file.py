"""Rows as Parquet, typed: lists are lists, instants are UTC. Written as it is read."""

from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.parquet as pq

from data.engine.snapshots import Snapshot
from data.export.batches import Batch
from data.export.columns import CellKind, Column
from data.export.zip_file import Pieces

_TYPES = {
    CellKind.TEXT: pa.string(),
    CellKind.TEXTS: pa.list_(pa.string()),
    CellKind.NUMBER: pa.int64(),
    CellKind.FLAG: pa.bool_(),
    CellKind.INSTANT: pa.timestamp("us", tz="UTC"),
}


def parquet_pieces(
    snapshot: Snapshot, columns: Sequence[Column], batches: Iterator[Batch]
) -> Iterator[bytes]:
    """The file's bytes, a batch of rows at a time, and at its end what says where they are."""
    schema = pa.schema([(column.name, _TYPES[column.kind]) for column in columns])
    cells = ", ".join(f'{column.sql} as "{column.name}"' for column in columns)
    pieces = Pieces()
    with pq.ParquetWriter(pieces, schema, compression="zstd") as writer:
        yield pieces.take()
        for batch in batches:
            table = snapshot.arrow(
                f"{batch.listed} select {cells} from listed order by place", **batch.parameters
            )
            writer.write_table(table.cast(schema))
            yield pieces.take()
    yield pieces.take()
