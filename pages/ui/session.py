"""What one open page remembers between its runs: the only home of `st.session_state`.

Nothing here decides who gets in: that is read from the database on every run.
"""

import secrets
import threading
from typing import TypeVar

import streamlit as st

T = TypeVar("T")

_lock = threading.Lock()


def remember(name: str, value: object) -> None:
    """Keep a value of this page until it is forgotten; names begin with the page's own."""
    st.session_state[f"kept:{name}"] = value


def recall(name: str, default: T) -> T:
    """What was kept under this name, if it is of the default's kind; else the default."""
    value = st.session_state.get(f"kept:{name}", default)
    return value if default is None or isinstance(value, type(default)) else default


def forget(name: str) -> None:
    """Drop what was kept under this name."""
    st.session_state.pop(f"kept:{name}", None)


def get_widget_value(key: str, default: T) -> T:
    """What a widget holds, for a callback; the default if it holds nothing of that kind."""
    value = st.session_state.get(key, default)
    return value if default is None or isinstance(value, type(default)) else default


def holds_widget_value(key: str) -> bool:
    """Whether a widget of this key was drawn in the last run, or is seeded for this one."""
    return key in st.session_state


def get_clicked_row(key: str) -> int | None:
    """In which row of a grid a button was clicked, the first being 0; for that click's callback."""
    click = st.session_state.get(key)
    return None if click is None else int(click["row"])


def set_widget_value(key: str, value: object) -> None:
    """Seed a widget before it is drawn in this run."""
    st.session_state[key] = value


def seed_widget_value(key: str, value: object) -> None:
    """Give a widget its first value; what it holds already stays."""
    st.session_state.setdefault(key, value)


def get_nonce(name: str) -> str:
    """The one-time number of a form: hand it to the form's callback, which spends it."""
    key = f"nonce:{name}"
    with _lock:
        if key not in st.session_state:
            st.session_state[key] = secrets.token_hex(8)
        return str(st.session_state[key])


def spend_nonce(name: str, value: str) -> bool:
    """Whether this is the first submission of the form; impatient clicks after it are not."""
    key = f"nonce:{name}"
    with _lock:
        if st.session_state.get(key) != value:
            return False
        st.session_state[key] = secrets.token_hex(8)
        return True
