"""Changing the account: its name, plan and the time zone in which days are cut."""

import zoneinfo
from dataclasses import dataclass
from datetime import datetime

from data.accounts import update_account
from data.audit import ActorKind, AuditEntry, AuditEvent, insert_audit
from data.database import Database
from data.records import Member, Plan
from gate.desk_errors import AccountFault, AccountRefused
from gate.names import clean_name
from gate.roles import require_owner_role

# These name a place of the machine, or none at all; the database doesn't know them.
_NO_PLACES = frozenset({"localtime", "Factory"})


@dataclass(frozen=True, slots=True)
class AccountChange:
    """What an owner wants the account to be."""

    name: str
    plan: Plan
    time_zone: str


def find_time_zones() -> list[str]:
    """The IANA time zones that an account can have, by name."""
    return sorted(zoneinfo.available_timezones() - _NO_PLACES)


def change_account(db: Database, change: AccountChange, member: Member, now: datetime) -> None:
    """Save what the owner wants the account to be.

    Raises:
        NotPermitted: the member is no owner.
        AccountRefused: the name is empty or the time zone unknown.
    """
    require_owner_role(member, "account")
    name = clean_name(change.name)
    if not name:
        raise AccountRefused(AccountFault.NAME_MISSING)
    if change.time_zone not in find_time_zones():
        raise AccountRefused(AccountFault.UNKNOWN_TIME_ZONE)
    with db.transaction() as tx:
        update_account(tx, name=name, plan=change.plan, time_zone=change.time_zone)
        insert_audit(
            tx,
            AuditEntry(
                created_at=now,
                event=AuditEvent.ACCOUNT_CHANGED,
                actor_kind=ActorKind.MEMBER,
                actor_id=member.member_id,
                detail=f"plan {change.plan}, time zone {change.time_zone}",
            ),
        )
