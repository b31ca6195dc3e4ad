"""What an owner's buttons do about two contacts that are one person, or one that is two.

All of it is for callbacks; `pages/ui/merge_preview.py` shows first what would become of it.
"""

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from data.database import Database
from data.records import Member
from gate.contact_merges import merge_contacts, undo_merge
from gate.contact_splits import split_contact
from gate.joined_details import MergeChoice
from gate.told_apart import suggest_again, tell_apart
from pages.ui.alike_count import forget_alike_count
from pages.ui.forms import NOTICE_LIFE, Outcome, carry_out, carry_out_once
from pages.ui.runtime import get_runtime
from pages.ui.session import forget, recall, remember
from pages.ui.view_binding import is_looking_at, open_contact

_FIELD_WORDS = {"name": "name", "company": "company", "notes": "notes"}
_LAST_MERGE = "last_merge"
_NO_MERGE = (0, 0.0)


def merge_two(
    page: str, nonce: str, kept_id: int, merged_id: int, choice: MergeChoice, chosen: str
) -> None:
    """Merge the second contact into the first; `chosen` is what the page keeps of the choice."""

    def merge(db: Database, member: Member, now: datetime) -> Outcome:
        number = merge_contacts(
            db, kept_id=kept_id, merged_id=merged_id, choice=choice, member=member, now=now
        )
        return Outcome("Merged. They are one contact now.", made_id=number)

    outcome = carry_out_once(page, nonce, merge)
    forget(chosen)
    forget_alike_count()
    if outcome.made_id:
        remember(_LAST_MERGE, (outcome.made_id, get_runtime().clock().timestamp()))
        if is_looking_at(merged_id):
            open_contact(kept_id)


def undo_last(page: str, contact_merge_id: int) -> None:
    """Undo a merge, and say what could not be put back."""

    def undo(db: Database, member: Member, now: datetime) -> Outcome:
        undone = undo_merge(db, contact_merge_id, member, now)
        words = "Undone. They are two contacts again."
        if undone.unrestored:
            fields = " and ".join(_FIELD_WORDS[field] for field in undone.unrestored)
            words += f" What was changed since stays with the first: {fields}."
        return Outcome(words)

    carry_out(page, undo)
    forget(_LAST_MERGE)
    forget_alike_count()


def show_undo_offer(page: str) -> None:
    """A button that undoes the merge that was made here a moment ago, as long as it is told of."""
    number, merged_at = recall(_LAST_MERGE, _NO_MERGE)
    age = get_runtime().clock().timestamp() - merged_at
    if number and age <= NOTICE_LIFE.total_seconds():
        st.button(
            "Undo the merge",
            key=f"{page}_undo_last",
            icon=":material/undo:",
            on_click=undo_last,
            args=(page, number),
        )


def split_out(page: str, nonce: str, contact_id: int, identifier_ids: Sequence[int]) -> None:
    """Take these addresses out into a contact of their own."""

    def split(db: Database, member: Member, now: datetime) -> Outcome:
        new_contact_id = split_contact(db, contact_id, identifier_ids, member, now)
        return Outcome(
            "Split. What was taken out is a contact of its own now.", made_id=new_contact_id
        )

    carry_out_once(page, nonce, split)
    forget_alike_count()


def dismiss_pair(page: str, one_id: int, other_id: int) -> None:
    """Keep that these two are not the same person."""

    def dismiss(db: Database, member: Member, now: datetime) -> Outcome:
        tell_apart(db, one_id, other_id, member, now)
        return Outcome("Kept apart. This pair isn't suggested any more.")

    carry_out(page, dismiss)
    forget_alike_count()


def suggest_pair(page: str, one_id: int, other_id: int) -> None:
    """Suggest a pair again that was told apart."""

    def suggest(db: Database, member: Member, now: datetime) -> Outcome:
        suggest_again(db, one_id, other_id, member, now)
        return Outcome("This pair may be suggested again.")

    carry_out(page, suggest)
    forget_alike_count()
