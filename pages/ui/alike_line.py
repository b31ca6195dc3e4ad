"""One quiet line on the contacts page: how many pairs may be one person, and the way to them."""

import streamlit as st

from pages.ui.alike_count import get_alike_count
from pages.ui.desk_words import say_count

ALIKE_PATH = "/same_person"


def show_alike_line() -> None:
    """The line, if there is any such pair."""
    count = get_alike_count()
    if not count:
        return
    words = f"{say_count(count, 'pair', 'pairs')} of contacts may be the same person"
    style = "color:light-dark(#1d4ed8,#93c0ff)"
    st.html(
        f'<p style="margin:0"><a href="{ALIKE_PATH}" target="_self" style="{style}">{words}</a></p>'
    )
