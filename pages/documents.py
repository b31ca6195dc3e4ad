"""The owner's documents and workspaces: uploads, use, new names, and what is put away."""

import streamlit as st

from data.accounts import get_account
from data.documents import find_documents
from data.links import find_share_links
from data.records import Document, Role
from data.shelf_usage import find_document_usage, find_workspace_usage
from data.workspaces import find_workspaces
from pages.ui.asking import require_member
from pages.ui.forms import show_empty, show_notice
from pages.ui.runtime import Runtime, get_reader, get_runtime
from pages.ui.shelf_acts import DOCUMENTS_PAGE
from pages.ui.shelf_lists import Shelf, show_document_list, show_workspace_list
from pages.ui.upload_card import show_upload_card, show_workspace_form


def read_shelf(runtime: Runtime) -> Shelf:
    """Everything that this page shows."""
    db = get_reader()
    documents = find_documents(db, includes_archived=True)
    return Shelf(
        workspaces=find_workspaces(db, includes_archived=True),
        documents=documents,
        links=find_share_links(db),
        document_usage={one.document_id: one for one in find_document_usage(db)},
        workspace_usage={one.workspace_id: one for one in find_workspace_usage(db)},
        lost=find_lost(runtime, documents),
        time_zone=get_account(db).time_zone,
    )


def find_lost(runtime: Runtime, documents: list[Document]) -> frozenset[int]:
    """The documents whose file is not on the disk."""
    kept = {path.name for path in runtime.documents.glob("*")}
    return frozenset(one.document_id for one in documents if one.storage_name not in kept)


def show_lost(shelf: Shelf) -> None:
    """Say which documents nobody can open, as their file is gone."""
    names = [f"“{one.name}”" for one in shelf.documents if one.document_id in shelf.lost]
    if names:
        more = f" and {len(names) - 3:,} more" if len(names) > 3 else ""
        place = st.container(border=True)
        place.markdown("**Files are missing on the disk**")
        place.text(
            f"{', '.join(names[:3])}{more}. Nobody can open what is missing. Restore the home "
            "folder's documents from a backup, or archive the document and upload it again."
        )


member = require_member()
is_owner = member.role is Role.OWNER
runtime = get_runtime()
shelf = read_shelf(runtime)
usable = [one for one in shelf.workspaces if one.archived_at is None]
st.title("Documents")
# Its place is kept, so that what stands below it stays as it was.
with st.container():
    show_notice(DOCUMENTS_PAGE)
with st.container():
    show_lost(shelf)
if is_owner:
    left, right = st.columns([3, 2])
    with right:
        show_workspace_form(DOCUMENTS_PAGE, is_first=not usable)
    with left:
        if usable:
            show_upload_card(usable)
        else:
            show_empty(
                "Begin with a workspace",
                "A workspace bundles the documents that you share together. "
                "Name one, then upload its files here.",
            )
if shelf.workspaces:
    tabs = st.tabs(["Documents", "Workspaces"], key="documents_tab", on_change="rerun")
    with tabs[0]:
        if shelf.documents:
            show_document_list(shelf, runtime.clock(), can_change=is_owner)
        else:
            show_empty("No documents yet", "Upload a file, then make a share link that opens it.")
    with tabs[1]:
        show_workspace_list(shelf, can_change=is_owner)
elif not is_owner:
    show_empty("No documents yet", "An owner of this account uploads them.")
