"""What an owner writes down about a contact, and whether it stands in the list: an owner's acts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from data.audit import AuditEvent
from data.contacts import Contact, get_contact, update_contact_archived_at, update_contact_details
from data.database import Database
from data.records import Member
from gate.desk_errors import ContactFault, ContactRefused
from gate.names import clean_name, clean_text
from gate.roles import require_owner_role
from gate.trail import record_member_act

MAX_NOTES_LENGTH = 4_000
MAX_TAGS = 20
MAX_TAG_LENGTH = 40


@dataclass(frozen=True, slots=True)
class ContactDetails:
    """What an owner wants to be written down; empty means nothing."""

    name: str
    company: str
    notes: str
    tags: tuple[str, ...]


def change_contact(
    db: Database, contact_id: int, details: ContactDetails, member: Member, now: datetime
) -> None:
    """Write these details down instead of what was there before; the same twice is one change.

    Raises:
        NotPermitted: the member is no owner.
        ContactRefused: the contact was erased, or there is too much to write down.
    """
    require_owner_role(member, "contact")
    notes, tags = clean_text(details.notes), clean_tags(details.tags)
    if len(notes) > MAX_NOTES_LENGTH:
        raise ContactRefused(ContactFault.NOTES_TOO_LONG)
    if len(tags) > MAX_TAGS:
        raise ContactRefused(ContactFault.TOO_MANY_TAGS)
    name, company = clean_name(details.name) or None, clean_name(details.company) or None
    with db.transaction() as tx:
        found = get_contact(tx, contact_id)
        if found is not None and (
            (found.name, found.company, found.notes) != (name, company, notes or None)
            or set(found.tags) != set(tags)
        ):
            update_contact_details(
                tx, contact_id, name=name, company=company, notes=notes or None, tags=tags
            )
            record_member_act(
                tx,
                AuditEvent.CONTACT_CHANGED,
                member,
                now,
                detail=f"contact {contact_id}",
            )
    _require_found(found)


def archive_contact(db: Database, contact_id: int, member: Member, now: datetime) -> None:
    """Take the contact off list, charts and exports; whoever it is still passes gates.

    Raises:
        NotPermitted: the member is no owner.
        ContactRefused: the contact was erased.
    """
    _set_archived(db, contact_id, member, now, is_archived=True)


def restore_contact(db: Database, contact_id: int, member: Member, now: datetime) -> None:
    """Put an archived contact back.

    Raises:
        NotPermitted: the member is no owner.
        ContactRefused: the contact was erased.
    """
    _set_archived(db, contact_id, member, now, is_archived=False)


def clean_tags(tags: Iterable[str]) -> list[str]:
    """Each tag once, whatever its case, in the order given; 40 characters at most, none empty."""
    cleaned = (clean_name(tag)[:MAX_TAG_LENGTH].rstrip() for tag in tags)
    by_fold: dict[str, str] = {}
    for tag in cleaned:
        if tag:
            by_fold.setdefault(tag.casefold(), tag)
    return list(by_fold.values())


def _set_archived(
    db: Database, contact_id: int, member: Member, now: datetime, *, is_archived: bool
) -> None:
    require_owner_role(member, "contact")
    event = AuditEvent.CONTACT_ARCHIVED if is_archived else AuditEvent.CONTACT_RESTORED
    with db.transaction() as tx:
        found = get_contact(tx, contact_id)
        # Done twice, it is done once: the trail and the first instant stay as they are.
        if found is not None and (found.archived_at is not None) != is_archived:
            update_contact_archived_at(tx, contact_id, now if is_archived else None)
            record_member_act(tx, event, member, now, detail=f"contact {contact_id}")
    _require_found(found)


def _require_found(found: Contact | None) -> None:
    if found is None:
        raise ContactRefused(ContactFault.GONE)
