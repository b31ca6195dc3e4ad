"""How much memory the database itself says that it has."""

from data.database import Reader


def measure_memory(reader: Reader) -> int:
    """Bytes of tables, indexes and questions under way; part of what its memory limit limits."""
    row = reader.row("select sum(memory_usage_bytes) from duckdb_memory()")
    return int(row[0] or 0) if row else 0
