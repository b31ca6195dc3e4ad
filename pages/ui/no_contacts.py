"""What the contacts page says when its list is empty: what left everybody out."""

import streamlit as st

from data.contact_filter import ContactFilter
from data.contact_queries import count_contacts, match_contacts
from data.database import Reader
from pages.ui.url_view import ContactView
from pages.ui.view_binding import clear_filters, is_filtered


def show_no_contacts(db: Reader, view: ContactView, words: str) -> None:
    """Say why nobody is listed and what to do: clear the filters, or look among the archived."""
    if is_filtered(view) and count_contacts(db, match_contacts(ContactFilter())) > 0:
        _show_no_match(words)
    else:
        _show_all_archived()


def _show_no_match(words: str) -> None:
    with st.container(border=True):
        st.header("No contact matches", anchor=False)
        st.text(words)
        st.text("Change the search, take a filter away, or clear all of them at once.")
        st.button(
            "Clear all filters", type="primary", on_click=clear_filters, key="contacts_clear_all"
        )


def _show_all_archived() -> None:
    with st.container(border=True):
        st.header("Every contact is archived", anchor=False)
        st.text("Include archived contacts in the sidebar to see them, and put them back.")
