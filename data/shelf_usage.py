"""How much each document and each workspace was used, and what it holds."""

from dataclasses import dataclass
from datetime import datetime

from data.database import Reader

_WORKSPACE_USAGE = """
    with opened as (
        select
            workspace_id,
            count(distinct contact_id) as contacts,
            count(*) as sessions
        from viewing_session
        where
            kind = 'viewer'
            and (
                contact_id is null
                or contact_id not in (
                    select contact_id
                    from contact
                    where archived_at is not null
                )
            )
        group by workspace_id
    )
    select
        workspace_id,
        (
            select count(*)
            from document
            where document.workspace_id = workspace.workspace_id and archived_at is null
        ),
        (
            select count(*)
            from share_link
            where share_link.workspace_id = workspace.workspace_id and archived_at is null
        ),
        coalesce(opened.contacts, 0),
        coalesce(opened.sessions, 0)
    from workspace
    left join opened using (workspace_id)
    order by workspace_id
    """


_DOCUMENT_USAGE = """
    with opened as (
        select
            document_id,
            count(distinct contact_id) as contacts,
            count(distinct viewing_session_id) as sessions,
            max(opened_at) as last_accessed_at
        from document_view
        where
            kind = 'viewer'
            and (
                contact_id is null
                or contact_id not in (
                    select contact_id
                    from contact
                    where archived_at is not null
                )
            )
        group by document_id
    )
    select
        document.document_id,
        coalesce(opened.contacts, 0),
        coalesce(opened.sessions, 0),
        opened.last_accessed_at
    from document
    left join opened on opened.document_id = document.document_id
    order by document.document_id
    """


@dataclass(frozen=True, slots=True)
class DocumentUsage:
    """Who opened one document: contacts, and viewing sessions in which it was opened.

    Sessions on open links are counted though they belong to no contact; internal and bot sessions
    are not, nor is anything of archived contacts. `last_accessed_at` is UTC.
    """

    document_id: int
    contacts: int
    sessions: int
    last_accessed_at: datetime | None


@dataclass(frozen=True, slots=True)
class WorkspaceUsage:
    """What one workspace holds that isn't archived, and who came through its links."""

    workspace_id: int
    documents: int
    links: int
    contacts: int
    sessions: int


def find_document_usage(reader: Reader) -> list[DocumentUsage]:
    """The usage of every document, opened or not, by its number."""
    rows = reader.rows(_DOCUMENT_USAGE)
    return [DocumentUsage(*row) for row in rows]


def find_workspace_usage(reader: Reader) -> list[WorkspaceUsage]:
    """What every workspace holds and drew, by its number."""
    rows = reader.rows(_WORKSPACE_USAGE)
    return [WorkspaceUsage(*row) for row in rows]
