"""What an owner does with a document or workspace that is there: rename it, put it away or back."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

import streamlit as st

from data.database import Database
from data.records import Member
from pages.ui.forms import Outcome, carry_out
from pages.ui.session import get_widget_value, seed_widget_value, set_widget_value

DOCUMENTS_PAGE = "documents"

# What it gives is the name as it was stored.
Rename = Callable[[Database, int, str, Member, datetime], str]


class SetArchived(Protocol):
    """Put something away or back."""

    def __call__(
        self, db: Database, number: int, member: Member, now: datetime, /, *, is_archived: bool
    ) -> None:
        """Put it away or back, once."""


def show_renaming(noun: str, number: int, name: str, rename: Rename, *, chooser: str) -> None:
    """A field with the name and the button that saves it; a refused name stays typed.

    `chooser` is the key of the widget in which it is chosen by its name.
    """
    key = f"documents_{noun}_{number}_name"
    seed_widget_value(key, name)
    left, right = st.columns([4, 1], vertical_alignment="bottom")
    left.text_input("Name", key=key, max_chars=120)
    right.button(
        "Rename",
        key=f"documents_{noun}_{number}_rename",
        width="stretch",
        on_click=_save_new_name,
        args=(key, number, rename, chooser),
    )


def show_archiving(
    noun: str, number: int, act: SetArchived, *, is_archived: bool, consequence: str
) -> None:
    """The button that puts it back, or the one that archives it after saying what that does."""
    if is_archived:
        st.button(
            "Put back",
            key=f"documents_{noun}_{number}_restore",
            on_click=_set_shelved,
            args=(number, act, "It is back, and so are its links."),
            kwargs={"is_archived": False},
        )
        return
    with st.popover("Archive…", icon=":material/archive:"):
        st.text(consequence)
        st.button(
            f"Archive this {noun}",
            key=f"documents_{noun}_{number}_archive",
            on_click=_set_shelved,
            args=(number, act, f"Archived. Nobody can open this {noun} until you put it back."),
            kwargs={"is_archived": True},
        )


def _save_new_name(key: str, number: int, rename: Rename, chooser: str) -> None:
    typed = get_widget_value(key, "")

    def change(db: Database, member: Member, now: datetime) -> Outcome:
        set_widget_value(key, rename(db, number, typed, member, now))
        # Or the browser goes on asking for what has the old name, which nothing has any more.
        set_widget_value(chooser, number)
        return Outcome("Renamed.")

    carry_out(DOCUMENTS_PAGE, change)


def _set_shelved(number: int, act: SetArchived, done: str, *, is_archived: bool) -> None:
    def change(db: Database, member: Member, now: datetime) -> Outcome:
        act(db, number, member, now, is_archived=is_archived)
        return Outcome(done)

    carry_out(DOCUMENTS_PAGE, change)
