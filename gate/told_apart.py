"""Suggested pairs that an owner says are not the same person: remembered, and taken back."""

from datetime import datetime

from data.audit import AuditEvent
from data.contacts import get_contact
from data.database import Database
from data.records import Member
from data.told_apart import delete_apart, insert_apart, is_apart
from gate.desk_errors import ContactFault, ContactRefused
from gate.roles import require_owner_role
from gate.trail import record_member_act


def tell_apart(db: Database, one_id: int, other_id: int, member: Member, now: datetime) -> None:
    """Suggest this pair no more; said twice, it is said once.

    Raises:
        NotPermitted: the member is no owner.
        ContactRefused: one of them was erased or merged.
    """
    _set_apart(db, one_id, other_id, member, now, is_now_apart=True)


def suggest_again(db: Database, one_id: int, other_id: int, member: Member, now: datetime) -> None:
    """Let this pair be suggested again.

    Raises:
        NotPermitted: the member is no owner.
        ContactRefused: one of them was erased or merged.
    """
    _set_apart(db, one_id, other_id, member, now, is_now_apart=False)


def _set_apart(
    db: Database, one_id: int, other_id: int, member: Member, now: datetime, *, is_now_apart: bool
) -> None:
    require_owner_role(member, "contact")
    one_id, other_id = sorted((one_id, other_id))
    event = AuditEvent.CONTACTS_TOLD_APART if is_now_apart else AuditEvent.CONTACTS_ALIKE_AGAIN
    with db.transaction() as tx:
        are_there = all(get_contact(tx, number) is not None for number in (one_id, other_id))
        if are_there and is_apart(tx, one_id, other_id) != is_now_apart:
            if is_now_apart:
                insert_apart(tx, one_id, other_id, member_id=member.member_id, now=now)
            else:
                delete_apart(tx, one_id, other_id)
            detail = f"contacts {one_id} and {other_id}"
            record_member_act(tx, event, member, now, detail=detail)
    if not are_there:
        raise ContactRefused(ContactFault.GONE)
