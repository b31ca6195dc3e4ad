"""Who is asking: the browser and the signed-in member behind this run, read again each time."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import NoReturn

import streamlit as st

from data.database import StorageFailed
from data.records import Member, Role
from gate.member_tries import DeskVisit
from gate.members import note_presence, read_member
from gate.visits import is_replaced_browser
from pages.ui.components import reload_in_browser
from pages.ui.runtime import get_runtime, is_started

# Set by pages/routes/who.py from the cookie; what a client sends under these names is dropped.
BROWSER_HEADER = "X-Gatebook-Browser"
NETWORK_HEADER = "X-Gatebook-Network"
# Who was found to be asking, while the page of the same run is drawn. Callbacks and fragments run
# outside of that and read anew.
_found: ContextVar[tuple[Member | None] | None] = ContextVar("found_member", default=None)


def get_browser_hash() -> str:
    """The SHA-256 of this browser's cookie at the websocket's handshake; empty without one."""
    return st.context.headers.get(BROWSER_HEADER) or ""


def get_network() -> str:
    """The client's address as limits count it (IPv4 /32, IPv6 /64); empty if unknown."""
    return st.context.headers.get(NETWORK_HEADER) or ""


def get_desk_visit() -> DeskVisit:
    """This browser at the desk's door, now."""
    return DeskVisit(get_browser_hash(), get_runtime().clock(), get_network())


def get_member() -> Member | None:
    """The member signed in at this browser, or None; read from the database on each run."""
    found = _found.get()
    if found is not None:
        return found[0]
    if not is_started():
        return None
    runtime = get_runtime()
    return read_member(runtime.db, get_browser_hash(), runtime.clock())


def note_member_presence() -> Member | None:
    """The member signed in at this browser, who did something just now, or None.

    Not for what refreshes itself: that is nobody's doing.
    """
    if not is_started():
        return None
    runtime = get_runtime()
    # A full disk keeps no owner from looking.
    with suppress(StorageFailed):
        return note_presence(runtime.db, get_browser_hash(), runtime.clock())
    return get_member()


@contextmanager
def drawing_for(member: Member | None) -> Iterator[None]:
    """While the block draws a page of this run, this member is who asks, without a question."""
    token = _found.set((member,))
    try:
        yield
    finally:
        _found.reset(token)


def require_member() -> Member:
    """The signed-in member; for anyone else the page stops here with the way to sign in."""
    member = get_member()
    if member is None:
        reload_if_replaced()
        st.title("Sign in to see this page.", anchor=False)
        # The same address again: for whoever is not signed in, it leads by the sign-in page.
        st.html('<a class="quiet-link" href="" target="_self">Sign in</a>')
        st.stop()
    return member


def require_owner() -> Member:
    """The signed-in owner; an analyst is told that only owners change things, and stops here."""
    member = require_member()
    if member.role is not Role.OWNER:
        _stop("Only an owner can open this page.", "Ask an owner of this account.")
    return member


def reload_if_replaced() -> None:
    """Stop for a reload where another tab of this browser has been given a newer cookie."""
    if is_started() and is_replaced_browser(get_runtime().db, get_browser_hash()):
        reload_in_browser()
        st.stop()


def _stop(title: str, advice: str) -> NoReturn:
    st.title(title, anchor=False)
    st.markdown(advice)
    st.stop()
