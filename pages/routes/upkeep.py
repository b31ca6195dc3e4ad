"""What the server does by itself, minute by minute: forget, rewrite, back up."""

import asyncio
import itertools
from collections.abc import Callable
from datetime import timedelta

import structlog

from data.database import DatabaseBusy
from gate.backups import make_backup
from gate.delivery.outbox import purge_outbox
from gate.kept_backups import is_backup_due, purge_backups
from gate.retention import remove_overdue
from gate.rewriting import is_rewrite_due, rewrite_file
from gate.upkeep import forget_what_is_over, note_abandoned
from pages.ui.once import drop_old_outcomes
from pages.ui.runtime import Runtime

UPKEEP_SECONDS = 60
# Looking through all of the history holds the gate's writer up for a moment.
ROUNDS_BETWEEN_PURGES = 15

_log = structlog.get_logger(__name__)


async def keep_up(runtime: Runtime) -> None:
    """Every minute, what time does; a failure of one round is the next one's work."""
    for number in itertools.count():
        await asyncio.sleep(UPKEEP_SECONDS)
        acts = ROUND if number % ROUNDS_BETWEEN_PURGES else LONG_ROUND
        await asyncio.to_thread(carry_out_upkeep, runtime, acts)


def carry_out_upkeep(
    runtime: Runtime, acts: tuple[Callable[[Runtime], None], ...] | None = None
) -> None:
    """Carry out these acts, or all; one that fails is logged, and the rest follow."""
    for act in acts or LONG_ROUND:
        try:
            act(runtime)
        except DatabaseBusy:
            _log.info("upkeep_put_off", act=act.__name__)
        except Exception as failure:
            _log.error("upkeep_failed", act=act.__name__, exc_info=failure)


def note_who_left(runtime: Runtime) -> None:
    """Note the viewers who gave an address and never came back."""
    note_abandoned(runtime.gate, runtime.clock())


def forget_submissions(runtime: Runtime) -> None:
    """Let go of what became of forms a while ago, also when nobody submits one any more."""
    drop_old_outcomes()


def purge_what_is_over(runtime: Runtime) -> None:
    """Delete what was kept long enough."""
    now = runtime.clock()
    forget_what_is_over(runtime.gate, now)
    purge_outbox(runtime.outbox, now)


def expire_contacts(runtime: Runtime) -> None:
    """Remove the contacts whose time is over, if the owner has set one."""
    removed = remove_overdue(runtime.gate, runtime.clock(), outbox=runtime.outbox)
    if removed:
        _log.info("contacts_expired", count=removed)


def rewrite_when_due(runtime: Runtime) -> None:
    """Write the database anew when somebody was erased, so that the file forgets them too."""
    now = runtime.clock()
    if is_rewrite_due(runtime.db, now):
        rewrite_file(runtime.db, now)
        _log.info("database_rewritten", bytes=runtime.db.path.stat().st_size)


def back_up_when_due(runtime: Runtime) -> None:
    """Make a backup when the newest is old enough, and delete those that are too old."""
    settings, now = runtime.settings, runtime.clock()
    every = timedelta(hours=settings.backup_hours)
    if every and is_backup_due(runtime.backups, now, every):
        made = make_backup(runtime.db, runtime.backups, now)
        _log.info("backup_made", bytes=made.byte_count)
    if every:
        purge_backups(runtime.backups, now, kept=timedelta(days=settings.backups_kept_days))


ROUND = (note_who_left, forget_submissions)
LONG_ROUND = (
    *ROUND,
    purge_what_is_over,
    expire_contacts,
    rewrite_when_due,
    back_up_when_due,
)
