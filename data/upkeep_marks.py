"""When something that concerns the whole database file was last done."""

from datetime import datetime
from enum import StrEnum

from data.database import Reader, Transaction


class UpkeepMark(StrEnum):
    """What is marked: somebody was erased, the file was written anew, and what the clock said.

    `ERASED` is there until the file has been written anew since.
    `CLOCK_SEEN` is when the clock was last looked at, `CLOCK_JUMPED` where it was after a jump.
    """

    ERASED = "erased"
    REWRITTEN = "rewritten"
    CLOCK_SEEN = "clock_seen"
    CLOCK_JUMPED = "clock_jumped"


def set_upkeep_mark(tx: Transaction, mark: UpkeepMark, now: datetime) -> None:
    """Note that it was done at `now`."""
    tx.run("delete from upkeep_mark where name = $name", name=mark)
    tx.run("insert into upkeep_mark values ($name, $now)", name=mark, now=now)


def clear_upkeep_mark(tx: Transaction, mark: UpkeepMark, seen: datetime) -> None:
    """Forget that it was done, if nobody has done it again since it was `seen` to be done."""
    tx.run("delete from upkeep_mark where name = $name and done_at = $seen", name=mark, seen=seen)


def get_upkeep_mark(reader: Reader, mark: UpkeepMark) -> datetime | None:
    """When it was last done; None if never."""
    row = reader.row("select max(done_at) from upkeep_mark where name = $name", name=mark)
    return row[0] if row else None
