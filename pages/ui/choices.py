"""What the owner may choose in the filters: every link, document and workspace with its label."""

from collections.abc import Mapping
from dataclasses import dataclass

from data.database import Reader
from data.documents import find_documents
from data.links import find_share_links
from data.workspaces import find_workspaces
from pages.ui.url_view import KnownIds


@dataclass(frozen=True, slots=True)
class Choices:
    """Labels by number, in the order shown. Each label ends in the number, so it is unique."""

    share_links: Mapping[int, str]
    documents: Mapping[int, str]
    workspaces: Mapping[int, str]

    @property
    def known(self) -> KnownIds:
        """The numbers that a URL may name."""
        return KnownIds(
            share_links=frozenset(self.share_links),
            documents=frozenset(self.documents),
            workspaces=frozenset(self.workspaces),
        )


def find_choices(reader: Reader) -> Choices:
    """All that can be filtered by: what is archived or revoked stays, because it has history."""
    links = {
        link.share_link_id: _choice_label(link.name, "l", link.share_link_id, is_gone=False)
        for link in find_share_links(reader)
    }
    documents = {
        found.document_id: _choice_label(
            found.name, "d", found.document_id, is_gone=found.archived_at is not None
        )
        for found in find_documents(reader, includes_archived=True)
    }
    workspaces = {
        found.workspace_id: _choice_label(
            found.name, "w", found.workspace_id, is_gone=found.archived_at is not None
        )
        for found in find_workspaces(reader, includes_archived=True)
    }
    return Choices(share_links=links, documents=documents, workspaces=workspaces)


def _choice_label(name: str, letter: str, number: int, *, is_gone: bool) -> str:
    return f"{name} · {letter}{number}" + (" (archived)" if is_gone else "")
