"""How many pairs may be one person, counted every ten minutes for all pages: it takes a while.

A number, and nobody's data; whatever an owner does about pairs makes it be counted again.
"""

import threading
from datetime import datetime, timedelta

from data.database import Database
from data.same_person import count_alike_pairs
from pages.ui.runtime import get_runtime

COUNTED_FOR = timedelta(minutes=10)

_lock = threading.Lock()
_counted: list[tuple[Database, datetime, int]] = []


def get_alike_count() -> int:
    """How many pairs there are, as counted within the last ten minutes."""
    runtime = get_runtime()
    now = runtime.clock()
    with _lock:
        for db, counted_at, count in _counted:
            if db is runtime.db and abs(now - counted_at) < COUNTED_FOR:
                return count
    count = count_alike_pairs(runtime.db)
    with _lock:
        _counted[:] = [(runtime.db, now, count)]
    return count


def forget_alike_count() -> None:
    """Let the pairs be counted anew."""
    with _lock:
        _counted.clear()
