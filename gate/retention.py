"""Contacts that are kept for a time: an owner says how long, and then they go by themselves."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
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
from gate.delivery.outbox import erase_outbox_messages
from gate.desk_errors import AccountFault, AccountRefused
from gate.erasure import erase_contacts_whole
from gate.limits import LONGEST_RETENTION_MONTHS
from gate.roles import require_owner_role
from gate.trail import record_member_act
from gate.visits import Gate

# In one unit of work, which writers wait for.
MOST_AT_ONCE = 200


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

    They are not held to have asked for it: who returns is simply a new contact.
    """
    removed = 0
    while True:
        with gate.db.transaction() as tx:
            months = get_retention_months(tx)
            if months is None:
                return removed
            overdue = find_overdue(tx, months_before(now, months), MOST_AT_ONCE)
            if not overdue:
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


def months_before(now: datetime, months: int) -> datetime:
    """The same day and time so many calendar months earlier, or that month's last day."""
    number = now.year * 12 + now.month - 1 - months
    year, month = number // 12, number % 12 + 1
    day = min(now.day, calendar.monthrange(year, month)[1])
    return now.replace(year=year, month=month, day=day)
