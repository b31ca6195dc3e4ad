"""Share links: making one that cannot be guessed, its address, and taking it back."""

import re
import secrets
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from data.audit import ActorKind, AuditEntry, AuditEvent, insert_audit
from data.database import Database, Reader
from data.days import first_instant
from data.documents import get_document
from data.links import (
    NewShareLink,
    get_share_link_by_id,
    insert_share_link,
    raise_policy_epoch,
    revoke_share_link,
    update_share_link,
)
from data.list_entries import (
    ListEntry,
    delete_list_entry,
    find_list_entries,
    insert_list_entry,
    replace_list,
)
from data.records import Document, Member, ShareLink, Workspace
from data.workspaces import get_workspace
from gate.desk_errors import LinkFault, LinkRefused
from gate.limits import LONGEST_PASSWORD
from gate.link_rules import find_rule_fault
from gate.lists import find_contradicted
from gate.names import clean_name
from gate.passwords import hash_password
from gate.roles import require_owner_role
from gate.visits import Gate

SHORTEST_PASSWORD = 8

_SLUG_BYTES = 16
_ADDRESS_TAIL = re.compile(r"[0-9]{1,12}-([A-Za-z0-9_-]{16,64})")


def build_share_address(origin: str, link: ShareLink) -> str:
    """The full address that its owner sends around; `origin` has no slash at its end."""
    return f"{origin}/v/{link.share_link_id}-{link.slug}"


def parse_share_address_tail(tail: str) -> str | None:
    """The slug within `12-slug`, the part of a share address after `/v/`; None if malformed."""
    match = _ADDRESS_TAIL.fullmatch(tail)
    return match.group(1) if match else None


def end_of_day(day: date, time_zone: str) -> datetime:
    """The instant, in UTC, at which a day is over in an IANA time zone."""
    return first_instant(day + timedelta(days=1), time_zone).astimezone(UTC)


def create_share_link(
    db: Database,
    new: NewShareLink,
    member: Member,
    now: datetime,
    *,
    entries: tuple[ListEntry, ...] = (),
) -> ShareLink:
    """A new share link with a slug of 128 random bits, named after what it opens if unnamed.

    A password is handed in as `hash_link_password` gives it.

    Raises:
        NotPermitted: the member is no owner.
        LinkRefused: its rules contradict each other or what there is.
    """
    require_owner_role(member, "share link")
    opened = _find_opened(db, new)
    fault = find_rule_fault(new, len(entries))
    if fault is None and _is_expired(new.expires_at, now):
        fault = LinkFault.EXPIRES_IN_THE_PAST
    if fault is not None:
        raise LinkRefused(fault)
    named = replace(
        new,
        name=clean_name(new.name) or opened.name,
        slug=secrets.token_urlsafe(_SLUG_BYTES),
    )
    with db.transaction() as tx:
        link = insert_share_link(tx, named, now)
        replace_list(tx, link.share_link_id, list(entries), now)
        insert_audit(tx, _audit_entry(link, AuditEvent.LINK_ADDED, member, now))
    return link


@dataclass(frozen=True, slots=True)
class LinkChange:
    """New rules of a link, drawn up when its rules were those of `link.policy_epoch`.

    Of `entries`, those in clear become its lists; concealed ones stay as they are stored, but for
    those of `taken_out`. `password` None keeps the one there is, empty takes it away.
    """

    link: ShareLink
    entries: tuple[ListEntry, ...]
    password: str | None = field(default=None, repr=False)
    taken_out: tuple[ListEntry, ...] = ()


def change_share_link(
    db: Database, change: LinkChange, member: Member, now: datetime
) -> ShareLink | None:
    """The link with its new rules, which hold at once, in open tabs too; None if it was revoked.

    Raises:
        NotPermitted: the member is no owner.
        LinkRefused: its rules contradict each other, or were changed since these were drawn up.
    """
    require_owner_role(member, "share link")
    wanted, changed = change.link, None
    # It takes long, and in the transaction all others would wait for it.
    wanted = replace(wanted, password_hash=hash_link_password(change.password or ""))
    with db.transaction() as tx:
        before = get_share_link_by_id(tx, wanted.share_link_id)
        if before is None or before.revoked_at is not None:
            return None
        entries = _join_concealed(find_list_entries(tx, before.share_link_id), change)
        fault = _find_change_fault(before, wanted, len(entries), now)
        if fault is None:
            named = replace(wanted, name=clean_name(wanted.name) or before.name)
            update_share_link(tx, named, has_new_password=change.password is not None)
            replace_list(tx, before.share_link_id, entries, now)
            insert_audit(tx, _audit_entry(before, AuditEvent.LINK_CHANGED, member, now))
            changed = get_share_link_by_id(tx, before.share_link_id)
    if fault is not None:
        raise LinkRefused(fault)
    return changed


