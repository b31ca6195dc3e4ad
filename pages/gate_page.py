"""The gate: what a share link shows to whoever opens it, step by step, until the document.

The step is computed from link, pass and open challenge on every run, and stored nowhere.
"""

from contextlib import suppress

import streamlit as st

from data.accounts import get_account
from data.database import StorageFailed
from data.links import get_share_link
from data.records import ShareLink
from gate.challenges import find_awaited_challenge
from gate.crawlers import is_crawler_agent
from gate.entries import read_entry
from gate.errors import LinkUnavailable
from gate.openings import record_opening
from gate.passes import open_unasked, read_pass
from gate.passwords import is_unlocked
from gate.remembered import find_known_viewer
from gate.visits import Visit, find_recent_browser_id, is_replaced_browser, require_live_link
from pages.ui.asking import get_member
from pages.ui.components import claim_grant_in_browser, reload_in_browser
from pages.ui.direction import apply_direction
from pages.ui.gate_code import show_code_step
from pages.ui.gate_forms import (
    OTHER_ADDRESS,
    show_address_step,
    show_confirm_step,
    show_password_step,
)
from pages.ui.gate_steps import GRANT
from pages.ui.opened import show_opened
from pages.ui.plain import as_plain
from pages.ui.runtime import get_runtime, is_started
from pages.ui.session import forget, recall, remember
from pages.ui.viewer import get_language, get_visit, tell, tell_name, tell_refusal


def show_gate(visit: Visit) -> None:
    """The step that this browser is at, at this link."""
    runtime = get_runtime()
    note_opening(visit)
    link = get_share_link(runtime.db, visit.slug)
    live = None
    if link is not None:
        live = read_pass(runtime.db, runtime.pepper, visit.browser_hash, link, visit.now)
    try:
        if link is None or live is None:
            link = require_live_link(runtime.db, visit.slug, visit.now)
        if not visit.browser_hash:
            # Whatever it gave would be asked of it again and again.
            show_dead_end(tell("page.needs_cookies"))
            return
        account_name = get_account(runtime.db).name
        show_title(link, visit, account_name, is_open=live is not None)
        if live is not None and not recall(GRANT, ""):
            show_opened(link, live, visit)
        else:
            show_asked(link, visit, account_name)
    except (LinkUnavailable, StorageFailed) as refusal:
        show_dead_end(tell_refusal(refusal))


def show_title(link: ShareLink, visit: Visit, account_name: str, *, is_open: bool) -> None:
    """Who shares what; before its password is given, not even what it is called."""
    db = get_runtime().db
    shared_by = as_plain(tell("page.shared_by", account=account_name))
    browser_id = find_recent_browser_id(db, visit.browser_hash, visit.now)
    if is_open or is_unlocked(db, link, browser_id, visit.now):
        st.caption(shared_by)
        st.header(as_plain(tell_name(link.name)), anchor=False)
    else:
        st.header(shared_by, anchor=False)


def show_dead_end(sentence: str) -> None:
    """What the viewer is told where nothing opens, in the middle of an otherwise empty page."""
    with st.container(key="gate_dead_end"):
        st.header(as_plain(sentence), anchor=False, text_alignment="center")


def note_opening(visit: Visit) -> None:
    """Note once for each open page that somebody stands here; crawlers and members are nobody."""
    noted = f"gate:noted:{visit.slug}"
    agent = st.context.headers.get("User-Agent") or ""
    if recall(noted, False) or is_crawler_agent(agent) or get_member() is not None:
        return
    # A full disk keeps nobody from a document that needs nothing written.
    with suppress(StorageFailed, LinkUnavailable):
        record_opening(get_runtime().gate, visit)
    remember(noted, True)


def show_asked(link: ShareLink, visit: Visit, account_name: str) -> None:
    """Whatever stands between this browser and the document."""
    db = get_runtime().db
    is_replaced = is_replaced_browser(db, visit.browser_hash)
    grant = recall(GRANT, "")
    if grant and not is_replaced:
        claim_grant_in_browser(grant, link.slug, tell("page.open_by_hand"))
        return
    forget(GRANT)
    browser_id = find_recent_browser_id(db, visit.browser_hash, visit.now)
    with st.container(key="gate_step"):
        if not is_unlocked(db, link, browser_id, visit.now):
            if is_replaced:
                reload_in_browser()
            else:
                show_password_step(link, account_name)
            return
        if link.channels:
            show_identified(link, visit, account_name, is_replaced=is_replaced)
            return
    if is_replaced:
        reload_in_browser()
    else:
        show_opened(link, open_unasked(get_runtime().gate, visit), visit)


def show_identified(link: ShareLink, visit: Visit, account_name: str, *, is_replaced: bool) -> None:
    """The code step while a code is awaited, else a known viewer's, else the address step."""
    gate = get_runtime().gate
    entry = read_entry(gate, visit)
    challenge = None if entry is None else find_awaited_challenge(gate, entry)
    if entry is not None and challenge is not None:
        show_code_step(link, entry, challenge)
        return
    if is_replaced:
        reload_in_browser()
        return
    known = [] if recall(OTHER_ADDRESS, False) else find_known_viewer(gate, visit, link)
    if known:
        show_confirm_step(link, known, account_name)
    else:
        show_address_step(link, account_name)


if is_started():
    apply_direction(get_language())
    show_gate(get_visit(st.query_params.get("link", "")))
else:
    show_dead_end(tell_refusal(LinkUnavailable()))
