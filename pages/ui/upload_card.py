"""Where documents come from: a workspace's form, and the drop area of the chosen workspace."""

from datetime import datetime

import streamlit as st

from data.database import Database
from data.records import Member, Workspace
from gate.workspaces import create_workspace
from pages.routes.uploads import make_document_store
from pages.ui.desk_words import format_size
from pages.ui.forms import Outcome, carry_out_once
from pages.ui.runtime import get_runtime
from pages.ui.session import get_nonce, get_widget_value, set_widget_value
from pages.ui.upload import show_upload

NAME = "documents_workspace_name"
TARGET = "documents_workspace"


def make_workspace(page: str, nonce: str) -> None:
    """Make the workspace that was typed, once, and tell this page. For the form's callback."""
    typed = get_widget_value(NAME, "")

    def make(db: Database, member: Member, now: datetime) -> Outcome:
        made = create_workspace(db, typed, member, now)
        return Outcome(f"Workspace “{made.name}” is ready.", made_id=made.workspace_id)

    outcome = carry_out_once(page, nonce, make)
    if outcome.made_id:
        set_widget_value(NAME, "")
        set_widget_value(TARGET, outcome.made_id)


def show_workspace_form(page: str, *, is_first: bool) -> None:
    """The form for one more workspace; the page's main act while there is none."""
    with st.form("documents_workspace_form"):
        st.markdown("**New workspace**")
        st.text_input("Name", key=NAME, max_chars=120, placeholder="Sales, Board, Series A")
        st.form_submit_button(
            "Create workspace",
            type="primary" if is_first else "secondary",
            on_click=make_workspace,
            args=(page, get_nonce(page)),
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
