"""Two contacts that are one person: an owner merges them, and can undo it.

The gate never merges what people typed (`gate/contacts.py`). Splitting is in
`gate/contact_splits.py`.
"""

from dataclasses import dataclass
from datetime import datetime

from data.audit import AuditEvent
from data.contact_merges import (
    ContactMerge,
    NotedDetails,
    close_merge,
    get_kept_id,
    get_merge,
    has_later_merge,
    insert_merge,
)
from data.contacts import (
    Contact,
    delete_emptied_contact,
    get_contact,
    remake_contact,
    update_contact_details,
)
from data.database import Database, Reader, Transaction
from data.identifier_moves import move_identifiers
from data.identifiers import find_contact_identifiers
from data.records import Member
from gate.desk_errors import ContactFault, ContactRefused
from gate.joined_details import MergeChoice, find_excess, join_details, restore_details
from gate.roles import require_owner_role
from gate.trail import record_member_act


@dataclass(frozen=True, slots=True)
class UndoneMerge:
    """A merge that was undone: whom it gave back, and which details changed since and so stayed."""

    kept_id: int
    merged_id: int
    unrestored: tuple[str, ...]


def merge_contacts(
    db: Database,
    *,
    kept_id: int,
    merged_id: int,
    choice: MergeChoice,
    member: Member,
    now: datetime,
) -> int:
    """The number of the merge: all of the second contact now belongs to the first.

    The kept one stays archived or not, as it is.

    Raises:
        NotPermitted: the member is no owner.
        ContactRefused: one was erased or merged meanwhile, or both have too much written down.
    """
    require_owner_role(member, "contact")
    if kept_id == merged_id:
        raise ContactRefused(ContactFault.SAME_CONTACT)
    contact_merge_id = 0
    with db.transaction() as tx:
        kept, merged = get_contact(tx, kept_id), get_contact(tx, merged_id)
        fault = _find_merge_fault(tx, kept_id, merged_id)
        if kept is not None and merged is not None:
            after = join_details(kept, merged, choice)
            fault = find_excess(after)
            if fault is None:
                contact_merge_id = _merge(tx, kept, merged, after, member, now)
    if fault is not None:
        raise ContactRefused(fault)
    return contact_merge_id


def undo_merge(db: Database, contact_merge_id: int, member: Member, now: datetime) -> UndoneMerge:
    """Give a merged contact back its identifiers, and what they did since, too.

    What was written down is as it was before, unless it was changed since.

    Raises:
        NotPermitted: the member is no owner.
        ContactRefused: it was undone already, somebody was erased, or what was done since stands
            in the way.
    """
    require_owner_role(member, "contact")
    undone = None
    with db.transaction() as tx:
        merge = get_merge(tx, contact_merge_id)
        fault = _find_undo_fault(tx, merge)
        if merge is not None and fault is None:
            undone = _undo(tx, merge, member, now)
    if undone is None:
        raise ContactRefused(fault or ContactFault.MERGE_GONE)
    return undone


def _find_merge_fault(reader: Reader, *contact_ids: int) -> ContactFault | None:
    """Why these two cannot be merged, if one of them is not there."""
    for contact_id in contact_ids:
        if get_contact(reader, contact_id) is None:
            is_merged = get_kept_id(reader, contact_id) is not None
            return ContactFault.MERGED_ALREADY if is_merged else ContactFault.GONE
    return None


def _find_undo_fault(reader: Reader, merge: ContactMerge | None) -> ContactFault | None:
    if merge is None:
        return ContactFault.MERGE_GONE
    if merge.undone_at is not None:
        return ContactFault.UNDONE_ALREADY
    if get_contact(reader, merge.kept_id) is None:
        is_merged = get_kept_id(reader, merge.kept_id) is not None
        return ContactFault.MERGED_FURTHER if is_merged else ContactFault.MERGE_GONE
    if has_later_merge(reader, merge):
        return ContactFault.LATER_MERGE
    own = {one.identifier_id for one in find_contact_identifiers(reader, merge.kept_id)}
    moved = set(merge.identifier_ids)
    return None if moved < own else ContactFault.TAKEN_APART


def _merge(
    tx: Transaction,
    kept: Contact,
    merged: Contact,
    after: NotedDetails,
    member: Member,
    now: datetime,
) -> int:
    moved = [one.identifier_id for one in find_contact_identifiers(tx, merged.contact_id)]
    contact_merge_id = insert_merge(
        tx,
        kept=kept,
        merged=merged,
        identifier_ids=moved,
        after=after,
        member_id=member.member_id,
        now=now,
    )
    move_identifiers(tx, moved, origin=merged.contact_id, target=kept.contact_id)
    delete_emptied_contact(tx, merged.contact_id)
    _write_down(tx, kept.contact_id, after)
    detail = f"contact {merged.contact_id} into {kept.contact_id}"
    record_member_act(tx, AuditEvent.CONTACT_MERGED, member, now, detail=detail)
    return contact_merge_id


def _undo(tx: Transaction, merge: ContactMerge, member: Member, now: datetime) -> UndoneMerge:
    kept = get_contact(tx, merge.kept_id)
    if kept is None:
        raise AssertionError("a merge that can be undone has a kept contact")
    remake_contact(
        tx,
        merge.merged_id,
        created_at=merge.merged_created_at,
        archived_at=merge.merged_archived_at,
    )
    move_identifiers(tx, merge.identifier_ids, origin=merge.kept_id, target=merge.merged_id)
    _write_down(tx, merge.merged_id, merge.merged)
    restored, unrestored = restore_details(NotedDetails.of(kept), merge.before, merge.after)
    _write_down(tx, merge.kept_id, restored)
    close_merge(tx, merge.contact_merge_id, member_id=member.member_id, now=now)
    detail = f"contact {merge.merged_id} out of {merge.kept_id}"
    record_member_act(tx, AuditEvent.CONTACT_MERGE_UNDONE, member, now, detail=detail)
    return UndoneMerge(merge.kept_id, merge.merged_id, unrestored)


def _write_down(tx: Transaction, contact_id: int, details: NotedDetails) -> None:
    update_contact_details(
        tx,
        contact_id,
        name=details.name,
        company=details.company,
        notes=details.notes,
        tags=details.tags,
    )
