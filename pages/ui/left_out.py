"""The line below the list that says which sessions no number counts, and opens them."""

from zoneinfo import ZoneInfo

import streamlit as st

from data.contact_filter import ContactFilter
from data.database import Reader
from data.left_out import (
    LeftOut,
    LeftOutSession,
    count_left_out_sessions,
    find_left_out_sessions,
)
from data.records import SessionKind
from pages.ui.table import MAX_ROWS_IN_SIGHT, NEVER, ROW_PIXELS, say_instant

PAGE_SIZE = 50
_KEY = "contacts_left_out"
_KINDS = {
    SessionKind.INTERNAL: "Internal",
    SessionKind.BOT: "Bot",
    SessionKind.VIEWER: "Open link",
}


def show_left_out(db: Reader, contact_filter: ContactFilter, *, counted: int) -> None:
    """How many of all sessions are counted, and behind a click those that are not."""
    left_out = count_left_out_sessions(db, contact_filter)
    words = say_left_out(left_out, counted, contact_filter)
    if not left_out.total:
        st.text(words)
        return
    lid = st.expander(words, key=_KEY, on_change="rerun")
    if lid.open:
        with lid:
            _show_sessions(db, contact_filter, left_out)


def say_left_out(left_out: LeftOut, counted: int, contact_filter: ContactFilter) -> str:
    """The line: "1,204 of 1,331 sessions: 96 internal, 31 bots." and what it cannot tell apart."""
    kinds = (
        (left_out.internal, "internal", "internal"),
        (left_out.bots, "bot", "bots"),
        (left_out.on_open_links, "on an open link", "on open links"),
        (left_out.of_archived, "of an archived contact", "of archived contacts"),
    )
    told = ", ".join(f"{n:,} {one if n == 1 else many}" for n, one, many in kinds if n)
    if contact_filter.narrows_contacts:
        sessions = _count_sessions(counted)
        return f"{sessions} of these contacts. Left out, whoever came: {told or 'none'}."
    if not told:
        return f"{_count_sessions(counted)}, none left out."
    return f"{counted:,} of {_count_sessions(counted + left_out.total)}: {told}."


def _show_sessions(db: Reader, contact_filter: ContactFilter, left_out: LeftOut) -> None:
    pages = -(-left_out.total // PAGE_SIZE)
    # Another number of pages is another widget: a page that is gone is not asked for.
    chosen = st.pagination(pages, key=f"{_KEY}_page_{pages}") if pages > 1 else 1
    skipped = (min(chosen if isinstance(chosen, int) else 1, pages) - 1) * PAGE_SIZE
    sessions = find_left_out_sessions(db, contact_filter, skipped=skipped, most=PAGE_SIZE)
    zone = ZoneInfo(contact_filter.time_zone)
    st.dataframe(
        {
            "When": [say_instant(one.started_at, zone) for one in sessions],
            "Why it is left out": [_say_why(one) for one in sessions],
            "Who": [one.who or NEVER for one in sessions],
            "Share link": [one.link_name for one in sessions],
            "Documents opened": [one.document_count for one in sessions],
        },
        hide_index=True,
        height=(min(len(sessions), MAX_ROWS_IN_SIGHT) + 1) * ROW_PIXELS + 2,
        row_height=ROW_PIXELS,
        alt="Viewing sessions that are left out of every number",
    )


def _say_why(session: LeftOutSession) -> str:
    return "Archived contact" if session.is_archived_contact else _KINDS[session.kind]


def _count_sessions(count: int) -> str:
    return f"{count:,} session{'' if count == 1 else 's'}"
