"""What happened at all gates together, in numbers without anybody in them: for metrics."""

from datetime import datetime

from data.database import Reader


def count_gate_steps(reader: Reader, since: datetime) -> dict[tuple[str, str], int]:
    """How often each step was taken since then, by step and channel, which may be empty."""
    rows = reader.rows(
        """
        select
            event,
            coalesce(channel, ''),
            count(*)
        from gate_event
        where created_at >= $since
        group by all
        order by all
        """,
        since=since,
    )
    return {(row[0], row[1]): int(row[2]) for row in rows}


def count_sends(reader: Reader, since: datetime) -> dict[tuple[str, str], int]:
    """How many codes that were asked for since then are in each state, by channel and state."""
    rows = reader.rows(
        """
        select
            channel,
            state,
            count(*)
        from delivery
        where created_at >= $since
        group by all
        order by all
        """,
        since=since,
    )
    return {(row[0], row[1]): int(row[2]) for row in rows}


def count_saved_units(reader: Reader) -> int:
    """How many units of work were ever saved in this database."""
    row = reader.row("select max(number) from saved_unit")
    return int(row[0]) if row else 0
