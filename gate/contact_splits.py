"""A contact that is more than one person: an owner takes identifiers out, into a new contact."""

from collections.abc import Sequence
from datetime import datetime

from data.audit import AuditEvent
from data.contact_splits import insert_split
from data.contacts import Contact, get_contact, insert_contact, update_contact_archived_at
from data.database import Database, Transaction
from data.identifier_moves import move_identifiers
from data.identifiers import find_contact_identifiers
from data.records import Member
from gate.desk_errors import ContactFault, ContactRefused
from gate.roles import require_owner_role
from gate.trail import record_member_act


def split_contact(
    db: Database, contact_id: int, identifier_ids: Sequence[int], member: Member, now: datetime
) -> int:
    """The number of a new contact that has these identifiers of an old one, and all they did.

    Nothing is written down about it yet; it is archived if the old one is.

    Raises:
        NotPermitted: the member is no owner.
        ContactRefused: it was erased or merged, or none of its identifiers is chosen, or all are.
    """
    require_owner_role(member, "contact")
    new_contact_id = 0
    with db.transaction() as tx:
        contact = get_contact(tx, contact_id)
        own = {one.identifier_id for one in find_contact_identifiers(tx, contact_id)}
        moved = sorted(set(identifier_ids) & own)
        fault = _find_split_fault(contact, own, moved)
        if contact is not None and fault is None:
            new_contact_id = _split(tx, contact, moved, member, now)
    if fault is not None:
        raise ContactRefused(fault)
    return new_contact_id


def _find_split_fault(
    contact: Contact | None, own: set[int], moved: Sequence[int]
) -> ContactFault | None:
    if contact is None:
        return ContactFault.GONE
    if not moved:
        return ContactFault.NOTHING_TO_SPLIT
    return ContactFault.NOTHING_LEFT if len(moved) == len(own) else None


def _split(
    tx: Transaction, contact: Contact, moved: Sequence[int], member: Member, now: datetime
) -> int:
    given = find_contact_identifiers(tx, contact.contact_id)
    since = min(one.created_at for one in given if one.identifier_id in moved)
    new_contact_id = insert_contact(tx, since)
    if contact.archived_at is not None:
        update_contact_archived_at(tx, new_contact_id, now)
    move_identifiers(tx, moved, origin=contact.contact_id, target=new_contact_id)
    insert_split(
        tx,
        contact_id=contact.contact_id,
        new_contact_id=new_contact_id,
        identifier_ids=moved,
        member_id=member.member_id,
        now=now,
    )
    detail = f"contact {new_contact_id} out of {contact.contact_id}"
    record_member_act(tx, AuditEvent.CONTACT_SPLIT, member, now, detail=detail)
    return new_contact_id
