"""The demo's rows on their way into the tables: what each holds, and one bulk insert for each.

Steps at the gates and deliveries are numbered by their place, so they come in the order of time.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from data.contact_search import SEARCHED_TEXT
from data.database import Transaction
from data.gate_events import GateEvent
from data.records import ContactIdentifier, Pass, ViewingSession


@dataclass(frozen=True, slots=True)
class ContactMade:
    """A row of `contact`, before the rollups are rebuilt."""

    contact_id: int
    name: str | None
    company: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class BrowserSeen:
    """A row of `browser_key`."""

    key_hash: str
    browser_id: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class LinkPassed:
    """A row of `contact_link`, before the rollups are rebuilt."""

    contact_id: int
    share_link_id: int
    linked_at: datetime


@dataclass(frozen=True, slots=True)
class DocumentOpened:
    """A row of `document_view`."""

    document_view_id: int
    viewing_session_id: int
    document_id: int
    contact_id: int | None
    identifier_id: int | None
    kind: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class CodeDelivered:
    """A row of `delivery`, numbered by its place; its challenge is long forgotten."""

    share_link_id: int
    channel: str
    identifier_hash: str
    identifier_mask: str
    state: str
    reason: str | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """A row of `consent`; its words are those that the gate shows in English."""

    identifier_id: int
    contact_id: int
    share_link_id: int
    wording: str
    is_verified: bool
    given_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class TagNoted:
    """A row of `contact_tag`."""

    contact_id: int
    tag: str


_INSERTS: dict[type, str] = {
    ConsentGiven: """
        insert into consent
        select
            unnest($identifier_id),
            unnest($contact_id),
            unnest($share_link_id),
            unnest($wording),
            'en',
            unnest($is_verified),
            unnest($given_at),
            unnest($withdrawn_at)
    """,
    TagNoted: "insert into contact_tag select unnest($contact_id), unnest($tag)",
    ContactMade: """
        insert into contact (contact_id, name, company, created_at, access_count)
        select unnest($contact_id), unnest($name), unnest($company), unnest($created_at), 0
    """,
    ContactIdentifier: f"""
        insert into identifier (
            identifier_id,
            lookup,
            channel,
            key,
            address,
            typed,
            contact_id,
            created_at,
            verified_at,
            domain,
            searched
        )
        select
            identifier_id,
            channel || ':' || key,
            channel,
            key,
            address,
            address,
            contact_id,
            created_at,
            verified_at,
            case when channel = 'email' then lower(split_part(key, '@', -1)) end, {SEARCHED_TEXT}
        from (
            select
                unnest($identifier_id) as identifier_id,
                unnest($contact_id) as contact_id,
                unnest($channel) as channel,
                unnest($key) as key,
                unnest($address) as address,
                unnest($address) as typed,
                unnest($created_at) as created_at,
                unnest($verified_at) as verified_at
        )
    """,
    BrowserSeen: """
        insert into browser_key
        select unnest($key_hash), unnest($browser_id), unnest($created_at), null
    """,
    Pass: """
        insert into pass
        select
            unnest($pass_id),
            unnest($browser_id),
            unnest($share_link_id),
            unnest($policy_epoch),
            unnest($contact_id),
            unnest($identifier_id),
            unnest($other_identifier_id),
            unnest($channel),
            unnest($is_verified),
            unnest($issued_at),
            unnest($expires_at),
            unnest($claimed_at),
            unnest($revoked_at),
            unnest($is_other_verified)
    """,
    LinkPassed: """
        insert into contact_link
        select unnest($contact_id), unnest($share_link_id), unnest($linked_at), null, null, 0
    """,
    ViewingSession: """
        insert into viewing_session
        select
            unnest($viewing_session_id),
            unnest($share_link_id),
            unnest($workspace_id),
            unnest($contact_id),
            unnest($identifier_id),
            unnest($channel),
            unnest($is_verified),
            unnest($kind),
            unnest($pass_id),
            unnest($browser_id),
            unnest($started_at),
            unnest($last_seen_at),
            unnest($ended_at), true
    """,
    DocumentOpened: """
        insert into document_view
        select
            opened.*, session.share_link_id, session.workspace_id, session.started_at, true
        from (
            select
                unnest($document_view_id) as document_view_id,
                unnest($viewing_session_id) as viewing_session_id,
                unnest($document_id), unnest($contact_id), unnest($identifier_id),
                unnest($kind), unnest($opened_at)
        ) as opened
        join viewing_session as session using (viewing_session_id)
        order by document_view_id
    """,
    CodeDelivered: """
        insert into delivery (
            delivery_id,
            challenge_id,
            share_link_id,
            channel,
            identifier_hash,
            identifier_mask,
            state,
            reason,
            created_at,
            updated_at
        )
        select
            unnest(range(1, 1 + len($created_at))),
            unnest(range(1, 1 + len($created_at))),
            unnest($share_link_id),
            unnest($channel),
            unnest($identifier_hash),
            unnest($identifier_mask),
            unnest($state),
            unnest($reason),
            unnest($created_at),
            unnest($updated_at)
    """,
    GateEvent: """
        insert into gate_event
        select
            unnest(range(1, 1 + len($created_at))),
            unnest($created_at),
            unnest($share_link_id),
            unnest($browser_id),
            unnest($channel),
            unnest($step),
            unnest($reason),
            unnest($identifier_hash),
            unnest($identifier_mask)
    """,
}


def insert_rows(tx: Transaction, rows: Sequence[Any]) -> None:
    """Store rows of one kind, all at once."""
    kind = type(rows[0])
    columns = {field.name: [getattr(row, field.name) for row in rows] for field in fields(kind)}
    tx.run(_INSERTS[kind], **columns)
