"""The gate is passed: the list of documents, the one that is open, and its viewing session."""

from contextlib import suppress
from datetime import datetime

import streamlit as st

from data.database import StorageFailed
from data.links import get_share_link
from data.records import Document, Pass, SessionKind, ShareLink, ViewingSession
from gate.documents import find_shared_documents
from gate.passes import read_pass
from gate.sessions import (
    Opening,
    close_session,
    open_viewing_session,
    record_heartbeat,
    session_kind,
)
from gate.visits import Visit, is_replaced_browser
from pages.ui.asking import get_browser_hash, get_member
from pages.ui.document_view import show_document
from pages.ui.gate_focus import focus_step
from pages.ui.plain import as_plain
from pages.ui.runtime import get_runtime
from pages.ui.session import forget, recall, remember
from pages.ui.viewer import get_language, tell, tell_name
from pages.ui.words import is_right_to_left

_CHOSEN = "gate:document"


def show_opened(link: ShareLink, live: Pass, visit: Visit) -> None:
    """The document, and the viewing session that it belongs to.

    Raises:
        LinkUnavailable: the last of the link's views was taken in the meantime.
    """
    documents = find_shared_documents(get_runtime().db, link)
    document = choose_document(documents)
    is_member = get_member() is not None
    if is_member:
        st.info(as_plain(tell("page.previewing")))
    if document is None:
        show_shelf(documents)
        watch(link, None)
        return
    if len(documents) > 1:
        arrow = "→" if is_right_to_left(get_language()) else "←"
        label = tell("page.back_to_documents")
        st.button(f"{arrow} {label}", key="gate_back", on_click=_go_back)
    agent = st.context.headers.get("User-Agent") or ""
    kind = session_kind(agent, live, is_member=is_member)
    session = open_session(link, live, kind, document, visit.now)
    with st.container(key="shared_document"):
        if len(documents) > 1:
            st.subheader(as_plain(tell_name(document.name)), anchor=False)
        show_document(link, document)
    target = ".st-key-gate_back button" if len(documents) > 1 else "#stMain"
    focus_step(f"document:{document.document_id}", target)
    watch(link, session)


def open_session(
    link: ShareLink, live: Pass, kind: SessionKind, document: Document, now: datetime
) -> ViewingSession:
    """The viewing session in which this document is open."""
    opening = Opening(link, live, kind, document.document_id)
    return open_viewing_session(get_runtime().gate, opening, now)


def choose_document(documents: list[Document]) -> Document | None:
    """The one that is shared, or the one that the viewer picked from the list."""
    if len(documents) == 1:
        return documents[0]
    chosen = recall(_CHOSEN, 0)
    return next((one for one in documents if one.document_id == chosen), None)


def show_shelf(documents: list[Document]) -> None:
    """The list of a whole workspace, to pick from."""
    if not documents:
        st.text(tell("page.no_documents"))
        return
    with st.container(key="gate_documents"):
        for document in documents:
            st.button(
                as_plain(tell_name(document.name)),
                key=f"gate_document_{document.document_id}",
                icon=":material/description:",
                width="stretch",
                on_click=remember,
                args=(_CHOSEN, document.document_id),
            )
    focus_step("documents", f".st-key-gate_document_{documents[0].document_id} button")


def _go_back() -> None:
    forget(_CHOSEN)


@st.fragment(run_every=10.0)
def watch(link: ShareLink, session: ViewingSession | None) -> None:
    """While the page is open: note that the viewer is there, and stop once the pass is dead."""
    runtime = get_runtime()
    now, browser_hash = runtime.clock(), get_browser_hash()
    current = get_share_link(runtime.db, link.slug) or link
    if read_pass(runtime.db, runtime.pepper, browser_hash, current, now) is not None:
        if session is not None and not record_heartbeat(runtime.db, session, now):
            # It ended while nobody was there: who is back begins another.
            st.rerun()
        return
    # A browser with a newer cookie still has its pass: its page only has to load again.
    if session is not None and not is_replaced_browser(runtime.db, browser_hash):
        # It ends by itself too; on a full disk, the page must stop all the same.
        with suppress(StorageFailed):
            close_session(runtime.db, session, now)
    st.rerun()
