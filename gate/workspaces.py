"""Making workspaces: a name that no other has, whatever its case."""

from datetime import datetime

from data.audit import ActorKind, AuditEntry, AuditEvent, insert_audit
from data.database import Database, Reader
from data.records import Member, Workspace
from data.workspaces import find_workspaces, insert_workspace
from gate.desk_errors import WorkspaceFault, WorkspaceRefused
from gate.names import clean_name
from gate.roles import require_owner_role


def create_workspace(db: Database, typed_name: str, member: Member, now: datetime) -> Workspace:
    """A new workspace.

    Raises:
        NotPermitted: the member is no owner.
        WorkspaceRefused: the name is empty or taken.
    """
    require_owner_role(member, "workspace")
    name = clean_name(typed_name)
    if not name:
        raise WorkspaceRefused(WorkspaceFault.NAME_MISSING)
    with db.transaction() as tx:
        workspace = None if is_name_taken(tx, name) else insert_workspace(tx, name, now)
        if workspace is not None:
            insert_audit(
                tx,
                AuditEntry(
                    created_at=now,
                    event=AuditEvent.WORKSPACE_ADDED,
                    actor_kind=ActorKind.MEMBER,
                    actor_id=member.member_id,
                    workspace_id=workspace.workspace_id,
                ),
            )
    if workspace is None:
        raise WorkspaceRefused(WorkspaceFault.NAME_TAKEN)
    return workspace


def is_name_taken(reader: Reader, name: str, *, besides: int | None = None) -> bool:
    """Whether a workspace has this name, whatever its case; one, by its number, may."""
    return any(
        workspace.name.casefold() == name.casefold() and workspace.workspace_id != besides
        for workspace in find_workspaces(reader, includes_archived=True)
    )
