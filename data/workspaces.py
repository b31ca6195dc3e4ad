"""Workspaces as stored: named bundles of documents. None is ever deleted."""

from datetime import datetime

from data.database import Reader, Row, Transaction
from data.records import Workspace

_COLUMNS = """
    workspace_id,
    name,
    created_at,
    archived_at
"""


def insert_workspace(tx: Transaction, name: str, now: datetime) -> Workspace:
    """A new workspace of this name."""
    rows = tx.rows(
        f"""
        insert into workspace
        values (
            nextval('workspace_id_seq'),
            $name,
            $now,
            null
        )
        returning {_COLUMNS}
        """,
        name=name,
        now=now,
    )
    return _read_workspace(rows[0])


def get_workspace(reader: Reader, workspace_id: int) -> Workspace | None:
    """The workspace of this number, archived or not."""
    row = reader.row(
        f"""
        select {_COLUMNS}
        from workspace
        where workspace_id = $workspace_id
        """,
        workspace_id=workspace_id,
    )
    return None if row is None else _read_workspace(row)


def find_workspaces(reader: Reader, *, includes_archived: bool = False) -> list[Workspace]:
    """Workspaces by name, whatever its case."""
    rows = reader.rows(
        f"""
        select {_COLUMNS}
        from workspace
        where $includes_archived or archived_at is null
        order by
            lower(name),
            workspace_id
        """,
        includes_archived=includes_archived,
    )
    return [_read_workspace(row) for row in rows]


def update_workspace_archived_at(
    tx: Transaction, workspace_id: int, archived_at: datetime | None
) -> None:
    """Put the workspace away with all that its links open, or with None back."""
    tx.run(
        "update workspace set archived_at = $archived_at where workspace_id = $workspace_id",
        workspace_id=workspace_id,
        archived_at=archived_at,
    )


def update_workspace_name(tx: Transaction, workspace_id: int, name: str) -> None:
    """Give the workspace another name."""
    tx.run(
        "update workspace set name = $name where workspace_id = $workspace_id",
        workspace_id=workspace_id,
        name=name,
    )


def _read_workspace(row: Row) -> Workspace:
    return Workspace(*row)
