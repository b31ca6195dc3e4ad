"""The owner's documents: workspaces, uploads, and everything that has been uploaded."""

from datetime import datetime

import streamlit as st

from data.accounts import get_account
from data.database import Database
from data.documents import find_documents
from data.records import Document, Member, Role, Workspace
from data.workspaces import find_workspaces
from gate.workspaces import create_workspace
from pages.routes.uploads import make_document_store
from pages.ui.asking import require_member
from pages.ui.desk_words import format_size, type_words
from pages.ui.forms import Outcome, carry_out_once, show_empty, show_notice
from pages.ui.runtime import get_runtime
from pages.ui.session import get_nonce, get_widget_value, set_widget_value
from pages.ui.upload import show_upload

PAGE = "documents"
NAME = "documents_workspace_name"
TARGET = "documents_workspace"


def make_workspace(nonce: str) -> None:
    """Make the workspace that was typed, once. For the form's callback."""
    typed = get_widget_value(NAME, "")

    def make(db: Database, member: Member, now: datetime) -> Outcome:
        made = create_workspace(db, typed, member, now)
        return Outcome(f"Workspace “{made.name}” is ready.", made_id=made.workspace_id)

    outcome = carry_out_once(PAGE, nonce, make)
    if outcome.made_id:
        set_widget_value(NAME, "")
        set_widget_value(TARGET, outcome.made_id)


def show_workspace_form(*, is_first: bool) -> None:
    """The form for one more workspace; the page's main act while there is none."""
    with st.form("documents_workspace_form"):
        st.markdown("**New workspace**")
        st.text_input("Name", key=NAME, max_chars=120, placeholder="Sales, Board, Series A")
        st.form_submit_button(
            "Create workspace",
            type="primary" if is_first else "secondary",
            on_click=make_workspace,
            args=(get_nonce(PAGE),),
        )


def show_upload_card(workspaces: list[Workspace]) -> None:
    """Which workspace gets the files, and where to drop them."""
    names = {workspace.workspace_id: workspace.name for workspace in workspaces}
    store = make_document_store(get_runtime())
    with st.container(border=True):
        st.markdown("**Upload documents**")
        chosen = st.selectbox("Workspace", list(names), format_func=names.__getitem__, key=TARGET)
        show_upload(
            chosen, limit_bytes=store.limit_bytes, limit_words=format_size(store.limit_bytes)
        )


def show_documents(documents: list[Document], names: dict[int, str], time_zone: str) -> None:
    """The table of documents; each opens in a tab of its own."""
    st.markdown(f"**{len(documents):,} documents**" if len(documents) != 1 else "**1 document**")
    st.dataframe(
        {
            "Document": [document.name for document in documents],
            "Workspace": [names.get(document.workspace_id, "") for document in documents],
            "Type": [type_words(document.content_type) for document in documents],
            "Size": [document.byte_count for document in documents],
            "Uploaded": [document.created_at for document in documents],
            "Open": [f"/documents/{document.document_id}/file" for document in documents],
        },
        column_config={
            "Document": st.column_config.TextColumn(width="medium"),
            "Size": st.column_config.NumberColumn(format="bytes"),
            "Uploaded": st.column_config.DatetimeColumn(
                format="D MMM YYYY, HH:mm", timezone=time_zone
            ),
            "Open": st.column_config.LinkColumn(display_text="Open"),
        },
        hide_index=True,
        alt="Every document with its workspace, type, size and when it was uploaded",
    )
    st.text(f"Times are those of {time_zone}.")


member = require_member()
db = get_runtime().db
workspaces = find_workspaces(db)
documents = find_documents(db)
st.title("Documents")
show_notice(PAGE)
if member.role is Role.OWNER:
    left, right = st.columns([3, 2])
    with right:
        show_workspace_form(is_first=not workspaces)
    with left:
        if workspaces:
            show_upload_card(workspaces)
        else:
            show_empty(
                "Begin with a workspace",
                "A workspace bundles the documents that you share together. "
                "Name one, then upload its files here.",
            )
if documents:
    every_name = {
        each.workspace_id: each.name for each in find_workspaces(db, includes_archived=True)
    }
    show_documents(documents, every_name, get_account(db).time_zone)
elif workspaces:
    show_empty("No documents yet", "Upload a file, then make a share link that opens it.")
