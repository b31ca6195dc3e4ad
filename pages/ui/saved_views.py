"""The saved views above the contacts: choose one, save what is shown, change or delete it."""

from collections.abc import Callable, Sequence
from datetime import datetime

import streamlit as st

from data.database import Database, Reader
from data.records import Member, Role
from data.saved_views import SavedView, find_saved_views
from gate.saved_views import (
    MAX_VIEW_NAME_LENGTH,
    ViewDraft,
    change_saved_view,
    may_change_view,
    remove_saved_view,
    rename_saved_view,
    save_view,
    share_saved_view,
    unshare_saved_view,
)
from pages.ui.contact_form import CONTACTS_PAGE
from pages.ui.forms import Outcome, carry_out, carry_out_once
from pages.ui.opened_view import get_opened_view, is_changed, open_named_view, words_to_save
from pages.ui.session import get_nonce, get_widget_value, set_widget_value
from pages.ui.url_view import ContactView, KnownIds
from pages.ui.view_binding import get_present_view, get_url_words, open_view

_CHOSEN = "contacts_view"
_NAME = "contacts_view_name"
_SHARED = "contacts_view_shared"
_ALL_CONTACTS = 0
_GONE = "That view is not there any more."
_STYLE = """
<style>
.st-key-contacts_views { margin-bottom: 0.25rem; }
@media (max-width: 40rem) { .st-key-contacts_view { flex-basis: 13.5rem !important; } }
.view-changed {
    display: inline-block; margin-bottom: 0.45rem; padding: 0.1rem 0.6rem; border-radius: 999px;
    font-size: 0.875rem; font-weight: 500; white-space: nowrap;
    background: light-dark(#fef3c7, #453313); color: light-dark(#78350f, #fde68a);
}
</style>
"""

Act = Callable[[Database, int, Member, datetime], None]


def bind_saved_views(db: Reader, member: Member, known: KnownIds) -> list[SavedView]:
    """Every view that the member sees; the one that the URL names is open from now on.

    Call it before the view of the page is bound. A name that leads nowhere is told.
    """
    seen = find_saved_views(db, member.member_id)
    if not open_named_view(get_url_words(), seen, known):
        st.info(_GONE, icon=":material/info:")
    return seen


def show_saved_views(seen: Sequence[SavedView], view: ContactView, member: Member) -> None:
    """Which view is open, and what can be done with it; saving what is shown."""
    opened = get_opened_view()
    st.html(_STYLE)
    with st.container(
        horizontal=True, vertical_alignment="bottom", gap="small", key="contacts_views"
    ):
        _show_view_choice(seen, opened.saved.saved_view_id if opened else _ALL_CONTACTS)
        if opened is None:
            _show_saving("Save view", view, member)
            return
        may_change = may_change_view(opened.saved, member)
        if may_change:
            _show_more(opened.saved, member)
        if is_changed(view):
            _show_changed(opened.saved, view, member, may_change=may_change)


def _show_view_choice(seen: Sequence[SavedView], opened_id: int) -> None:
    labels = {_ALL_CONTACTS: "All contacts"}
    for one in seen:
        label = f"{one.name} · shared" if one.is_shared else one.name
        # Another member's view may have been shared under the name of one's own.
        taken = label in labels.values()
        labels[one.saved_view_id] = f"{label} · v{one.saved_view_id}" if taken else label
    if get_widget_value(_CHOSEN, -1) != opened_id:
        set_widget_value(_CHOSEN, opened_id)
    st.selectbox(
        "View",
        list(labels),
        format_func=labels.__getitem__,
        key=_CHOSEN,
        on_change=_open_chosen_view,
        width=300,
    )


def _open_chosen_view() -> None:
    open_view(get_widget_value(_CHOSEN, _ALL_CONTACTS) or None)


def _show_changed(saved: SavedView, view: ContactView, member: Member, *, may_change: bool) -> None:
    st.html('<span class="view-changed">Changed</span>', width="content")
    if may_change:
        st.button(
            "Save",
            key="contacts_view_save",
            help="For all members" if saved.is_shared else None,
            on_click=_save_changes,
            args=(saved.saved_view_id,),
        )
    _show_saving("Save as…", view, member)
    st.button("Revert", key="contacts_view_revert", on_click=open_view, args=(saved.saved_view_id,))


