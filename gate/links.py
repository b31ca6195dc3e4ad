"""Share links: making one that cannot be guessed, its address, and taking it back."""

import re
import secrets
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from data.audit import ActorKind, AuditEntry, AuditEvent, insert_audit
from data.database import Database, Reader
from data.documents import get_document
from data.links import NewShareLink, get_share_link_by_id, insert_share_link, revoke_share_link
from data.records import Document, Member, ShareLink, Workspace
from data.workspaces import get_workspace
from gate.desk_errors import LinkFault, LinkRefused
from gate.names import clean_name
from gate.roles import require_owner_role

SHORTEST_PASS = timedelta(hours=1)
LONGEST_PASS = timedelta(days=30)

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
    next_midnight = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(time_zone))
    return next_midnight.astimezone(UTC)


def create_share_link(db: Database, new: NewShareLink, member: Member, now: datetime) -> ShareLink:
    """A new share link with a slug of 128 random bits, named after what it opens if unnamed.

    Raises:
        NotPermitted: the member is no owner.
        LinkRefused: its rules contradict each other or what there is.
    """
    require_owner_role(member, "share link")
    opened = _find_opened(db, new)
    _check_rules(new, now)
    named = replace(
        new,
        name=clean_name(new.name) or opened.name,
        slug=secrets.token_urlsafe(_SLUG_BYTES),
    )
    with db.transaction() as tx:
        link = insert_share_link(tx, named, now)
        insert_audit(tx, _audit_entry(link, AuditEvent.LINK_ADDED, member, now))
    return link


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


def _check_rules(new: NewShareLink, now: datetime) -> None:
    asks_email = new.requires_email or not new.verifies_email
    asks_whatsapp = new.requires_whatsapp or not new.verifies_whatsapp
    if not (asks_email and asks_whatsapp):
        raise LinkRefused(LinkFault.VERIFIES_UNASKED)
    if new.expires_at is not None and new.expires_at <= now:
        raise LinkRefused(LinkFault.EXPIRES_IN_THE_PAST)
    if not SHORTEST_PASS <= timedelta(seconds=new.pass_seconds) <= LONGEST_PASS:
        raise LinkRefused(LinkFault.PASS_LIFE)


def _audit_entry(link: ShareLink, event: AuditEvent, member: Member, now: datetime) -> AuditEntry:
    return AuditEntry(
        created_at=now,
        event=event,
        actor_kind=ActorKind.MEMBER,
        actor_id=member.member_id,
        workspace_id=link.workspace_id,
        share_link_id=link.share_link_id,
    )
