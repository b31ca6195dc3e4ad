"""The visits as the gate would have stored them: contacts, identifiers, passes, sessions, views.

Visits are walked in the order of time, so that numbers rise as they would have.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

from data.demo.people import DemoPerson
from data.demo.rows import BrowserSeen, ContactMade, DocumentOpened, LinkPassed
from data.demo.visits import DemoVisit
from data.records import Channel, ContactIdentifier, Document, Pass, ShareLink, ViewingSession

_FIRST_EPOCH = 1
_CLAIM_TAKES = timedelta(seconds=2)
_MOST_DOCUMENTS = 5


@dataclass(slots=True)
class History:
    """Everything stored so far, and what the next visit has to look up."""

    rng: Random
    contacts: dict[str, ContactMade] = field(default_factory=dict)
    identifiers: dict[tuple[int, Channel], ContactIdentifier] = field(default_factory=dict)
    browsers: dict[str, BrowserSeen] = field(default_factory=dict)
    passes: list[Pass] = field(default_factory=list)
    newest_pass: dict[tuple[int, int], Pass] = field(default_factory=dict)
    links_passed: dict[tuple[int, int], LinkPassed] = field(default_factory=dict)
    sessions: list[ViewingSession] = field(default_factory=list)
    views: list[DocumentOpened] = field(default_factory=list)


def record_history(rng: Random, visits: Sequence[DemoVisit]) -> History:
    """What is stored after these visits, which come the earliest first."""
    history = History(rng)
    for visit in visits:
        held = _require_pass(history, visit)
        if visit.stays is not None:
            _record_session(history, visit, held, visit.stays)
    return history


def seat_browser(history: History, name: str, at: datetime) -> BrowserSeen:
    """The browser of this name, which was first seen then if it is new."""
    if name not in history.browsers:
        # The hash of a cookie that no browser has: nobody can come back with it.
        key_hash = hashlib.sha256(history.rng.randbytes(32)).hexdigest()
        history.browsers[name] = BrowserSeen(key_hash, len(history.browsers) + 1, at)
    return history.browsers[name]


def _require_pass(history: History, visit: DemoVisit) -> Pass:
    """The pass that the browser still holds to the link, or a new one of half a minute before."""
    issued_at = visit.started_at - timedelta(seconds=history.rng.randrange(4, 60))
    browser = seat_browser(history, visit.browser, issued_at - timedelta(seconds=20))
    link = visit.open_link.link
    held = history.newest_pass.get((browser.browser_id, link.share_link_id))
    if held is None or held.expires_at <= visit.started_at + (visit.stays or timedelta()):
        held = _issue(history, visit, browser.browser_id, issued_at)
        history.passes.append(held)
        history.newest_pass[browser.browser_id, link.share_link_id] = held
    return held


def _issue(history: History, visit: DemoVisit, browser_id: int, issued_at: datetime) -> Pass:
    link = visit.open_link.link
    given = _identify(history, visit, issued_at)
    first = given[0] if given else None
    if first is not None:
        passed = LinkPassed(first.contact_id, link.share_link_id, issued_at)
        history.links_passed.setdefault((first.contact_id, link.share_link_id), passed)
    return Pass(
        pass_id=len(history.passes) + 1,
        browser_id=browser_id,
        share_link_id=link.share_link_id,
        policy_epoch=_FIRST_EPOCH,
        contact_id=first.contact_id if first else None,
        identifier_id=first.identifier_id if first else None,
        other_identifier_id=given[1].identifier_id if len(given) > 1 else None,
        channel=first.channel if first else None,
        is_verified=first is not None and link.verifies(first.channel),
        issued_at=issued_at,
        expires_at=issued_at + timedelta(seconds=link.pass_seconds),
        claimed_at=issued_at + _CLAIM_TAKES,
        revoked_at=None,
        is_other_verified=len(given) > 1 and link.verifies(given[1].channel),
    )


def _identify(history: History, visit: DemoVisit, at: datetime) -> list[ContactIdentifier]:
    """The identifiers that the link asks for; the one that gets the session comes first."""
    link, person = visit.open_link.link, visit.person
    if person is None:
        return []
    contact = _contact_of(history, person, at)
    given = [_identifier_of(history, person, contact, one, at) for one in link.channels]
    for index, one in enumerate(given):
        if link.verifies(one.channel) and one.verified_at is None:
            given[index] = replace(one, verified_at=at)
            history.identifiers[one.contact_id, one.channel] = given[index]
    return sorted(given, key=lambda one: _session_order(link, one.channel))


def _session_order(link: ShareLink, channel: Channel) -> tuple[bool, bool]:
    """As the gate ranks: the verified one gets the session, else the email's."""
    return (not link.verifies(channel), channel is not Channel.EMAIL)


def _contact_of(history: History, person: DemoPerson, at: datetime) -> ContactMade:
    key = person.email or person.whatsapp or ""
    if key not in history.contacts:
        number = len(history.contacts) + 1
        name = person.name if person.is_known else None
        history.contacts[key] = ContactMade(number, name, person.company, at)
    return history.contacts[key]


def _identifier_of(
    history: History, person: DemoPerson, contact: ContactMade, channel: Channel, at: datetime
) -> ContactIdentifier:
    known = history.identifiers.get((contact.contact_id, channel))
    if known is None:
        address = (person.email if channel is Channel.EMAIL else person.whatsapp) or ""
        number = len(history.identifiers) + 1
        known = ContactIdentifier(number, contact.contact_id, channel, address, address, at, None)
        history.identifiers[contact.contact_id, channel] = known
    return known


def _record_session(history: History, visit: DemoVisit, held: Pass, stays: timedelta) -> None:
    last_seen_at = visit.started_at + stays
    session = ViewingSession(
        viewing_session_id=len(history.sessions) + 1,
        share_link_id=held.share_link_id,
        workspace_id=visit.open_link.link.workspace_id,
        contact_id=held.contact_id,
        identifier_id=held.identifier_id,
        channel=held.channel,
        is_verified=held.is_verified,
        kind=visit.kind,
        pass_id=held.pass_id,
        browser_id=held.browser_id,
        started_at=visit.started_at,
        last_seen_at=last_seen_at,
        ended_at=last_seen_at,
    )
    history.sessions.append(session)
    for index, document in enumerate(_opened_documents(history.rng, visit)):
        opened_at = visit.started_at + stays * index / _MOST_DOCUMENTS
        _record_view(history, session, document, opened_at)


def _opened_documents(rng: Random, visit: DemoVisit) -> list[Document]:
    """The document of the link, or one to five of its workspace that were there by then."""
    shelf = [one for one in visit.open_link.documents if one.created_at <= visit.started_at]
    count = rng.choices(range(1, _MOST_DOCUMENTS + 1), (42, 27, 16, 10, 5))[0]
    return rng.sample(shelf, min(count, len(shelf)))


def _record_view(
    history: History, session: ViewingSession, document: Document, opened_at: datetime
) -> None:
    history.views.append(
        DocumentOpened(
            document_view_id=len(history.views) + 1,
            viewing_session_id=session.viewing_session_id,
            document_id=document.document_id,
            contact_id=session.contact_id,
            identifier_id=session.identifier_id,
            kind=session.kind,
            opened_at=opened_at,
        )
    )
