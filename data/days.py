"""When a day begins in a time zone, by the engine's own calendar.

Charts cut their buckets in the database. A filter's days are told by the same calendar, so that a
zone whose rules changed lately cannot put a session into one and leave it out of the other.
"""

from datetime import date, datetime
from functools import lru_cache
from threading import Lock

import duckdb

_KEPT_DAYS = 4096
# Where clocks are set at midnight, 00:00 comes twice or never. Days begin, and clocks change, on
# whole slots of 15 minutes.
_FIRST_SLOT = """
    select min(slot_at)
    from (
        select unnest(generate_series(
            cast($day as timestamp) at time zone $time_zone - interval 3 hours,
            cast($day as timestamp) at time zone $time_zone + interval 3 hours,
            interval 15 minutes
        )) as slot_at
    )
    where cast(slot_at at time zone $time_zone as date) >= $day
"""
# A calendar holds nothing of anybody: this database is empty, and stays so.
_calendar = duckdb.connect(":memory:", config={"threads": 1, "memory_limit": "64MB"})
_lock = Lock()


@lru_cache(maxsize=_KEPT_DAYS)
def first_instant(day: date, time_zone: str) -> datetime:
    """The first instant that has this local date. `time_zone` is an IANA name."""
    with _lock:
        rows = _calendar.execute(_FIRST_SLOT, {"day": day, "time_zone": time_zone}).fetchall()
    found: datetime = rows[0][0]
    return found
