"""When the database file is written anew, so that nothing deleted is left in it (GATE.md §9)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from data.accounts import get_account
from data.database import Database
from data.upkeep_marks import (
    UpkeepMark,
    clear_upkeep_mark,
    get_upkeep_mark,
    set_upkeep_mark,
)
from gate.kept_backups import CLOCK_TOLERANCE

# What was typed and never proved leaves the tables by itself, and so the file too.
LONGEST_UNTOUCHED = timedelta(days=7)
# So much is written anew in a moment; of more, writers would wait for seconds.
SMALL_FILE_BYTES = 64 * 1024 * 1024
QUIET_HOUR = 3


def is_rewrite_due(db: Database, now: datetime) -> bool:
    """Whether the file still holds somebody who was erased, or was not written anew for a week.

    A large file waits for the account's small hours.
    """
    account = get_account(db)
    rewritten_at = get_upkeep_mark(db, UpkeepMark.REWRITTEN) or account.created_at
    # A mark from the future was made while the clock was wrong.
    is_recent = -CLOCK_TOLERANCE <= now - rewritten_at < LONGEST_UNTOUCHED
    if is_recent and get_upkeep_mark(db, UpkeepMark.ERASED) is None:
        return False
    is_quiet = now.astimezone(ZoneInfo(account.time_zone)).hour == QUIET_HOUR
    return is_quiet or db.path.stat().st_size < SMALL_FILE_BYTES


def rewrite_file(db: Database, now: datetime) -> None:
    """Write the database file anew; readers go on, writers wait.

    Raises:
        DatabaseBusy: a download is under way; the next upkeep tries again.
        StorageFailed: the disk refused; the file is what it was.
    """
    erased_at = get_upkeep_mark(db, UpkeepMark.ERASED)
    db.rewrite()
    with db.transaction() as tx:
        if erased_at is not None:
            # Whoever was erased since then may still stand in the file.
            clear_upkeep_mark(tx, UpkeepMark.ERASED, erased_at)
        set_upkeep_mark(tx, UpkeepMark.REWRITTEN, now)
