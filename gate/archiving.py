"""What an owner puts away and back: share links, documents, workspaces. Nothing is ever deleted.

Whatever is archived opens nothing: a link to it is closed, in open tabs too, until it is put back.
"""

from datetime import datetime

from data.audit import AuditEvent
from data.database import Database
from data.documents import get_document, update_document_archived_at
from data.links import get_share_link_by_id, update_share_link_archived_at
from data.records import Member
from data.workspaces import get_workspace, update_workspace_archived_at
from gate.desk_errors import (
    DocumentFault,
    DocumentRefused,
    LinkFault,
    LinkRefused,
    WorkspaceFault,
    WorkspaceRefused,
)
from gate.roles import require_owner_role
from gate.trail import record_member_act


def set_link_archived(
    db: Database, share_link_id: int, member: Member, now: datetime, *, is_archived: bool
) -> None:
    """Put a share link away or back. Back, it is what it was: open, expired or revoked.

    Raises:
        NotPermitted: the member is no owner.
        LinkRefused: there is no such link.
    """
    require_owner_role(member, "share link")
    event = AuditEvent.LINK_ARCHIVED if is_archived else AuditEvent.LINK_RESTORED
    with db.transaction() as tx:
        found = get_share_link_by_id(tx, share_link_id)
        # Done twice, it is done once: the trail and the first instant stay as they are.
        if found is not None and (found.archived_at is not None) != is_archived:
            update_share_link_archived_at(tx, share_link_id, now if is_archived else None)
            record_member_act(
                tx,
                event,
                member,
                now,
                workspace_id=found.workspace_id,
                share_link_id=share_link_id,
            )
    if found is None:
        raise LinkRefused(LinkFault.GONE)


def set_document_archived(
    db: Database, document_id: int, member: Member, now: datetime, *, is_archived: bool
) -> None:
    """Put a document away or back, and with it whatever link opens nothing else.

    Raises:
        NotPermitted: the member is no owner.
        DocumentRefused: there is no such document.
    """
    require_owner_role(member, "document")
    event = AuditEvent.DOCUMENT_ARCHIVED if is_archived else AuditEvent.DOCUMENT_RESTORED
    with db.transaction() as tx:
        found = get_document(tx, document_id)
        if found is not None and (found.archived_at is not None) != is_archived:
            update_document_archived_at(tx, document_id, now if is_archived else None)
            record_member_act(
                tx,
                event,
                member,
                now,
                workspace_id=found.workspace_id,
                detail=f"document {document_id}",
            )
    if found is None:
        raise DocumentRefused(DocumentFault.GONE)


def set_workspace_archived(
    db: Database, workspace_id: int, member: Member, now: datetime, *, is_archived: bool
) -> None:
    """Put a workspace away or back, and with it every link of its own.

    Raises:
        NotPermitted: the member is no owner.
        WorkspaceRefused: there is no such workspace.
    """
    require_owner_role(member, "workspace")
    event = AuditEvent.WORKSPACE_ARCHIVED if is_archived else AuditEvent.WORKSPACE_RESTORED
    with db.transaction() as tx:
        found = get_workspace(tx, workspace_id)
        if found is not None and (found.archived_at is not None) != is_archived:
            update_workspace_archived_at(tx, workspace_id, now if is_archived else None)
            record_member_act(tx, event, member, now, workspace_id=workspace_id)
    if found is None:
        raise WorkspaceRefused(WorkspaceFault.GONE)
