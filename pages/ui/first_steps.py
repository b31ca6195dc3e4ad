"""The way to the first contact in three steps, each ticked by what there is; none is stored."""

from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from data.contacts import has_contact
from data.database import Database, Reader
from data.documents import find_documents
from data.links import NewShareLink, find_share_links
from data.records import Document, LinkState, Member, ShareLink
from data.workspaces import find_workspaces
from gate.limits import PASS_LIFE
from gate.links import build_share_address, create_share_link
from pages.ui.contact_form import CONTACTS_PAGE
from pages.ui.copying import show_to_copy
from pages.ui.delivery_status import find_outbox_channels, outbox_sentence
from pages.ui.forms import Outcome, carry_out_once, show_notice
from pages.ui.plain import as_plain
from pages.ui.qr_code import show_qr_code
from pages.ui.runtime import get_runtime
from pages.ui.session import get_nonce
from pages.ui.upload_card import show_upload_card, show_workspace_form

_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a new account has of what it needs: documents, and a link that asks who comes."""

    documents: list[Document]
    link: ShareLink | None


def read_beginning(reader: Reader, now: datetime) -> Beginning:
    """How far this account has come. Only a link that asks and opens makes a contact."""
    asking = (
        link
        for link in find_share_links(reader)
        if link.channels and link.state(now) is LinkState.ACTIVE
    )
    return Beginning(find_documents(reader), next(asking, None))


def show_first_steps(*, can_change: bool) -> None:
    """The three steps, instead of a list that would be empty; an analyst only waits."""
    runtime = get_runtime()
    begun = read_beginning(runtime.db, runtime.clock())
    show_notice(CONTACTS_PAGE)
    st.header("No contacts yet", anchor=False)
    st.text(
        "A contact appears here by itself when somebody passes a share link that asks for an email "
        "address or a WhatsApp number. Three steps lead to the first."
    )
    if not can_change:
        st.text("An owner of this account takes them.")
        _watch_for_contact()
        return
    _show_uploading(begun)
    _show_making(begun)
    _show_sending_out(begun)
    _watch_for_contact()


def make_first_link(document: Document, nonce: str) -> None:
    """Make a link to this document that proves an email, once. For its button's callback."""

    def make(db: Database, member: Member, now: datetime) -> Outcome:
        new = NewShareLink(
            workspace_id=document.workspace_id,
            document_id=document.document_id,
            requires_email=True,
            verifies_email=True,
            pass_seconds=int(PASS_LIFE.total_seconds()),
        )
        link = create_share_link(db, new, member, now)
        return Outcome(f"“{link.name}” is ready. Copy its address below.")

    carry_out_once(CONTACTS_PAGE, nonce, make)


def _head(number: int, title: str, *, is_done: bool) -> None:
    mark = ":material/check_circle:" if is_done else f"{number}."
    st.markdown(f"**{mark} {title}**" + (" — done" if is_done else ""))


def _show_uploading(begun: Beginning) -> None:
    with st.container(border=True, key="first_upload"):
        _head(1, "Upload a document", is_done=bool(begun.documents))
        if begun.documents:
            named = [one.name for one in begun.documents[:_MOST_NAMED]]
            more = len(begun.documents) - len(named)
            st.text(", ".join(named) + (f" and {more:,} more" if more else ""))
            return
        workspaces = find_workspaces(get_runtime().db)
        if workspaces:
            show_upload_card(workspaces)
        else:
            st.text("Documents lie in workspaces. Name the first, then drop a file in.")
            show_workspace_form(CONTACTS_PAGE, is_first=True)


def _show_making(begun: Beginning) -> None:
    with st.container(border=True, key="first_link"):
        _head(2, "Make a share link", is_done=begun.link is not None)
        if begun.link is not None:
            st.text(begun.link.name)
        elif begun.documents:
            document = begun.documents[0]
            st.text(f"For {document.name}. It asks for an email address, and proves it by a code.")
            st.button(
                "Make this link",
                key="first_link_make",
                type="primary",
                on_click=make_first_link,
                args=(document, get_nonce(CONTACTS_PAGE)),
            )
            st.html('<a class="quiet-link" href="/links" target="_self">Choose other rules</a>')
        else:
            st.text("It asks whoever opens it who they are.")


def _show_sending_out(begun: Beginning) -> None:
    runtime = get_runtime()
    with st.container(border=True, key="first_send"):
        _head(3, "Send it to somebody, or open it in a private window", is_done=False)
        if begun.link is None:
            st.text("Its address will be here to copy.")
            return
        address = build_share_address(runtime.origin, begun.link)
        show_to_copy(address, "Copy link", key="first_link_address")
        show_qr_code(begun.link)
        st.text(
            "In this window you are signed in, so your own visits are previews and make no contact."
        )
        if waiting := outbox_sentence(find_outbox_channels(runtime.deliverers)):
            st.markdown(f"{as_plain(waiting)} [Outbox](/outbox)")


@st.fragment(run_every=3.0)
def _watch_for_contact() -> None:
    """Show the list as soon as there is somebody in it."""
    if has_contact(get_runtime().db):
        st.rerun()
    st.text("Waiting for the first contact. It appears here by itself.")
