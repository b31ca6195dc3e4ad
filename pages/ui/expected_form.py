"""Putting people down as expected at a share link, pasted or from a file, and taking them off."""

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from data.database import Database
from data.records import Member
from gate.expected_list import ReadList, join_read_lists, read_people
from gate.expected_viewers import Expected, expect_no_more, expect_viewers
from pages.ui.countries import find_countries, guess_region
from pages.ui.desk_words import say_count
from pages.ui.expected_words import added_sentence
from pages.ui.forms import Outcome, carry_out, carry_out_once
from pages.ui.session import get_nonce, get_widget_value, recall, remember

EXPECTED_PAGE = "expected"
_UNREAD = "expected_unread"
_REGION = "expected_region"


def show_expecting(share_link_id: int) -> None:
    """The card with the field and the file, emptied once they were read."""
    nonce = get_nonce(EXPECTED_PAGE)
    prefix = f"expected_{share_link_id}_{nonce}"
    with st.container(border=True):
        st.markdown("**Add people**")
        st.text_area(
            "Email addresses and WhatsApp numbers",
            value=recall(_unread_name(share_link_id), ""),
            key=f"{prefix}_people",
            placeholder="Ada Lovelace <ada@example.com>\nbob@example.com, +55 11 98765-4321",
            help="Apart by lines, commas, semicolons or spaces, with names or without. "
            "Each address is one entry.",
            height=140,
        )
        st.file_uploader("…and those of a file", type=["csv", "txt"], key=f"{prefix}_file")
        _show_region()
        st.button(
            "Add to the list",
            type="primary",
            key=f"{prefix}_add",
            on_click=expect_typed,
            args=(share_link_id, nonce),
        )


def _show_region() -> None:
    names = {one.region: f"{one.name} ({one.calling_code})" for one in find_countries("en")}
    own = guess_region(st.context.locale)
    st.selectbox(
        "Country of numbers without a +",
        list(names),
        index=list(names).index(own) if own in names else None,
        format_func=names.__getitem__,
        key=_REGION,
        placeholder="None: numbers begin with +",
    )


def expect_typed(share_link_id: int, nonce: str) -> None:
    """Put down whom field and file name; what could not be read stays. For a button's callback."""
    prefix = f"expected_{share_link_id}_{nonce}"
    read = _read_fields(prefix)

    def expect(db: Database, member: Member, now: datetime) -> Outcome:
        if not read.people and not read.unread:
            return Outcome("Paste addresses or choose a file first.", is_refusal=True)
        added = expect_viewers(db, share_link_id, read.people, member, now)
        return Outcome(added_sentence(read, added), is_refusal=not read.people)

    outcome = carry_out_once(EXPECTED_PAGE, nonce, expect)
    was_kept = not outcome.is_refusal or not read.people
    left = "\n".join(read.unread)
    typed = get_widget_value(f"{prefix}_people", "")
    remember(_unread_name(share_link_id), left if was_kept else typed)


def take_off(share_link_id: int, expected_viewer_ids: Sequence[int]) -> None:
    """Expect these no more. For a button's callback."""

    def forget_them(db: Database, member: Member, now: datetime) -> Outcome:
        gone = expect_no_more(db, share_link_id, expected_viewer_ids, member, now)
        taken = say_count(gone, "person is", "people are")
        return Outcome(f"{taken} off the list. What they opened stays as it is.")

    carry_out(EXPECTED_PAGE, forget_them)


def show_emptying(share_link_id: int, people: Sequence[Expected]) -> None:
    """The way to begin anew, asked once more."""
    with st.popover("Empty the list…", icon=":material/delete_sweep:"):
        taken = say_count(len(people), "person is", "people are")
        st.text(f"{taken} expected no more. Contacts and their visits stay as they are.")
        st.button(
            "Empty this list",
            key=f"expected_empty_{share_link_id}",
            on_click=take_off,
            args=(share_link_id, [one.expectation.expected_viewer_id for one in people]),
        )


def _unread_name(share_link_id: int) -> str:
    return f"{_UNREAD}_{share_link_id}"


def _read_fields(prefix: str) -> ReadList:
    """What is typed and what the file holds, each with line numbers of its own."""
    region = get_widget_value(_REGION, "") or None
    typed = read_people(get_widget_value(f"{prefix}_people", ""), region)
    file = get_widget_value(f"{prefix}_file", None)
    if file is None or not hasattr(file, "getvalue"):
        return typed
    text = file.getvalue().decode("utf-8-sig", errors="replace")
    return join_read_lists(typed, read_people(text, region))
