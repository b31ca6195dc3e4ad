"""One person, found by their exact address: their access taken away, or all of them erased."""

from collections.abc import Callable
from datetime import datetime

import streamlit as st

from data.database import Database
from data.records import Identifier, Member
from gate.erasure import erase_person, revoke_person
from gate.errors import InvalidIdentifier
from gate.identifiers import parse_email, parse_whatsapp
from gate.visits import Gate
from pages.ui.activity_lists import ACTIVITY_PAGE
from pages.ui.desk_addresses import address_sentence
from pages.ui.forms import Outcome, carry_out
from pages.ui.runtime import get_runtime
from pages.ui.session import get_widget_value, set_widget_value

ADDRESS = "activity_person"

Deed = Callable[[Gate, Identifier, Member, datetime], bool]


def show_person_card() -> None:
    """The field for an address, and what can be done to whoever has it; emptied once it is done."""
    with st.container(border=True):
        st.markdown("**Somebody asks to be forgotten, or should see nothing more**")
        typed = st.text_input("Their exact email address, or number with +", key=ADDRESS).strip()
        with st.container(horizontal=True):
            st.button(
                "Revoke access",
                key="activity_revoke",
                help="Every open tab and file of theirs is dead at once. They may pass again.",
                on_click=do_to_person,
                args=(
                    revoke_person,
                    "Their access is revoked on every link, in open tabs too.",
                    "No contact has this address. Check how it is written.",
                ),
            )
            with st.popover("Erase…", icon=":material/delete_forever:"):
                st.text(f"Erase {typed}?" if typed else "Write down first whom to erase.")
                st.text(
                    "The contact, its visits and every address of theirs are deleted, also those "
                    "that were only typed at a gate, and leave every number. It can't be undone. "
                    "Backups made before still hold them."
                )
                st.button(
                    "Erase this person",
                    key="activity_erase",
                    on_click=do_to_person,
                    args=(
                        erase_everywhere,
                        "Erased. Nothing of them is left in any table.",
                        "Nothing is known of this address. Check how it is written.",
                    ),
                )


def erase_everywhere(gate: Gate, identifier: Identifier, member: Member, now: datetime) -> bool:
    """Whether anything was known of whoever has this identifier, here or in the outbox."""
    return erase_person(gate, identifier, member, now, outbox=get_runtime().outbox)


def do_to_person(deed: Deed, done: str, missed: str) -> None:
    """Carry a deed out on whoever has the typed address, and say so. For a button's callback."""
    typed = get_widget_value(ADDRESS, "")

    def act(db: Database, member: Member, now: datetime) -> Outcome:
        try:
            identifier = parse_email(typed) if "@" in typed else parse_whatsapp(typed, None)
        except InvalidIdentifier as refusal:
            return Outcome(address_sentence(refusal), is_refusal=True)
        if deed(get_runtime().gate, identifier, member, now):
            return Outcome(done)
        return Outcome(missed, is_refusal=True)

    if not carry_out(ACTIVITY_PAGE, act).is_refusal:
        set_widget_value(ADDRESS, "")
