"""The product's own gate: what a viewer's browser makes it save, through its own units of work."""

import threading
from collections.abc import Iterator
from pathlib import Path

from data.activity_buckets import BucketSize
from data.activity_queries import (
    find_activity,
    find_count_bins,
    find_heat,
    find_top_documents,
    find_top_links,
)
from data.contact_filter import ContactFilter, ContactSort
from data.contact_queries import find_contacts, get_contact_totals, match_contacts
from data.database import Database
from data.export import open_export_file
from data.export_kinds import ExportWanted, FileFormat
from data.links import get_share_link
from data.records import SessionKind
from data.rollups import rebuild_rollups
from gate.codes import Pepper, secret_hash
from gate.entries import submit_entry
from gate.identifiers import parse_email
from gate.openings import record_opening
from gate.passes import Grant, claim_grant, read_pass
from gate.sessions import Opening, open_viewing_session
from gate.visits import Gate, Visit
from pages.ui.runtime import read_wall_clock
from tests.crash.home import UNVERIFIED, furnish
from tests.crash.ledger import DATABASE

# Every second viewer is a contact already. 7,919 is prime, so that they are all over the table.
STRIDE = 7_919

_POPULATION = (
    """
    insert into contact (
        contact_id, created_at, first_accessed_at, last_accessed_at, access_count
    )
    select
        nextval('contact_id_seq'),
        timestamptz '2025-01-01' + to_seconds(range * 30),
        timestamptz '2025-01-01' + to_seconds(range * 30),
        timestamptz '2025-06-01' + to_seconds(range * 15),
        $sessions
    from range($contacts)
    """,
    """
    insert into identifier (
        identifier_id, lookup, channel, key, address, typed, contact_id, created_at, domain,
        searched
    )
    select
        nextval('identifier_id_seq'),
        'email:' || address,
        'email',
        address,
        address,
        address,
        contact_id,
        created_at,
        'example.com',
        address
    from (
        select contact_id, created_at, 'known' || contact_id || '@example.com' as address
        from contact
        order by contact_id
    )
    """,
    """
    insert into contact_link
    select contact_id, 2, created_at, first_accessed_at, last_accessed_at, access_count
    from contact
    """,
    """
    insert into contact_document
    select contact_id, 2, 1, first_accessed_at, last_accessed_at, access_count
    from contact
    """,
    """
    insert into viewing_session
    select
        nextval('viewing_session_id_seq'),
        2,
        1,
        1 + range * 7919 % $contacts,
        1 + range * 7919 % $contacts,
        'email',
        false,
        'viewer',
        nextval('pass_id_seq'),
        nextval('browser_id_seq'),
        timestamptz '2025-01-01' + to_seconds(range * 10),
        timestamptz '2025-01-01' + to_seconds(range * 10),
        null,
        true
    from range($contacts * $sessions)
    """,
    """
    insert into document_view
    select
        nextval('document_view_id_seq'),
        viewing_session_id,
        1,
        contact_id,
        identifier_id,
        'viewer',
        started_at,
        share_link_id,
        workspace_id,
        started_at,
        true
    from viewing_session
    """,
    """
    insert into pass (
        pass_id,
        browser_id,
        share_link_id,
        policy_epoch,
        contact_id,
        identifier_id,
        channel,
        is_verified,
        issued_at,
        expires_at,
        claimed_at
    )
    select
        pass_id,
        browser_id,
        2,
        1,
        contact_id,
        identifier_id,
        'email',
        false,
        started_at,
        started_at + interval 1 day,
        started_at
    from viewing_session
    """,
    """
    insert into browser_key
    select md5(cast(browser_id as varchar)), browser_id, started_at, null
    from viewing_session
    where started_at > (select max(started_at) - interval 30 day from viewing_session)
    """,
    """
    insert into gate_event
    select
        nextval('gate_event_id_seq'), started_at, 2, browser_id, 'email', 'viewed', null, null, null
    from viewing_session
    """,
    """
    insert into audit
    select
        nextval('audit_id_seq'),
        started_at,
        'viewer',
        null,
        1,
        2,
        'session_opened',
        null,
        null,
        null
    from viewing_session
    """,
)


class Ours:
    """Gatebook's gate, on a link that asks for an email address and proves nothing."""

    name = "Gatebook"

    def __init__(self, folder: Path, contacts: int, sessions: int) -> None:
        """Make a home with so many contacts, each with so many sessions."""
        home = folder / "home"
        furnish(home)
        self.contacts = contacts
        self.db = Database(home / DATABASE)
        populate(self.db, contacts, sessions)
        self.gate = Gate(self.db, Pepper(b"p" * 32), {})

    def pass_gate(self, number: int) -> Iterator[None]:
        """A viewer who comes, types an address, gets a pass and opens the document."""
        browser, now = secret_hash(f"browser {number}"), read_wall_clock()
        visit = Visit(browser, UNVERIFIED, now)
        record_opening(self.gate, visit)
        yield
        grant = submit_entry(self.gate, visit, [parse_email(address_of(number, self.contacts))])
        assert isinstance(grant, Grant)
        yield
        cookie = claim_grant(self.db, browser, grant.token, now)
        yield
        link = get_share_link(self.db, UNVERIFIED)
        assert link is not None
        live = read_pass(self.db, self.gate.pepper, secret_hash(cookie), link, now)
        assert live is not None
        open_viewing_session(self.gate, Opening(link, live, SessionKind.VIEWER, 1), now)
        yield

    def read_heavily(self, is_over: threading.Event) -> None:
        """The contacts page with all its charts, and the download of everybody as CSV."""
        sort = ContactSort()
        while not is_over.is_set():
            matched = match_contacts(ContactFilter())
            get_contact_totals(self.db, matched)
            find_contacts(self.db, matched, sort, page=1, page_size=50)
            find_activity(self.db, matched, BucketSize.WEEK)
            for ask in (find_heat, find_count_bins, find_top_documents, find_top_links):
                ask(self.db, matched)
            wanted = ExportWanted(FileFormat.CSV)
            for _ in open_export_file(self.db, matched, sort, wanted).chunks():
                if is_over.is_set():
                    break

    def checkpoint(self) -> None:
        """Fold the log in as the engine does by itself when it has grown."""
        self.db.checkpoint()

    def close(self) -> None:
        """Let go of the file."""
        self.db.close()


def populate(db: Database, contacts: int, sessions: int) -> None:
    """Store so many contacts, each with so many sessions through the link that proves nothing."""
    names = {"contacts": contacts, "sessions": sessions}
    for sql in _POPULATION:
        with db.transaction() as tx:
            tx.run(sql, **{name: names[name] for name in names if f"${name}" in sql})
    with db.transaction() as tx:
        rebuild_rollups(tx)
    db.checkpoint()


def address_of(number: int, contacts: int) -> str:
    """The address of this viewer: every second one is a contact's of long ago."""
    if number % 2:
        return f"new{number}@example.com"
    return f"known{1 + number * STRIDE % contacts}@example.com"
