"""Contacts and their visits, for the tests of the owner's contacts page and its download."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from data.database import Database
from data.records import Channel, Document, SessionKind, ShareLink
from tests.factories import (
    add_contact,
    add_document,
    add_link_passed,
    add_session,
    add_share_link,
    add_workspace,
)


@dataclass(frozen=True)
class Visits:
    """What the contacts came through, and what they opened."""

    deck: Document
    terms: Document
    investors: ShareLink
    press: ShareLink


def add_visits(db: Database, now: datetime) -> Visits:
    """Ada (verified) came 3 times, Bob once by WhatsApp; Carol passed and opened nothing."""
    fundraising, newsroom = add_workspace(db), add_workspace(db, "Newsroom")
    deck = add_document(db, fundraising)
    terms = add_document(db, newsroom, name="Terms.pdf")
    investors = add_share_link(db, fundraising)
    press = add_share_link(db, newsroom, name="To the press", channels=[Channel.WHATSAPP])
    ada = add_contact(db, "ada@example.com", "+447700900001", verified=True)
    bob = add_contact(db, "+447700900123")
    carol = add_contact(db, "carol@example.com")
    for days in (1, 40, 100):
        add_link_passed(db, ada, investors, now - timedelta(days=days))
        add_session(db, ada, investors, now - timedelta(days=days), documents=[deck])
    add_link_passed(db, bob, press, now - timedelta(hours=2))
    add_session(db, bob, press, now - timedelta(hours=2), documents=[terms])
    add_link_passed(db, carol, investors, now - timedelta(days=3))
    add_session(db, None, press, now, documents=[terms], kind=SessionKind.BOT)
    return Visits(deck, terms, investors, press)


def add_crowd(db: Database, link: ShareLink, now: datetime, *, size: int) -> None:
    """So many contacts more, each with one visit, an hour apart."""
    for number in range(size):
        contact = add_contact(db, f"person{number:03}@example.org")
        add_link_passed(db, contact, link, now - timedelta(hours=number))
        add_session(db, contact, link, now - timedelta(hours=number))
