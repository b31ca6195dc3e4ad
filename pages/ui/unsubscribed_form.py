"""Addresses that unsubscribed in a mailing tool: pasted or from its file, they withdraw consent."""

from datetime import datetime

import streamlit as st

from data.database import Database
from data.records import Member
from gate.expected_list import ReadList, join_read_lists, read_people
from gate.mailings import Withdrawal, withdraw_consents
from pages.ui.contact_form import CONTACTS_PAGE
from pages.ui.desk_words import say_count
from pages.ui.forms import Outcome, carry_out_once
from pages.ui.session import get_nonce, get_widget_value

_FORM = "unsubscribed"


def show_unsubscribed() -> None:
    """The field and the file, emptied once they were read."""
    nonce = get_nonce(CONTACTS_PAGE)
    with st.expander("Unsubscribed elsewhere?"):
        st.text("Whoever is on this list is written to no more: their consent is withdrawn.")
        st.text_area(
            "Addresses that unsubscribed",
            key=f"{_FORM}_{nonce}_text",
            placeholder="ada@example.com\n+55 11 98765-4321",
            height=90,
        )
        st.file_uploader("…and those of a file", type=["csv", "txt"], key=f"{_FORM}_{nonce}_file")
        st.button(
            "Withdraw their consent",
            key=f"{_FORM}_withdraw",
            on_click=withdraw_listed,
            args=(nonce,),
        )


def withdraw_listed(nonce: str) -> None:
    """Withdraw the consent of whom field and file name. For a button's callback."""
    read = _read_list(nonce)

    def withdraw(db: Database, member: Member, now: datetime) -> Outcome:
        if not read.people:
            return Outcome("Paste addresses or choose a file first.", is_refusal=True)
        identifiers = [person.identifier for person in read.people]
        done = withdraw_consents(db, identifiers, member, now)
        return Outcome(withdrawal_words(done, len(read.unread)))

    carry_out_once(CONTACTS_PAGE, nonce, withdraw)


def withdrawal_words(done: Withdrawal, unread: int) -> str:
    """What became of a list of those who unsubscribed."""
    many = say_count(done.withdrawn, "address.", "addresses.") if done.withdrawn else "nobody."
    parts = [f"Consent was withdrawn for {many}"]
    if done.without_consent:
        parts.append(f"{done.without_consent:,} had not consented anyway.")
    if done.unknown:
        parts.append(say_count(done.unknown, "is", "are") + " of no contact here.")
    if unread:
        parts.append(say_count(unread, "line was", "lines were") + " not read.")
    return " ".join(parts)


def _read_list(nonce: str) -> ReadList:
    typed = read_people(get_widget_value(f"{_FORM}_{nonce}_text", ""))
    file = get_widget_value(f"{_FORM}_{nonce}_file", None)
    if file is None or not hasattr(file, "getvalue"):
        return typed
    text = file.getvalue().decode("utf-8-sig", errors="replace")
    return join_read_lists(typed, read_people(text))
