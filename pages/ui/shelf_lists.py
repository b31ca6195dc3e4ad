"""The lists of documents and workspaces, and below each the card of the one that was chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape

import streamlit as st

from data.records import Document, ShareLink, Workspace
from data.shelf_usage import DocumentUsage, WorkspaceUsage
from gate.archiving import set_document_archived, set_workspace_archived
from gate.renaming import rename_document, rename_workspace
from pages.ui.activity_grid import PAGE_SIZE, ask_page, say_pages
from pages.ui.chosen_card import name_column, show_chosen
from pages.ui.desk_words import format_size, say_count, type_words
from pages.ui.forms import show_empty
from pages.ui.link_words import link_label
from pages.ui.shelf_acts import show_archiving, show_renaming
from pages.ui.table import NEVER, paged_grid, say_ago

DOCUMENT = "documents_chosen"
WORKSPACE = "documents_chosen_workspace"
_DOCUMENT_CARD, _WORKSPACE_CARD = "documents_card", "documents_workspace_card"


@dataclass(frozen=True, slots=True)
class Shelf:
    """Everything that is uploaded, archived or not, with its use and the numbers of lost files."""

    workspaces: Sequence[Workspace]
    documents: Sequence[Document]
    links: Sequence[ShareLink]
    document_usage: Mapping[int, DocumentUsage]
    workspace_usage: Mapping[int, WorkspaceUsage]
    lost: frozenset[int]
    time_zone: str

    @property
    def names(self) -> dict[int, str]:
        """Workspaces' names by number."""
        return {one.workspace_id: one.name for one in self.workspaces}

    def say_state(self, document: Document) -> str:
        """Whether the document can be opened, in a word or two."""
        if document.document_id in self.lost:
            return "File missing"
        if document.archived_at is not None:
            return "Archived"
        workspace = next(
            one for one in self.workspaces if one.workspace_id == document.workspace_id
        )
        return "In use" if workspace.archived_at is None else "Workspace archived"


def show_document_list(shelf: Shelf, now: datetime, *, can_change: bool) -> None:
    """The search, one page of documents, and the chosen one's card for an owner."""
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    search = (left.text_input("Search documents", key="documents_search") or "").strip()
    with_archived = right.toggle("Include archived", key="documents_archived")
    shown = [
        one
        for one in shelf.documents
        if (with_archived or one.archived_at is None)
        and search.casefold() in f"{one.name} {shelf.names[one.workspace_id]}".casefold()
    ]
    if not shown:
        show_empty("No document matches", "Change the search, or include archived ones.")
        return
    skipped = ask_page(len(shown), "documents")
    page = shown[skipped : skipped + PAGE_SIZE]
    st.text(f"{say_pages(len(shown), skipped, 'document')}. Times are those of {shelf.time_zone}.")
    _draw_documents(page, shelf, now, can_choose=can_change)
    if can_change:
        _show_document_card(shown, shelf, now)


def show_workspace_list(shelf: Shelf, *, can_change: bool) -> None:
    """Every workspace with what it holds, and the chosen one's card for an owner."""
    used = [shelf.workspace_usage[one.workspace_id] for one in shelf.workspaces]
    names = name_column(
        "Workspace",
        [one.workspace_id for one in shelf.workspaces],
        chooser=WORKSPACE,
        card=_WORKSPACE_CARD,
        can_choose=can_change,
    )
    paged_grid("workspaces_list").dataframe(
        {
            "Workspace": [one.name for one in shelf.workspaces],
            "State": ["Archived" if one.archived_at else "In use" for one in shelf.workspaces],
            "Documents": [one.documents for one in used],
            "Share links": [one.links for one in used],
            "Contacts": [one.contacts for one in used],
            "Sessions": [one.sessions for one in used],
        },
        column_config={"Workspace": names}
        | {
            name: st.column_config.NumberColumn(format="localized")
            for name in ("Documents", "Share links", "Contacts", "Sessions")
        },
        hide_index=True,
        alt="Every workspace with what it holds and who came",
    )
    if can_change:
        _show_workspace_card(shelf)


