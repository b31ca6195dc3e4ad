"""Viewing sessions: one visit with a pass, however often its page is loaded (GATE.md §5)."""

from dataclasses import dataclass
from datetime import datetime

from is_crawler import is_crawler

from data.database import Database, Reader, Transaction
from data.records import Pass, SessionKind, ShareLink, ViewingSession
from data.rollups import count_document_view, count_session
from data.sessions import (
    end_session,
    get_running_session,
    has_document_view,
    insert_document_view,
    insert_session,
    update_last_seen,
)
from gate.limits import HEARTBEAT_WRITE, SESSION_IDLE, SESSION_LONGEST


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
    if is_crawler(user_agent) and not live_pass.is_verified:
        return SessionKind.BOT
    return SessionKind.VIEWER


def open_viewing_session(db: Database, opening: Opening, now: datetime) -> ViewingSession:
    """The running session that this opening belongs to, or a new one; the document is noted in it.

    Idempotent: reloads, second tabs and parallel calls give the same session.
    """
    wanted = _new_session(opening, now)
    running = _get_running(db, wanted, now)
    if running is not None and has_document_view(
        db, running.viewing_session_id, opening.document_id
    ):
        record_heartbeat(db, running, now)
        return running
    with db.transaction() as tx:
        session = _get_running(tx, wanted, now)
        if session is None:
            session = insert_session(tx, wanted)
            count_session(tx, session)
        if not has_document_view(tx, session.viewing_session_id, opening.document_id):
            insert_document_view(tx, session, opening.document_id, now)
            count_document_view(tx, session, opening.document_id)
        _touch(tx, session, now)
    return session


def record_heartbeat(db: Database, session: ViewingSession, now: datetime) -> None:
    """Note that the viewer is still there; written at most once a minute."""
    if now - session.last_seen_at < HEARTBEAT_WRITE:
        return
    with db.transaction() as tx:
        _touch(tx, session, now)


def close_session(db: Database, session: ViewingSession, now: datetime) -> None:
    """End the session: its pass or link has ended."""
    with db.transaction() as tx:
        end_session(tx, session.viewing_session_id, now)


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
