"""People, links, documents and visits for tests: stored as the gate stores them, rollups moved."""

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import count

from data.consents import insert_consent
from data.contacts import insert_contact
from data.database import Database, Transaction
from data.documents import NewDocument, insert_document
from data.identifiers import insert_identifier
from data.links import NewShareLink, insert_share_link
from data.list_entries import ListEntry, ListSide
from data.records import (
    Channel,
    ContactIdentifier,
    Document,
    Identifier,
    SessionKind,
    ShareLink,
    ViewingSession,
    Workspace,
)
from data.rollups import count_document_view, count_session, get_counted_before, link_contact
from data.sessions import insert_document_view, insert_session
from data.workspaces import insert_workspace
from gate.codes import Pepper, keyed_hash
from gate.countries import find_country
from gate.identifiers import mask_identifier
from gate.lists import conceal_entry

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
_numbers = count(1)


def make_identifier(address: str) -> Identifier:
    """An email address, or with a leading plus a WhatsApp number."""
    is_number = address.startswith("+") and "@" not in address
    channel = Channel.WHATSAPP if is_number else Channel.EMAIL
    return Identifier(channel, address.lower(), address, address)


def conceal_identifier(pepper: Pepper, identifier: Identifier, side: ListSide) -> ListEntry:
    """The entry that stands for this identifier without naming it, as an owner's judgement does."""
    mask = mask_identifier(identifier.channel, identifier.address)
    hashed = keyed_hash(pepper, identifier.lookup)
    return conceal_entry(side, identifier.channel, hashed, mask)


def add_workspace(db: Database, name: str = "Fundraising") -> Workspace:
    with db.transaction() as tx:
        return insert_workspace(tx, name, LONG_AGO)


def add_document(db: Database, workspace: Workspace, *, name: str = "Deck.pdf") -> Document:
    new = NewDocument(
        workspace_id=workspace.workspace_id,
        name=name,
        content_type="application/pdf",
        byte_count=1,
        storage_name=f"document-{next(_numbers)}",
    )
    with db.transaction() as tx:
        return insert_document(tx, new, LONG_AGO)


def add_share_link(
    db: Database,
    workspace: Workspace,
    *,
    document: Document | None = None,
    name: str = "To investors",
    channels: Iterable[Channel] = (Channel.EMAIL,),
) -> ShareLink:
    """A link to one document, or without one to the whole workspace, that verifies nothing."""
    new = NewShareLink(
        slug=f"slug-{next(_numbers)}",
        name=name,
        workspace_id=workspace.workspace_id,
        document_id=None if document is None else document.document_id,
        requires_email=Channel.EMAIL in channels,
        requires_whatsapp=Channel.WHATSAPP in channels,
        pass_seconds=86_400,
    )
    with db.transaction() as tx:
        return insert_share_link(tx, new, LONG_AGO)


def add_contact(
    db: Database,
    *addresses: str,
    verified: bool = False,
    name: str | None = None,
    company: str | None = None,
    archived_at: datetime | None = None,
) -> ContactIdentifier:
    """A contact's first identifier; the contact has one for each address, in this order."""
    with db.transaction() as tx:
        contact_id = store_contact(tx, name=name, company=company, archived_at=archived_at)
        stored = [
            store_identifier(tx, contact_id, address, verified=verified) for address in addresses
        ]
    return stored[0]


def add_link_passed(
    db: Database, contact: ContactIdentifier, link: ShareLink, now: datetime = LONG_AGO
) -> None:
    """The contact passed this link's gate, and opened nothing yet."""
    with db.transaction() as tx:
        link_contact(tx, contact.contact_id, link.share_link_id, now)


def add_session(
    db: Database,
    contact: ContactIdentifier | None,
    link: ShareLink,
    started_at: datetime,
    *,
    documents: Iterable[Document] = (),
    kind: SessionKind = SessionKind.VIEWER,
) -> ViewingSession:
    """A viewing session of this contact, or of nobody known, and what was opened in it."""
    with db.transaction() as tx:
        return store_session(tx, make_session(contact, link, started_at, kind), documents)


def store_contact(
    tx: Transaction,
    *,
    name: str | None = None,
    company: str | None = None,
    archived_at: datetime | None = None,
) -> int:
    """A contact without identifiers, which no contact stays for long."""
    contact_id = insert_contact(tx, LONG_AGO)
    tx.run(
        """
        update contact
        set name = $name, company = $company, archived_at = $archived_at
        where contact_id = $contact_id
        """,
        name=name,
        company=company,
        archived_at=archived_at,
        contact_id=contact_id,
    )
    return contact_id


def store_identifier(
    tx: Transaction, contact_id: int, address: str, *, verified: bool = False
) -> ContactIdentifier:
    return insert_identifier(
        tx,
        make_identifier(address),
        contact_id=contact_id,
        is_verified=verified,
        now=LONG_AGO,
        country=find_country(make_identifier(address)),
    )


def store_tags(tx: Transaction, contact_id: int, tags: Iterable[str]) -> None:
    for tag in tags:
        tx.run(
            "insert into contact_tag (contact_id, tag) values ($contact_id, $tag)",
            contact_id=contact_id,
            tag=tag,
        )


def store_consent(
    tx: Transaction, identifier: ContactIdentifier, *, withdrawn_at: datetime | None = None
) -> None:
    """A consent of whoever has this identifier, given at no link in particular."""
    insert_consent(
        tx,
        identifier_id=identifier.identifier_id,
        contact_id=identifier.contact_id,
        share_link_id=0,
        wording="Write to me.",
        language="en",
        is_verified=True,
        now=LONG_AGO,
        withdrawn_at=withdrawn_at,
    )


def make_session(
    contact: ContactIdentifier | None,
    link: ShareLink,
    started_at: datetime,
    kind: SessionKind = SessionKind.VIEWER,
) -> ViewingSession:
    """A viewing session that is not stored yet."""
    return ViewingSession(
        viewing_session_id=0,
        share_link_id=link.share_link_id,
        workspace_id=link.workspace_id,
        contact_id=contact.contact_id if contact else None,
        identifier_id=contact.identifier_id if contact else None,
        channel=contact.channel if contact else None,
        is_verified=contact is not None and contact.verified_at is not None,
        kind=kind,
        pass_id=0,
        browser_id=next(_numbers),
        started_at=started_at,
        last_seen_at=started_at,
        ended_at=None,
    )


def store_session(
    tx: Transaction, wanted: ViewingSession, documents: Iterable[Document] = ()
) -> ViewingSession:
    """The session with its number and what was opened in it, counted in the rollups."""
    session = insert_session(tx, wanted)
    before = get_counted_before(tx, session)
    count_session(tx, session, before)
    for document in documents:
        insert_document_view(tx, session, document.document_id, session.started_at)
        count_document_view(tx, session, document.document_id, before)
    return session