def _draw_documents(
    page: Sequence[Document], shelf: Shelf, now: datetime, *, can_choose: bool
) -> None:
    used = [shelf.document_usage[one.document_id] for one in page]
    paged_grid("documents_list").dataframe(
        {
            "Document": [one.name for one in page],
            "Workspace": [shelf.names[one.workspace_id] for one in page],
            "State": [shelf.say_state(one) for one in page],
            "Contacts": [one.contacts for one in used],
            "Sessions": [one.sessions for one in used],
            "Last accessed": [
                NEVER if one.last_accessed_at is None else say_ago(one.last_accessed_at, now)
                for one in used
            ],
            "Open": [f"/documents/{one.document_id}/file" for one in page],
            "Type": [type_words(one.content_type) for one in page],
            "Size": [one.byte_count for one in page],
            "Uploaded": [one.created_at for one in page],
        },
        column_config={
            "Document": name_column(
                "Document",
                [one.document_id for one in page],
                chooser=DOCUMENT,
                card=_DOCUMENT_CARD,
                can_choose=can_choose,
            ),
            "Size": st.column_config.NumberColumn(format="bytes"),
            "Uploaded": st.column_config.DatetimeColumn(
                format="YYYY-MM-DD HH:mm", timezone=shelf.time_zone
            ),
            "Open": st.column_config.LinkColumn(display_text="Open"),
        },
        hide_index=True,
        alt="Documents with their workspace, state and use",
    )


def _show_document_card(shown: Sequence[Document], shelf: Shelf, now: datetime) -> None:
    by_id = {one.document_id: one for one in shown}
    show_chosen(_DOCUMENT_CARD)
    with st.container(border=True, key=_DOCUMENT_CARD):
        chosen = st.selectbox(
            "Document",
            list(by_id),
            format_func=lambda number: f"{by_id[number].name} · d{number}",
            key=DOCUMENT,
        )
        one = by_id.get(chosen) or shown[0]
        links = [link for link in shelf.links if link.document_id == one.document_id]
        whole = [
            link
            for link in shelf.links
            if link.document_id is None and link.workspace_id == one.workspace_id
        ]
        st.text(
            f"{type_words(one.content_type)}, {format_size(one.byte_count)}, in "
            f"{shelf.names[one.workspace_id]}. {shelf.say_state(one)}."
        )
        if one.document_id in shelf.lost:
            st.error("Its file is missing on the disk: restore it from a backup, or archive it.")
        _show_links("Links that open it", [*links, *whole], now)
        show_renaming("document", one.document_id, one.name, rename_document, chooser=DOCUMENT)
        show_archiving(
            "document",
            one.document_id,
            set_document_archived,
            is_archived=one.archived_at is not None,
            consequence=f"{say_count(len(links), 'link', 'links')} to it will open nothing, and "
            f"{say_count(len(whole), 'link', 'links')} to its workspace will leave it out, in open "
            "tabs too. Its history stays. You can put it back.",
        )


def _show_workspace_card(shelf: Shelf) -> None:
    by_id = {one.workspace_id: one for one in shelf.workspaces}
    show_chosen(_WORKSPACE_CARD)
    with st.container(border=True, key=_WORKSPACE_CARD):
        chosen = st.selectbox(
            "Workspace to change",
            list(by_id),
            format_func=lambda number: by_id[number].name,
            key=WORKSPACE,
        )
        one = by_id[chosen]
        show_renaming("workspace", one.workspace_id, one.name, rename_workspace, chooser=WORKSPACE)
        links = shelf.workspace_usage[one.workspace_id].links
        show_archiving(
            "workspace",
            one.workspace_id,
            set_workspace_archived,
            is_archived=one.archived_at is not None,
            consequence=f"Its {say_count(links, 'link', 'links')} will open nothing, in open tabs "
            "too, and nothing can be uploaded here. Its history stays. You can put it back.",
        )


def _show_links(title: str, links: Sequence[ShareLink], now: datetime) -> None:
    if not links:
        st.text(f"{title}: none yet.")
        return
    items = "".join(
        f'<li><a href="/links?link={link.share_link_id}" target="_self">'
        f"{escape(link_label(link, now))}</a></li>"
        for link in links
    )
    st.html(f'<p style="margin:0">{escape(title)}</p><ul style="margin:.25rem 0">{items}</ul>')
