"""The gate: what a share link shows to whoever opens it, step by step, until the document.

The step is computed from link, pass and open challenge on every run, and stored nowhere.
"""

import streamlit as st

from data.accounts import get_account
from data.documents import find_documents, get_document
from data.links import get_share_link
from data.records import Document, Pass, ShareLink, ViewingSession
from gate.challenges import find_awaited_challenge
from gate.entries import read_entry
from gate.errors import LinkUnavailable
from gate.passes import open_unasked, read_pass
from gate.sessions import (
    Opening,
    close_session,
    open_viewing_session,
    record_heartbeat,
    session_kind,
)
from gate.visits import Visit, is_replaced_browser, require_live_link
from pages.ui.asking import get_browser_hash, get_member
from pages.ui.components import claim_grant_in_browser, reload_in_browser
from pages.ui.document_view import choose_document, show_document
from pages.ui.gate_forms import GRANT, show_address_step, show_code_step
from pages.ui.plain import as_plain
from pages.ui.runtime import get_runtime, is_started
from pages.ui.session import forget, recall
from pages.ui.words import refusal_sentence, say


def show_gate(visit: Visit) -> None:
    """The step that this browser is at, at this link."""
    runtime = get_runtime()
    try:
        link = require_live_link(runtime.db, visit.slug, visit.now)
    except LinkUnavailable as refusal:
        st.subheader(as_plain(refusal_sentence(refusal)))
        return
    account_name = get_account(runtime.db).name
    st.caption(as_plain(say("page.shared_by", account=account_name)))
    st.header(as_plain(link.name), anchor=False)
    grant = recall(GRANT, "")
    if grant and not is_replaced_browser(runtime.db, visit.browser_hash):
        claim_grant_in_browser(grant, link.slug, say("page.open_by_hand"))
        return
    forget(GRANT)
    live = read_pass(runtime.db, visit.browser_hash, link, visit.now)
    if live is not None:
        show_opened(link, live, visit)
    elif not link.channels and not is_replaced_browser(runtime.db, visit.browser_hash):
        show_opened(link, open_unasked(runtime.db, visit), visit)
    else:
        with st.container(key="gate_step"):
            show_asked(link, visit, account_name)


def show_asked(link: ShareLink, visit: Visit, account_name: str) -> None:
    """The code step while a code is awaited, else the address step."""
    runtime = get_runtime()
    entry = read_entry(runtime.gate, visit)
    challenge = None if entry is None else find_awaited_challenge(runtime.gate, entry)
    if entry is not None and challenge is not None:
        show_code_step(link, entry, challenge)
    elif is_replaced_browser(runtime.db, visit.browser_hash):
        reload_in_browser()
    else:
        show_address_step(link, account_name)


def show_opened(link: ShareLink, live: Pass, visit: Visit) -> None:
    """The document, and the viewing session that it belongs to."""
    documents = find_shared(link)
    if not documents:
        st.text(say("page.no_documents"))
        return
    document = choose_document(documents)
    is_member = get_member() is not None
    if is_member:
        st.info(as_plain(say("page.previewing")))
    agent = st.context.headers.get("User-Agent") or ""
    kind = session_kind(agent, live, is_member=is_member)
    opening = Opening(link, live, kind, document.document_id)
    session = open_viewing_session(get_runtime().db, opening, visit.now)
    with st.container(key="shared_document"):
        show_document(link, document)
    watch(link, session)


def find_shared(link: ShareLink) -> list[Document]:
    """What the link opens: its one document, or all of its workspace."""
    db = get_runtime().db
    if link.document_id is None:
        return find_documents(db, workspace_id=link.workspace_id)
    document = get_document(db, link.document_id)
    return [] if document is None else [document]


@st.fragment(run_every=15.0)
def watch(link: ShareLink, session: ViewingSession) -> None:
    """While the page is open: note that the viewer is there, and stop once the pass is dead."""
    runtime = get_runtime()
    now, browser_hash = runtime.clock(), get_browser_hash()
    current = get_share_link(runtime.db, link.slug) or link
    if read_pass(runtime.db, browser_hash, current, now) is not None:
        record_heartbeat(runtime.db, session, now)
        return
    # A browser with a newer cookie still has its pass: its page only has to load again.
    if not is_replaced_browser(runtime.db, browser_hash):
        close_session(runtime.db, session, now)
    st.rerun()


if is_started():
    show_gate(Visit(get_browser_hash(), st.query_params.get("link", ""), get_runtime().clock()))
else:
    st.subheader(as_plain(refusal_sentence(LinkUnavailable())))
