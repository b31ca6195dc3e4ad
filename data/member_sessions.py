"""Members' sessions: who is signed in at which browser, and since when."""

from dataclasses import dataclass
from datetime import datetime

from data.database import Reader, Transaction
from data.members import read_member_row
from data.records import Member


@dataclass(frozen=True, slots=True)
class MemberSession:
    """A member signed in at one browser. `browser_name` is what it calls itself, if it does."""

    member_session_id: int
    browser_id: int
    browser_name: str
    started_at: datetime
    last_seen_at: datetime


def insert_member_session(
    tx: Transaction,
    *,
    member_id: int,
    browser_id: int,
    browser_name: str,
    now: datetime,
    expires_at: datetime,
) -> None:
    """Sign the member in at this browser; whoever was signed in there before is signed out."""
    close_member_sessions(tx, browser_id, now)
    tx.run(
        """
        insert into member_session (
            member_session_id,
            member_id,
            browser_id,
            started_at,
            last_seen_at,
            expires_at,
            browser_name
        )
        values (
            nextval('member_session_id_seq'),
            $member_id,
            $browser_id,
            $now,
            $now,
            $expires_at,
            $browser_name
        )
        """,
        member_id=member_id,
        browser_id=browser_id,
        browser_name=browser_name,
        now=now,
        expires_at=expires_at,
    )


def get_member_session(
    reader: Reader, browser_id: int, *, now: datetime, seen_after: datetime
) -> tuple[Member, datetime] | None:
    """The member signed in at this browser, and when they were last seen there."""
    row = reader.row(
        """
        select
            member.member_id,
            member.email,
            member.name,
            member.role,
            member_session.last_seen_at
        from member_session
        join member on member.member_id = member_session.member_id
        where
            member_session.browser_id = $browser_id
            and member_session.closed_at is null
            and member_session.started_at <= $now
            and member_session.expires_at > $now
            and member_session.last_seen_at > $seen_after
            and member.revoked_at is null
        order by member_session.member_session_id desc
        """,
        browser_id=browser_id,
        now=now,
        seen_after=seen_after,
    )
    return None if row is None else (read_member_row(row[:4]), row[4])


def touch_member_session(
    tx: Transaction, browser_id: int, *, now: datetime, written_before: datetime
) -> None:
    """Note that the member is still active, unless that was noted a moment ago."""
    tx.run(
        """
        update member_session
        set last_seen_at = $now
        where
            browser_id = $browser_id
            and closed_at is null
            and last_seen_at <= $written_before
        """,
        browser_id=browser_id,
        now=now,
        written_before=written_before,
    )


def close_member_sessions(tx: Transaction, browser_id: int, now: datetime) -> None:
    """Sign out whoever is signed in at this browser."""
    tx.run(
        """
        update member_session
        set closed_at = $now
        where browser_id = $browser_id and closed_at is null
        """,
        browser_id=browser_id,
        now=now,
    )


def find_member_sessions(
    reader: Reader, member_id: int, *, now: datetime, seen_after: datetime
) -> list[MemberSession]:
    """Where the member is signed in now, last seen first."""
    rows = reader.rows(
        """
        select
            member_session_id,
            browser_id,
            coalesce(browser_name, ''),
            started_at,
            last_seen_at
        from member_session
        where
            member_id = $member_id
            and closed_at is null
            and started_at <= $now
            and expires_at > $now
            and last_seen_at > $seen_after
        order by
            last_seen_at desc,
            member_session_id desc
        """,
        member_id=member_id,
        now=now,
        seen_after=seen_after,
    )
    return [MemberSession(*row) for row in rows]


def find_last_seen(reader: Reader) -> dict[int, datetime]:
    """When each member was last seen at the desk, by their number."""
    rows = reader.rows(
        """
        select
            member_id,
            max(last_seen_at)
        from member_session
        group by member_id
        order by member_id
        """
    )
    return {row[0]: row[1] for row in rows}


def close_session_of(
    tx: Transaction, member_session_id: int, *, member_id: int, now: datetime
) -> bool:
    """Whether this was an open session of the member's, which is signed out now."""
    row = tx.row(
        """
        update member_session
        set closed_at = $now
        where
            member_session_id = $member_session_id
            and member_id = $member_id
            and closed_at is null
        returning member_session_id
        """,
        member_session_id=member_session_id,
        member_id=member_id,
        now=now,
    )
    return row is not None


def close_sessions_elsewhere(
    tx: Transaction, member_id: int, *, kept_browser_id: int | None, now: datetime
) -> int:
    """How many browsers the member was signed out at: all but the one to be kept."""
    rows = tx.rows(
        """
        update member_session
        set closed_at = $now
        where
            member_id = $member_id
            and browser_id is distinct from $kept_browser_id
            and closed_at is null
        returning member_session_id
        """,
        member_id=member_id,
        kept_browser_id=kept_browser_id,
        now=now,
    )
    return len(rows)
