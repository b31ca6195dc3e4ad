"""Consent of many at once: how many may be written to, and withdrawing what was elsewhere.

Who unsubscribes in a mailing tool has withdrawn what they said at a gate.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from data.audit import AuditEvent
from data.consents import close_consents, count_known_identifiers
from data.contact_filter import ContactFilter, ContactSort
from data.contact_queries import match_contacts
from data.database import Database
from data.export import count_export_rows
from data.export_kinds import ExportTool, ExportWanted
from data.records import Identifier, Member
from gate.roles import require_owner_role
from gate.trail import record_member_act


@dataclass(frozen=True, slots=True)
class MailingCounts:
    """How many contacts consented, and how many addresses of theirs opted out, of a tool's kind.

    Of those who consented, `unverified` are shown by an address that nobody has proved.
    """

    consenting: int
    opted_out: int
    unverified: int = 0


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What became of a list: addresses that had consented and now don't, and the others."""

    withdrawn: int
    without_consent: int
    unknown: int


def count_mailing(db: Database, chosen: ContactFilter, tool: ExportTool) -> MailingCounts:
    """How many rows the tool's two files have: who consented, and who opted out."""
    return MailingCounts(
        consenting=count_export(db, chosen, ExportWanted(tool=tool)),
        opted_out=count_export(db, chosen, ExportWanted(tool=tool, is_opted_out=True)),
        unverified=_count_unverified(db, chosen, tool),
    )


def count_export(db: Database, chosen: ContactFilter, wanted: ExportWanted) -> int:
    """How many rows the file that is wanted has at this moment."""
    return count_export_rows(db, match_contacts(chosen), ContactSort(), wanted)


def _count_unverified(db: Database, chosen: ContactFilter, tool: ExportTool) -> int:
    if chosen.is_verified:
        return 0
    return count_export(db, replace(chosen, is_verified=False), ExportWanted(tool=tool))


def withdraw_consents(
    db: Database, identifiers: Iterable[Identifier], member: Member, now: datetime
) -> Withdrawal:
    """Withdraw whatever these addresses consented to; a consent given later counts anew.

    Raises:
        NotPermitted: the member is no owner.
    """
    require_owner_role(member, "consents")
    lookups = {one.lookup for one in identifiers}
    with db.transaction() as tx:
        known = count_known_identifiers(tx, lookups)
        withdrawn = close_consents(tx, lookups, now)
        if withdrawn:
            detail = f"{withdrawn} addresses" if withdrawn > 1 else "1 address"
            record_member_act(tx, AuditEvent.CONSENT_WITHDRAWN, member, now, detail=detail)
    return Withdrawal(withdrawn, known - withdrawn, len(lookups) - known)
