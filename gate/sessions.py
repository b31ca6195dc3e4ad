"""Viewing sessions: one visit with a pass, however often its page is loaded (GATE.md §5)."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from data.database import Database, Reader, StorageFailed, Transaction
from data.gate_events import GateStep
from data.holders import Holder, get_holder
from data.link_views import count_link_view
from data.records import Pass, SessionKind, ShareLink, ViewingSession
from data.rollups import count_document_view, count_session, get_counted_before
from data.sessions import (
    end_session,
    get_last_seen,
    get_running_session,
    has_document_view,
    insert_document_view,
    insert_session,
    update_last_seen,
)
from gate.crawlers import is_crawler_agent
from gate.errors import LinkUnavailable
from gate.limits import HEARTBEAT_WRITE, SESSION_IDLE, SESSION_LONGEST
from gate.trail import record_step
from gate.visits import Doorstep, Gate
from gate.webhook_events import announce_session


@dataclass(frozen=True, slots=True)
class Opening:
    """A document opened through a share link with a live pass, by a viewer of some kind."""

    link: ShareLink
    live_pass: Pass
    kind: SessionKind
    document_id: int


def session_kind(user_agent: str, live_pass: Pass, *, is_member: bool) -> SessionKind:
    """Who is behind a visit: a signed-in member previewing, a crawler, or a viewer.

    Whoever answered a code is no crawler, whatever the agent says: browsers within other
    programs, and those of people who hide theirs, carry names that stand on crawlers' lists.
    """
    if is_member:
        return SessionKind.INTERNAL
    if is_crawler_agent(user_agent) and not live_pass.is_verified:
        return SessionKind.BOT
    return SessionKind.VIEWER


def open_viewing_session(gate: Gate, opening: Opening, now: datetime) -> ViewingSession:
    """The running session that this opening belongs to, or a new one; the document is noted in it.

    Idempotent: reloads, second tabs and parallel calls give the same session.

    Raises:
        LinkUnavailable: the last of the link's views was taken in the meantime, or whoever it is
            was erased.
    """
    db = gate.db
    wanted = _new_session(opening, now)
    running = _get_running(db, wanted, now)
    if running is not None and has_document_view(
        db, running.viewing_session_id, opening.document_id
    ):
        record_heartbeat(db, running, now)
        return running

    def open_document(tx: Transaction) -> ViewingSession | None:
        return _open_document(tx, gate, opening, wanted)

    contact = "" if wanted.contact_id is None else f"contact {wanted.contact_id}"
    session = db.write(open_document, f"browser {wanted.browser_id}", contact)
    if session is None:
        raise LinkUnavailable
    return session


def _open_document(
    tx: Transaction, gate: Gate, opening: Opening, wanted: ViewingSession
) -> ViewingSession | None:
    number, now = wanted.identifier_id, wanted.started_at
    holder = None if number is None else get_holder(tx, number)
    current = _as_of_now(tx, wanted, holder)
    if current is None:
        return None
    session = _get_running(tx, current, now)
    before = get_counted_before(tx, current)
    if session is not None:
        _touch(tx, session, now)
        if has_document_view(tx, session.viewing_session_id, opening.document_id):
            return session
    elif _takes_view(tx, opening):
        session = insert_session(tx, current)
        count_session(tx, session, before)
        _tell_of_session(tx, gate, opening, session, holder)
    else:
        return None
    insert_document_view(tx, session, opening.document_id, now)
    count_document_view(tx, session, opening.document_id, before)
    return session


def record_heartbeat(db: Database, session: ViewingSession, now: datetime) -> bool:
    """Whether the session still runs; that its viewer is there is written once a minute at most."""
    seen_at = get_last_seen(
        db,
        session.viewing_session_id,
        seen_after=now - SESSION_IDLE,
        started_after=now - SESSION_LONGEST,
    )
    if seen_at is not None and now - seen_at >= HEARTBEAT_WRITE:
        # A full disk keeps nobody from reading on.
        with suppress(StorageFailed):
            db.write(lambda tx: _touch(tx, session, now), f"session {session.viewing_session_id}")
    return seen_at is not None


def close_session(db: Database, session: ViewingSession, now: datetime) -> None:
    """End the session: its pass or link has ended."""
    with db.transaction() as tx:
        end_session(tx, session.viewing_session_id, now)


def _as_of_now(
    tx: Transaction, wanted: ViewingSession, holder: Holder | None
) -> ViewingSession | None:
    """The session of whoever has this identifier by now; None if they were erased.

    Since the pass was read, an owner may have moved its identifier to another contact.
    """
    if wanted.identifier_id is None:
        return wanted
    if holder is None:
        return None
    if holder.contact_id != wanted.contact_id:
        tx.be_alone()
    return replace(wanted, contact_id=holder.contact_id)


def _takes_view(tx: Transaction, opening: Opening) -> bool:
    """Whether there is a view left for this opening. A member's preview takes none.

    Nor does a crawler's, and so it sees nothing where views are counted: anybody can call
    themselves one.
    """
    if opening.link.view_limit is None or opening.kind is SessionKind.INTERNAL:
        return True
    is_viewer = opening.kind is SessionKind.VIEWER
    return is_viewer and count_link_view(tx, opening.link.share_link_id)


def _tell_of_session(
    tx: Transaction, gate: Gate, opening: Opening, session: ViewingSession, holder: Holder | None
) -> None:
    """Write down that a viewer's session began, for those who look and those who listen."""
    if session.kind is SessionKind.VIEWER:
        announce_session(tx, session, opening.link)
        place = Doorstep(opening.link, session.browser_id, session.started_at)
        identifier = None if holder is None else holder.identifier
        record_step(tx, gate.pepper, place, GateStep.VIEWED, identifier=identifier)


def _get_running(reader: Reader, wanted: ViewingSession, now: datetime) -> ViewingSession | None:
    return get_running_session(
        reader, wanted, seen_after=now - SESSION_IDLE, started_after=now - SESSION_LONGEST
    )


def _touch(tx: Transaction, session: ViewingSession, now: datetime) -> None:
    update_last_seen(tx, session.viewing_session_id, now=now, written_before=now - HEARTBEAT_WRITE)


def _new_session(opening: Opening, now: datetime) -> ViewingSession:
    live = opening.live_pass
    return ViewingSession(
        viewing_session_id=0,
        share_link_id=opening.link.share_link_id,
        workspace_id=opening.link.workspace_id,
        contact_id=live.contact_id,
        identifier_id=live.identifier_id,
        channel=live.channel,
        is_verified=live.is_verified,
        kind=opening.kind,
        pass_id=live.pass_id,
        browser_id=live.browser_id,
        started_at=now,
        last_seen_at=now,
        ended_at=None,
    )
