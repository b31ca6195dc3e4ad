"""The form that makes a share link: what it opens, what its gate asks, how long it lasts."""

from dataclasses import asdict, replace
from datetime import datetime

import streamlit as st

from data.database import Database
from data.documents import find_documents
from data.links import NewShareLink
from data.records import Member, Workspace
from gate.links import create_share_link, hash_link_password
from pages.ui.chosen_card import bring_in_sight
from pages.ui.forms import Outcome, carry_out_once
from pages.ui.link_basics import read_basic_fields, show_basic_fields
from pages.ui.link_faults import find_faults, refuse_faults, show_faults
from pages.ui.link_rules import read_rule_fields, show_rule_fields
from pages.ui.runtime import get_reader
from pages.ui.session import get_nonce, get_widget_value, recall, remember, set_widget_value

LINKS_PAGE = "links"
WORKSPACE = "links_workspace"
DOCUMENT = "links_document"
CHOSEN = "links_chosen"
LINK_CARD = "links_card"

WHOLE_WORKSPACE = 0

# How many links this page has made: each begins with fields of its own.
_MADE = "links_made"


def show_link_form(
    workspaces: list[Workspace], time_zone: str, now: datetime, *, is_first: bool
) -> None:
    """The form, open for the first link; its button makes one link however often it is clicked."""
    made = recall(_MADE, 0)
    prefix = _name_fields(made)
    with (
        st.container(key="links_new"),
        # The form after a link that was made is another one, and closed.
        st.expander(
            "New share link",
            icon=":material/add_link:",
            expanded=is_first,
            key=f"{prefix}_form",
        ),
    ):
        _show_target(workspaces)
        show_basic_fields(prefix, None, time_zone, now)
        with st.expander("More rules", key=f"{prefix}_more"):
            show_rule_fields(prefix, None, [])
        show_faults(prefix, [])
        st.button(
            "Create share link",
            type="primary",
            on_click=make_link,
            args=(get_nonce(LINKS_PAGE), made, time_zone),
        )


def make_link(nonce: str, made: int, time_zone: str) -> None:
    """Make the link that the form describes, once, and show it. For the button's callback.

    The fields that come after the `made`th link are new ones; what was refused stays as typed.
    """
    prefix = _name_fields(made)
    new, rules = _read_form(prefix, time_zone), read_rule_fields(prefix, [])
    if faults := find_faults(prefix, rules):
        refused = refuse_faults(prefix, "No link was made.", faults)
        carry_out_once(LINKS_PAGE, nonce, lambda *_: refused)
        return

    def make(db: Database, member: Member, now: datetime) -> Outcome:
        whole = replace(
            new,
            accepts_either=rules.accepts_either,
            allows_download=rules.allows_download,
            demands_fresh_code=rules.demands_fresh_code,
            asks_consent=rules.asks_consent,
            view_limit=rules.view_limit,
            password_hash=hash_link_password(rules.password or ""),
        )
        link = create_share_link(db, whole, member, now, entries=rules.entries)
        told = (f"“{link.name}” is ready.", rules.lists_sentence(), "Copy its address and send it.")
        return Outcome(" ".join(filter(None, told)), made_id=link.share_link_id)

    outcome = carry_out_once(LINKS_PAGE, nonce, make)
    if outcome.made_id:
        remember(_MADE, made + 1)
        set_widget_value(CHOSEN, outcome.made_id)
        bring_in_sight(LINK_CARD)


def _name_fields(made: int) -> str:
    return f"links_new_{made}"


def _read_form(prefix: str, time_zone: str) -> NewShareLink:
    return NewShareLink(
        workspace_id=get_widget_value(WORKSPACE, 0),
        document_id=get_widget_value(DOCUMENT, WHOLE_WORKSPACE) or None,
        **asdict(read_basic_fields(prefix, None, time_zone)),
    )


def _show_target(workspaces: list[Workspace]) -> None:
    names = {workspace.workspace_id: workspace.name for workspace in workspaces}
    left, right = st.columns(2)
    workspace_id = left.selectbox(
        "Workspace", list(names), format_func=names.__getitem__, key=WORKSPACE
    )
    documents = find_documents(get_reader(), workspace_id=workspace_id)
    # Two documents can have the same name: the number keeps the choices apart.
    labels = {WHOLE_WORKSPACE: "The whole workspace"} | {
        document.document_id: f"{document.name} · d{document.document_id}" for document in documents
    }
    right.selectbox(
        "Opens", list(labels), format_func=lambda number: labels.get(number, ""), key=DOCUMENT
    )
