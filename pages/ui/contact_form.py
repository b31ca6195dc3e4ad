"""What an owner writes down about a contact, and what the contact consented to."""

from collections.abc import Sequence
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

import streamlit as st

from data.consents import Consent, find_consents
from data.contacts import Contact, find_tags
from data.database import Database, Reader
from data.links import get_share_link_by_id
from data.records import Channel, ContactIdentifier, Member
from gate.companies import guess_company
from gate.contact_details import (
    MAX_NOTES_LENGTH,
    MAX_TAG_LENGTH,
    MAX_TAGS,
    ContactDetails,
    change_contact,
)
from gate.names import MAX_NAME_LENGTH
from pages.ui.forms import Outcome, carry_out
from pages.ui.plain import as_plain
from pages.ui.runtime import get_reader
from pages.ui.session import get_widget_value
from pages.ui.table import QUIET, say_instant

CONTACTS_PAGE = "contacts"


def show_details(
    contact: Contact, identifiers: Sequence[ContactIdentifier], *, is_owner: bool
) -> None:
    """Name, company, tags and notes, for an owner to change."""
    prefix = f"contact_{contact.contact_id}"
    guess = None if contact.company else _guess(identifiers)
    with st.form(f"{prefix}_details", border=False):
        st.text_input(
            "Name",
            value=contact.name or "",
            key=f"{prefix}_name",
            max_chars=MAX_NAME_LENGTH,
            disabled=not is_owner,
        )
        st.text_input(
            "Company",
            value=contact.company or "",
            key=f"{prefix}_company",
            max_chars=MAX_NAME_LENGTH,
            placeholder=f"{guess}?" if guess else "",
            help=as_plain(f"The address looks like one of {guess}.") if guess else None,
            disabled=not is_owner,
        )
        _show_tags(contact, f"{prefix}_tags", is_owner=is_owner)
        st.text_area(
            "Notes",
            value=contact.notes or "",
            key=f"{prefix}_notes",
            max_chars=MAX_NOTES_LENGTH,
            disabled=not is_owner,
        )
        st.form_submit_button(
            "Save",
            type="primary",
            disabled=not is_owner,
            help=None if is_owner else "Only an owner changes what is written down.",
            on_click=save_details,
            args=(contact.contact_id,),
        )


def _show_tags(contact: Contact, key: str, *, is_owner: bool) -> None:
    st.multiselect(
        "Tags",
        sorted({*find_tags(get_reader()), *contact.tags}, key=str.casefold),
        default=list(contact.tags),
        key=key,
        accept_new_options=True,
        # Enter chooses the first line of the list, which would be every tag that there is.
        select_all=False,
        max_selections=MAX_TAGS,
        placeholder="Choose, or type a new one" if is_owner else "None",
        help=f"At most {MAX_TAGS} of {MAX_TAG_LENGTH} characters each.",
        disabled=not is_owner,
    )


def save_details(contact_id: int) -> None:
    """Write down what the form's fields hold. For its button's callback."""
    prefix = f"contact_{contact_id}"
    details = ContactDetails(
        name=get_widget_value(f"{prefix}_name", ""),
        company=get_widget_value(f"{prefix}_company", ""),
        notes=get_widget_value(f"{prefix}_notes", ""),
        tags=tuple(get_widget_value(f"{prefix}_tags", [])),
    )

    def save(db: Database, member: Member, now: datetime) -> Outcome:
        change_contact(db, contact_id, details, member, now)
        return Outcome("Saved.")

    carry_out(CONTACTS_PAGE, save)


def show_consents(contact_id: int, zone: ZoneInfo) -> None:
    """What the contact consented to, word by word and when; nothing for none."""
    db = get_reader()
    consents = find_consents(db, contact_id)
    if not consents:
        return
    items = "".join(_consent_line(db, consent, zone) for consent in consents)
    st.html(
        '<p style="margin:.6rem 0 .4rem;font-weight:600">Consent</p>'
        f'<ul aria-label="Consent" style="list-style:none;margin:0;padding:0">{items}</ul>'
    )


def _consent_line(db: Reader, consent: Consent, zone: ZoneInfo) -> str:
    link = get_share_link_by_id(db, consent.share_link_id)
    parts = [
        say_instant(consent.given_at, zone),
        f"at {link.name if link else 'a link'}",
        f"as {consent.address} ({'verified' if consent.is_verified else 'not verified'})",
    ]
    if consent.withdrawn_at is not None:
        parts.append(f"withdrawn on {say_instant(consent.withdrawn_at, zone)}")
    return (
        f'<li style="margin:0 0 .6rem;overflow-wrap:anywhere">“{escape(consent.wording)}”<br>'
        f'<span style="{QUIET}">{escape(" · ".join(parts))}</span></li>'
    )


def _guess(identifiers: Sequence[ContactIdentifier]) -> str | None:
    guesses = (guess_company(one.address) for one in identifiers if one.channel is Channel.EMAIL)
    return next((guess for guess in guesses if guess), None)
