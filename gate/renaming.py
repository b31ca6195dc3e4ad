"""New names for documents and workspaces that are there; a share link's is one of its rules."""

from datetime import datetime

from data.audit import AuditEvent
from data.database import Database
from data.documents import get_document, update_document_name
from data.records import Member
from data.workspaces import get_workspace, update_workspace_name
from gate.desk_errors import DocumentFault, DocumentRefused, WorkspaceFault, WorkspaceRefused
from gate.names import clean_name
from gate.roles import require_owner_role
from gate.trail import record_member_act
from gate.workspaces import is_name_taken


def rename_document(
    db: Database, document_id: int, typed_name: str, member: Member, now: datetime
) -> str:
    """The name that the document has from now on, and viewers see from their next page on.

    Raises:
        NotPermitted: the member is no owner.
        DocumentRefused: the name is empty, or there is no such document.
    """
    require_owner_role(member, "document")
    name = clean_name(typed_name)
    if not name:
        raise DocumentRefused(DocumentFault.NAME_MISSING)
    with db.transaction() as tx:
        found = get_document(tx, document_id)
        if found is not None and found.name != name:
            update_document_name(tx, document_id, name)
            record_member_act(
                tx,
                AuditEvent.DOCUMENT_RENAMED,
                member,
                now,
                workspace_id=found.workspace_id,
                detail=f"document {document_id}",
            )
    if found is None:
        raise DocumentRefused(DocumentFault.GONE)
    return name


def rename_workspace(
    db: Database, workspace_id: int, typed_name: str, member: Member, now: datetime
) -> str:
    """The name that the workspace has from now on; no other has it, whatever its case.

    Raises:
        NotPermitted: the member is no owner.
        WorkspaceRefused: the name is empty or taken, or there is no such workspace.
    """
    require_owner_role(member, "workspace")
    name = clean_name(typed_name)
    if not name:
        raise WorkspaceRefused(WorkspaceFault.NAME_MISSING)
    with db.transaction() as tx:
        found = get_workspace(tx, workspace_id)
        is_taken = is_name_taken(tx, name, besides=workspace_id)
        if found is not None and found.name != name and not is_taken:
            update_workspace_name(tx, workspace_id, name)
            record_member_act(
                tx, AuditEvent.WORKSPACE_RENAMED, member, now, workspace_id=workspace_id
            )
    if found is None:
        raise WorkspaceRefused(WorkspaceFault.GONE)
    if is_taken:
        raise WorkspaceRefused(WorkspaceFault.NAME_TAKEN)
    return name