def _show_saving(label: str, view: ContactView, member: Member) -> None:
    is_everybody = not words_to_save(view)
    with st.popover(
        label,
        disabled=is_everybody,
        help="Filter, search or sort first." if is_everybody else None,
        key="contacts_view_saving",
    ):
        st.text_input(
            "Name of the view", key=_NAME, max_chars=MAX_VIEW_NAME_LENGTH, placeholder="Going quiet"
        )
        if member.role is Role.OWNER:
            st.toggle("Share with all members", key=_SHARED)
        st.button(
            "Save this view",
            key="contacts_view_add",
            on_click=_save_as,
            args=(get_nonce(CONTACTS_PAGE),),
        )


def _save_as(nonce: str) -> None:
    words = words_to_save(get_present_view())
    draft = ViewDraft(get_widget_value(_NAME, ""), words, get_widget_value(_SHARED, False))

    def save(db: Database, member: Member, now: datetime) -> Outcome:
        made = save_view(db, draft, member, now)
        return Outcome(f"“{made.name}” is saved.", made_id=made.saved_view_id)

    outcome = carry_out_once(CONTACTS_PAGE, nonce, save)
    if outcome.made_id:
        set_widget_value(_NAME, "")
        set_widget_value(_SHARED, False)
        open_view(outcome.made_id)


def _save_changes(saved_view_id: int) -> None:
    words = words_to_save(get_present_view())

    def change(db: Database, member: Member, now: datetime) -> Outcome:
        change_saved_view(db, saved_view_id, words, member, now)
        return Outcome("The view is saved.")

    if not carry_out(CONTACTS_PAGE, change).is_refusal:
        open_view(saved_view_id)


def _show_more(saved: SavedView, member: Member) -> None:
    number = saved.saved_view_id
    with st.popover("More…", key=f"contacts_view_{number}_more"):
        name = f"contacts_view_{number}_name"
        st.text_input("Name", value=saved.name, key=name, max_chars=MAX_VIEW_NAME_LENGTH)
        st.button(
            "Rename", key=f"contacts_view_{number}_rename", on_click=_rename, args=(number, name)
        )
        if member.role is Role.OWNER:
            _show_sharing(saved)
        whom = "for all members" if saved.is_shared else "for good"
        is_sure = st.checkbox(f"Delete it {whom}", key=f"contacts_view_{number}_sure")
        st.button(
            "Delete view",
            key=f"contacts_view_{number}_delete",
            disabled=not is_sure,
            on_click=_delete,
            args=(number,),
        )


def _show_sharing(saved: SavedView) -> None:
    if saved.is_shared:
        label, act, done = "Stop sharing", unshare_saved_view, "Only you see it now."
    else:
        label, act, done = "Share with all members", share_saved_view, "All members see it now."
    st.button(
        label,
        key=f"contacts_view_{saved.saved_view_id}_sharing",
        on_click=_set_sharing,
        args=(saved.saved_view_id, act, done),
    )


def _set_sharing(saved_view_id: int, act: Act, done: str) -> None:
    _act_on_view(saved_view_id, act, done)


def _rename(saved_view_id: int, key: str) -> None:
    typed = get_widget_value(key, "")

    def rename(db: Database, member: Member, now: datetime) -> Outcome:
        rename_saved_view(db, saved_view_id, typed, member, now)
        return Outcome("The view is renamed.")

    carry_out(CONTACTS_PAGE, rename)


def _delete(saved_view_id: int) -> None:
    if not _act_on_view(saved_view_id, remove_saved_view, "The view is deleted.").is_refusal:
        open_view(None)


def _act_on_view(saved_view_id: int, act: Act, done: str) -> Outcome:
    def change(db: Database, member: Member, now: datetime) -> Outcome:
        act(db, saved_view_id, member, now)
        return Outcome(done)

    return carry_out(CONTACTS_PAGE, change)
