"""Contacts that are kept for a time: an owner says how long, and then they go by themselves."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from data.audit import ActorKind, AuditEntry, AuditEvent, insert_audit
from data.database import Database, Reader
from data.records import Member
from data.retention import (
    OverdueContact,
    count_overdue,
    find_overdue,
    get_retention_months,
    replace_retention,
)
from data.upkeep_marks import UpkeepMark, get_upkeep_mark, set_upkeep_mark
from gate.delivery.outbox import erase_outbox_messages
from gate.desk_errors import AccountFault, AccountRefused
from gate.erasure import erase_contacts_whole
from gate.limits import LONGEST_RETENTION_MONTHS
from gate.roles import require_owner_role
from gate.trail import record_member_act
from gate.visits import Gate

# In one unit of work, which writers wait for.
MOST_AT_ONCE = 200
# A server that stood still for longer, or whose clock is wrong, waits as long before it removes.
CLOCK_GAP = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class RetentionPreview:
    """Whom a period would remove now: how many, and the first of them, longest away first."""

    count: int
    first: Sequence[OverdueContact]


def preview_retention(
    reader: Reader, months: int | None, now: datetime, *, most: int
) -> RetentionPreview:
    """Whom keeping contacts for so many months would remove now; nobody without a period."""
    if months is None:
        return RetentionPreview(0, ())
    before = months_before(now, months)
    return RetentionPreview(count_overdue(reader, before), find_overdue(reader, before, most))


def change_retention(db: Database, months: int | None, member: Member, now: datetime) -> None:
    """Keep contacts for so many months after they last came; None: until they are erased.

    Who is over the period goes with the next upkeep, within minutes.

    Raises:
        NotPermitted: the member is no owner.
        AccountRefused: it is no number of months from 1 to 36.
    """
    require_owner_role(member, "account")
    if months is not None and not 1 <= months <= LONGEST_RETENTION_MONTHS:
        raise AccountRefused(AccountFault.UNKNOWN_PERIOD)
    with db.transaction() as tx:
        if get_retention_months(tx) == months:
            return
        replace_retention(tx, months, member_id=member.member_id, now=now)
        detail = "until they are erased" if months is None else f"{months} months"
        record_member_act(tx, AuditEvent.RETENTION_CHANGED, member, now, detail=detail)


def remove_overdue(gate: Gate, now: datetime, *, outbox: Path) -> int:
    """How many contacts went because their time was over, from every table and the outbox.

    They are not held to have asked for it: who returns is simply a new contact. Nobody goes within
    a day of the clock's jumping ahead, as it may be wrong.
    """
    removed = 0
    while _is_clock_steady(gate.db, now):
        with gate.db.transaction() as tx:
            months = get_retention_months(tx)
            overdue = find_overdue(tx, months_before(now, months), MOST_AT_ONCE) if months else ()
            if not months or not overdue:
                return removed
            numbers = [one.contact_id for one in overdue]
            lookups = erase_contacts_whole(tx, gate.pepper, numbers, now)
            insert_audit(
                tx,
                AuditEntry(
                    created_at=now,
                    event=AuditEvent.CONTACTS_EXPIRED,
                    actor_kind=ActorKind.GATEBOOK,
                    detail=f"{len(overdue)} after {months} months",
                ),
            )
        erase_outbox_messages(outbox, lookups)
        removed += len(overdue)
    return removed


def _is_clock_steady(db: Database, now: datetime) -> bool:
    """Whether the clock went on as clocks do, for a day at least since it last did not."""
    with db.transaction() as tx:
        if get_retention_months(tx) is None:
            return False
        seen_at = get_upkeep_mark(tx, UpkeepMark.CLOCK_SEEN)
        set_upkeep_mark(tx, UpkeepMark.CLOCK_SEEN, now)
        if seen_at is not None and now - seen_at > CLOCK_GAP:
            set_upkeep_mark(tx, UpkeepMark.CLOCK_JUMPED, now)
        jumped_at = get_upkeep_mark(tx, UpkeepMark.CLOCK_JUMPED)
    # Set back again, it is behind the jump, which then concerns nobody.
    return jumped_at is None or not timedelta(0) <= now - jumped_at < CLOCK_GAP


def months_before(now: datetime, months: int) -> datetime:
    """The same day and time so many calendar months earlier, or that month's last day."""
    number = now.year * 12 + now.month - 1 - months
    year, month = number // 12, number % 12 + 1
    day = min(now.day, calendar.monthrange(year, month)[1])
    return now.replace(year=year, month=month, day=day)
