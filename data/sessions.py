"""Viewing sessions and the documents opened in them: facts, appended as they happen."""

from dataclasses import replace
from datetime import datetime

from data.counted_facts import counts
from data.database import Reader, Row, Transaction
from data.engine.together import spread
from data.records import Channel, Pass, SessionKind, ViewingSession

_COLUMNS = """
    viewing_session_id,
    share_link_id,
    workspace_id,
    contact_id,
    identifier_id,
    channel,
    is_verified,
    kind,
    pass_id,
    browser_id,
    started_at,
    last_seen_at,
    ended_at
"""


def get_running_session(
    reader: Reader, like: ViewingSession, *, seen_after: datetime, started_after: datetime
) -> ViewingSession | None:
    """The newest session of the same browser, link, contact and kind that still runs."""
    row = reader.row(
        spread(
            f"""
        select {_COLUMNS}
        from viewing_session
        where
            browser_id = $browser_id
            and share_link_id = $share_link_id
            and contact_id is not distinct from $contact_id
            and kind = $kind
            and last_seen_at > $seen_after
            and started_at > $started_after
            and ended_at is null
        order by viewing_session_id desc
        """,
            by="browser_id",
        ),
        browser_id=like.browser_id,
        share_link_id=like.share_link_id,
        contact_id=like.contact_id,
        kind=like.kind,
        seen_after=seen_after,
        started_after=started_after,
    )
    return None if row is None else _read_session(row)


def has_running_session(
    reader: Reader,
    live: Pass,
    *,
    seen_after: datetime,
    started_after: datetime,
    document_id: int | None = None,
) -> bool:
    """Whether a session of this pass's browser, link and contact still runs.

    With a document only one in which it was opened counts. An earlier pass may have begun it.
    """
    row = reader.row(
        """
        select 1
        from viewing_session
        where
            browser_id = $browser_id
            and share_link_id = $share_link_id
            and contact_id is not distinct from $contact_id
            and last_seen_at > $seen_after
            and started_at > $started_after
            and ended_at is null
            and (
                $document_id is null
                or viewing_session_id in (
                    select viewing_session_id
                    from document_view
                    where document_id = $document_id
                )
            )
        """,
        browser_id=live.browser_id,
        share_link_id=live.share_link_id,
        contact_id=live.contact_id,
        seen_after=seen_after,
        started_after=started_after,
        document_id=document_id,
    )
    return row is not None


def get_last_seen(
    reader: Reader, viewing_session_id: int, *, seen_after: datetime, started_after: datetime
) -> datetime | None:
    """When the viewer was last seen in this session; None if it no longer runs."""
    row = reader.row(
        """
        select last_seen_at
        from viewing_session
        where
            viewing_session_id = $viewing_session_id
            and last_seen_at > $seen_after
            and started_at > $started_after
            and ended_at is null
        """,
        viewing_session_id=viewing_session_id,
        seen_after=seen_after,
        started_after=started_after,
    )
    return None if row is None else row[0]


def insert_session(tx: Transaction, session: ViewingSession) -> ViewingSession:
    """The session with its number, stored; the number that it came with is not looked at."""
    viewing_session_id = tx.draw_number("viewing_session_id_seq")
    tx.run(
        spread(
            """
        insert into viewing_session
        values (
            $viewing_session_id,
            $share_link_id,
            $workspace_id,
            $contact_id,
            $identifier_id,
            $channel,
            $is_verified,
            $kind,
            $pass_id,
            $browser_id,
            $started_at, $started_at,
            null, $is_counted
        )
        """,
        ),
        viewing_session_id=viewing_session_id,
        share_link_id=session.share_link_id,
        workspace_id=session.workspace_id,
        contact_id=session.contact_id,
        identifier_id=session.identifier_id,
        channel=session.channel,
        is_verified=session.is_verified,
        kind=session.kind,
        pass_id=session.pass_id,
        browser_id=session.browser_id,
        started_at=session.started_at,
        is_counted=counts(session),
    )
    return replace(session, viewing_session_id=viewing_session_id)


def update_last_seen(
    tx: Transaction, viewing_session_id: int, *, now: datetime, written_before: datetime
) -> None:
    """Note that the viewer is still there, unless that was noted a moment ago."""
    tx.run(
        spread("""
        update viewing_session
        set last_seen_at = $now
        where
            viewing_session_id = $viewing_session_id
            and ended_at is null
            and last_seen_at <= $written_before
        """),
        viewing_session_id=viewing_session_id,
        now=now,
        written_before=written_before,
    )


def end_session(tx: Transaction, viewing_session_id: int, now: datetime) -> None:
    """End a session for good: the next visit starts another."""
    tx.run(
        """
        update viewing_session
        set ended_at = $now
        where viewing_session_id = $viewing_session_id and ended_at is null
        """,
        viewing_session_id=viewing_session_id,
        now=now,
    )


def has_document_view(reader: Reader, viewing_session_id: int, document_id: int) -> bool:
    """Whether this document was opened in this session already."""
    return (
        reader.row(
            spread(
                """
            select 1
            from document_view
            where
                viewing_session_id = $viewing_session_id
                and document_id = $document_id
            """,
                by="viewing_session_id",
            ),
            viewing_session_id=viewing_session_id,
            document_id=document_id,
        )
        is not None
    )


def insert_document_view(
    tx: Transaction, session: ViewingSession, document_id: int, now: datetime
) -> None:
    """Record that this document was opened in this session."""
    tx.run(
        spread("""
        insert into document_view
        values (
            nextval('document_view_id_seq'),
            $viewing_session_id,
            $document_id,
            $contact_id,
            $identifier_id,
            $kind,
            $now,
            $share_link_id,
            $workspace_id,
            $started_at, $is_counted
        )
        """),
        viewing_session_id=session.viewing_session_id,
        share_link_id=session.share_link_id,
        workspace_id=session.workspace_id,
        started_at=session.started_at,
        document_id=document_id,
        contact_id=session.contact_id,
        identifier_id=session.identifier_id,
        kind=session.kind,
        now=now,
        is_counted=counts(session),
    )


def _read_session(row: Row) -> ViewingSession:
    channel = None if row[5] is None else Channel(row[5])
    return ViewingSession(*(*row[:5], channel, row[6], SessionKind(row[7]), *row[8:]))
