"""What the contacts page says when its list is empty: how to begin, or what left all out."""

import streamlit as st

from data.contact_filter import ContactFilter
from data.contact_queries import count_contacts, match_contacts
from data.database import Database
from pages.ui.url_view import ContactView
from pages.ui.view_binding import clear_filters, is_filtered


def show_no_contacts(db: Database, view: ContactView, words: str) -> None:
    """Say why nobody is listed and what to do: make and share a link, or clear the filters."""
    if is_filtered(view) and count_contacts(db, match_contacts(ContactFilter())) > 0:
        _show_no_match(words)
    else:
        _show_first_steps()


def _show_no_match(words: str) -> None:
    with st.container(border=True):
        st.subheader("No contact matches")
        st.text(words)
        st.text("Take a filter away in the sidebar, or all of them at once.")
        st.button(
            "Clear all filters", type="primary", on_click=clear_filters, key="contacts_clear_all"
        )


def _show_first_steps() -> None:
    with st.container(border=True):
        st.subheader("No contacts yet")
        st.markdown(
            "A contact appears here by itself when somebody passes a share link that asks for "
            "an email address or a WhatsApp number.\n\n"
            "1. Upload a document.\n"
            "2. Make a share link for it, with **Require email** or **Require WhatsApp**.\n"
            "3. Send the link to somebody, or try it yourself in a private window."
        )
        st.html('<a class="primary-link" href="/links" target="_self">Make a share link</a>')