def judge_at_link(
    gate: Gate, share_link_id: int, entry: ListEntry, member: Member, now: datetime
) -> ShareLink | None:
    """The link, which from now on lets in or keeps out whom the entry names; None if there is none.

    `entry` is one of `conceal_entry` that lets in or denies. It replaces what the link's lists said
    before of that person alone, and beats what they say of many.

    Raises:
        NotPermitted: the member is no owner.
    """
    require_owner_role(member, "share link")
    with gate.db.transaction() as tx:
        link = get_share_link_by_id(tx, share_link_id)
        if link is not None:
            listed = find_list_entries(tx, share_link_id)
            for old in find_contradicted(gate.pepper, listed, entry):
                delete_list_entry(tx, share_link_id, old)
            insert_list_entry(tx, share_link_id, entry, now)
            raise_policy_epoch(tx, share_link_id)
            insert_audit(tx, _audit_entry(link, AuditEvent.LINK_CHANGED, member, now))
    return link


def is_link_password(password: str) -> bool:
    """Whether it is as long as the password of a link may be."""
    return SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD


def hash_link_password(password: str) -> str | None:
    """What is stored for a password; None for an empty one, which is no password.

    Raises:
        LinkRefused: it is shorter or longer than a password may be.
    """
    if not password:
        return None
    if not is_link_password(password):
        raise LinkRefused(LinkFault.PASSWORD_LENGTH)
    return hash_password(password)


def revoke_link(db: Database, share_link_id: int, member: Member, now: datetime) -> bool:
    """Whether the link was revoked just now; False if it had been before, or never was.

    Raises:
        NotPermitted: the member is no owner.
    """
    require_owner_role(member, "share link")
    with db.transaction() as tx:
        link = get_share_link_by_id(tx, share_link_id)
        is_revoked = link is not None and revoke_share_link(tx, share_link_id, now)
        if link is not None and is_revoked:
            insert_audit(tx, _audit_entry(link, AuditEvent.LINK_REVOKED, member, now))
    return is_revoked


def _find_opened(reader: Reader, new: NewShareLink) -> Workspace | Document:
    workspace = get_workspace(reader, new.workspace_id)
    if workspace is None or workspace.archived_at is not None:
        raise LinkRefused(LinkFault.UNKNOWN_WORKSPACE)
    if new.document_id is None:
        return workspace
    document = get_document(reader, new.document_id)
    if document is None or document.archived_at is not None:
        raise LinkRefused(LinkFault.DOCUMENT_ELSEWHERE)
    if document.workspace_id != workspace.workspace_id:
        raise LinkRefused(LinkFault.DOCUMENT_ELSEWHERE)
    return document


def _join_concealed(stored: list[ListEntry], change: LinkChange) -> list[ListEntry]:
    listed = [one for one in change.entries if not one.is_concealed]
    return listed + [one for one in stored if one.is_concealed and one not in change.taken_out]


def _find_change_fault(
    before: ShareLink, wanted: ShareLink, entry_count: int, now: datetime
) -> LinkFault | None:
    if before.policy_epoch != wanted.policy_epoch:
        return LinkFault.CHANGED_MEANWHILE
    if wanted.expires_at != before.expires_at and _is_expired(wanted.expires_at, now):
        return LinkFault.EXPIRES_IN_THE_PAST
    return find_rule_fault(wanted, entry_count)


def _is_expired(expires_at: datetime | None, now: datetime) -> bool:
    return expires_at is not None and expires_at <= now


def _audit_entry(link: ShareLink, event: AuditEvent, member: Member, now: datetime) -> AuditEntry:
    return AuditEntry(
        created_at=now,
        event=event,
        actor_kind=ActorKind.MEMBER,
        actor_id=member.member_id,
        workspace_id=link.workspace_id,
        share_link_id=link.share_link_id,
    )
