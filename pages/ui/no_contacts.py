"""What the contacts page says when its list is empty: what left everybody out."""

from dataclasses import replace

import streamlit as st

from data.contact_filter import ContactFilter
from data.contact_queries import count_contacts, match_contacts
from data.database import Reader
from pages.ui.desk_words import say_count
from pages.ui.url_view import ContactView
from pages.ui.view_binding import clear_filters, is_filtered, narrow_view


def show_no_contacts(
    db: Reader, view: ContactView, contact_filter: ContactFilter, words: str
) -> None:
    """Say why nobody is listed and what to do: clear the filters, or look among the archived.

    `words` say the view, of which `contact_filter` is what the list was asked for.
    """
    if is_filtered(view) and count_contacts(db, match_contacts(ContactFilter())) > 0:
        with_archived = replace(contact_filter, includes_archived=True)
        _show_no_match(words, count_contacts(db, match_contacts(with_archived)))
    else:
        _show_all_archived()


def _show_no_match(words: str, archived: int) -> None:
    with st.container(border=True):
        st.header("No contact matches", anchor=False)
        st.text(words)
        if archived:
            st.text(
                f"{say_count(archived, 'archived contact matches', 'archived contacts match')}."
            )
        st.text("Change the search, take a filter away, or clear all of them at once.")
        with st.container(horizontal=True):
            if archived:
                st.button(
                    "Include archived contacts",
                    type="primary",
                    on_click=narrow_view,
                    kwargs={"includes_archived": True},
                    key="contacts_include_archived",
                )
            st.button(
                "Clear all filters",
                type="secondary" if archived else "primary",
                on_click=clear_filters,
                key="contacts_clear_all",
            )


def _show_all_archived() -> None:
    with st.container(border=True):
        st.header("Every contact is archived", anchor=False)
        st.text("Include archived contacts in the sidebar to see them, and put them back.")
