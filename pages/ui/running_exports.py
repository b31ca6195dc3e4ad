"""How far the downloads are that this process is sending just now, each for its own member."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from gate.exports import OpenedExport

_lock = threading.Lock()
_running: list[OpenedExport] = []


@contextmanager
def note_export(opened: OpenedExport) -> Iterator[None]:
    """Have this download told of until the block ends."""
    with _lock:
        _running.append(opened)
    try:
        yield
    finally:
        with _lock:
            _running.remove(opened)


def find_running(member_id: int) -> list[OpenedExport]:
    """The member's downloads that are on their way, the oldest first."""
    with _lock:
        return [opened for opened in _running if opened.member_id == member_id]


@st.fragment(run_every="2s")
def show_running_exports(member_id: int) -> None:
    """A line for each download of the member's that is on its way; nothing without any."""
    for opened in find_running(member_id):
        share = opened.rows_sent / opened.row_count if opened.row_count else 1.0
        words = f"{opened.file_name}: {opened.rows_sent:,} of {opened.row_count:,} rows"
        st.progress(min(share, 1.0), text=words.replace("_", "\\_"))
