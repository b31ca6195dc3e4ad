"""Members, their one-time sign-in addresses and their sessions."""

from datetime import datetime

from data.database import Reader, Row, Transaction
from data.records import Member, Role


def insert_member(tx: Transaction, *, email: str, name: str, role: Role, now: datetime) -> Member:
    """A new member."""
    row = tx.row(
        """
        insert into member
        values (nextval('member_id_seq'), $email, $name, $role, $now, null)
        returning member_id
        """,
        email=email,
        name=name,
        role=role,
        now=now,
    )
    return Member(int(row[0]) if row else 0, email, name, role)


def get_first_owner(reader: Reader) -> Member | None:
    """The owner who was there first and still is."""
    row = reader.row(
        """
        select
            member_id,
            email,
            name,
            role
        from member
        where role = 'owner' and revoked_at is null
        order by member_id
        limit 1
        """
    )
    return None if row is None else _read_member(row)


def insert_sign_in_link(
    tx: Transaction, token_hash: str, *, member_id: int, now: datetime, expires_at: datetime
) -> None:
    """Keep a one-time sign-in address until it is used or late."""
    tx.run(
        "insert into sign_in_link values ($token_hash, $member_id, $now, $expires_at, null)",
        token_hash=token_hash,
        member_id=member_id,
        now=now,
        expires_at=expires_at,
    )


def spend_sign_in_link(tx: Transaction, token_hash: str, now: datetime) -> Member | None:
    """The member whom the address signs in, the first time that it is used in time; else None."""
    spent = tx.row(
        """
        update sign_in_link
        set used_at = $now
        where
            token_hash = $token_hash
            and used_at is null
            and created_at <= $now
            and expires_at > $now
        returning member_id
        """,
        token_hash=token_hash,
        now=now,
    )
    if spent is None:
        return None
    row = tx.row(
        """
        select
            member_id,
            email,
            name,
            role
        from member
        where member_id = $member_id and revoked_at is null
        """,
        member_id=spent[0],
    )
    return None if row is None else _read_member(row)


def purge_sign_in_links(tx: Transaction, *, before: datetime) -> None:
    """Forget sign-in addresses that ran out before an instant, used or not."""
    tx.run("delete from sign_in_link where expires_at < $before", before=before)


def insert_member_session(
    tx: Transaction, *, member_id: int, browser_id: int, now: datetime, expires_at: datetime
) -> None:
    """Sign the member in at this browser; whoever was signed in there before is signed out."""
    close_member_sessions(tx, browser_id, now)
    tx.run(
        """
        insert into member_session
        values (
            nextval('member_session_id_seq'),
            $member_id,
            $browser_id,
            $now,
            $now,
            $expires_at,
            null
        )
        """,
        member_id=member_id,
        browser_id=browser_id,
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
        limit 1
        """,
        browser_id=browser_id,
        now=now,
        seen_after=seen_after,
    )
    return None if row is None else (_read_member(row[:4]), row[4])


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


def _read_member(row: Row) -> Member:
    return Member(row[0], row[1], row[2], Role(row[3]))
