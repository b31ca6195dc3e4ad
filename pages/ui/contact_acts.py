"""What an owner can do about a contact: archive it, take its access away, erase the person."""

from collections.abc import Callable, Sequence
from datetime import datetime

import streamlit as st

from data.contacts import Contact
from data.database import Database
from data.identifiers import find_identifiers
from data.records import ContactIdentifier, Member
from gate.contact_details import archive_contact, restore_contact
from gate.desk_errors import ContactFault, ContactRefused
from gate.erasure import erase_person, revoke_person
from pages.ui.contact_form import CONTACTS_PAGE
from pages.ui.forms import Outcome, carry_out
from pages.ui.runtime import get_runtime
from pages.ui.view_binding import close_contact


def show_acts(contact: Contact, identifiers: Sequence[ContactIdentifier]) -> None:
    """The buttons; erasing asks once more."""
    first = identifiers[0].identifier_id
    with st.container(horizontal=True):
        _show_archiving(contact)
        st.button(
            "Revoke access",
            key="contact_revoke",
            help="Every open tab and file of theirs is dead at once. They may pass again.",
            on_click=revoke_whoever,
            args=(first,),
        )
        with st.popover("Erase…", icon=":material/delete_forever:"):
            st.text(
                f"Erase {identifiers[0].address}? The contact, its visits and every address of "
                "theirs are deleted, and leave every number. It can't be undone. Backups made "
                "before still hold them."
            )
            st.button(
                "Erase this person", key="contact_erase", on_click=erase_whoever, args=(first,)
            )


def _show_archiving(contact: Contact) -> None:
    if contact.archived_at is None:
        st.button(
            "Archive",
            key="contact_archive",
            help="Out of list, charts and exports. They can still open what they may.",
            on_click=set_archived,
            args=(
                contact.contact_id,
                archive_contact,
                "Archived. It left the list, the charts and the exports.",
            ),
        )
    else:
        st.button(
            "Put back",
            key="contact_restore",
            on_click=set_archived,
            args=(contact.contact_id, restore_contact, "It is back in the list."),
        )


def set_archived(
    contact_id: int, act: Callable[[Database, int, Member, datetime], None], done: str
) -> None:
    """Archive a contact or put it back, and say so. For a button's callback."""

    def change(db: Database, member: Member, now: datetime) -> Outcome:
        act(db, contact_id, member, now)
        return Outcome(done)

    carry_out(CONTACTS_PAGE, change)


def revoke_whoever(identifier_id: int) -> None:
    """Take away the access of whoever has this address. For a button's callback."""

    def revoke(db: Database, member: Member, now: datetime) -> Outcome:
        for one in find_identifiers(db, [identifier_id]):
            if revoke_person(get_runtime().gate, one, member, now):
                return Outcome("Their access is revoked on every link, in open tabs too.")
        raise ContactRefused(ContactFault.GONE)

    carry_out(CONTACTS_PAGE, revoke)


def erase_whoever(identifier_id: int) -> None:
    """Erase whoever has this address. For a button's callback."""

    def erase(db: Database, member: Member, now: datetime) -> Outcome:
        runtime = get_runtime()
        for one in find_identifiers(db, [identifier_id]):
            if erase_person(runtime.gate, one, member, now, outbox=runtime.outbox):
                close_contact()
                return Outcome("Erased. Nothing of them is left in any table.")
        raise ContactRefused(ContactFault.GONE)

    carry_out(CONTACTS_PAGE, erase)
