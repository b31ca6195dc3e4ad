"""Sign-ins on their way: a browser that is asked for a second factor, or for its new cookie."""

from datetime import datetime

from data.database import Reader, Transaction


def insert_half_sign_in(
    tx: Transaction, browser_id: int, member_id: int, *, now: datetime, expires_at: datetime
) -> None:
    """Note that this browser gave the member's password; what it had begun before is over."""
    end_half_sign_in(tx, browser_id, now)
    tx.run(
        """
        insert into half_sign_in (
            browser_id,
            member_id,
            created_at,
            expires_at
        )
        values ($browser_id, $member_id, $now, $expires_at)
        """,
        browser_id=browser_id,
        member_id=member_id,
        now=now,
        expires_at=expires_at,
    )


def get_half_sign_in(reader: Reader, browser_id: int, now: datetime) -> int | None:
    """The number of the member whose password this browser gave, while it is asked for more."""
    row = reader.row(
        """
        select member_id
        from half_sign_in
        where
            browser_id = $browser_id
            and ended_at is null
            and created_at <= $now
            and expires_at > $now
        order by created_at desc
        """,
        browser_id=browser_id,
        now=now,
    )
    return None if row is None else int(row[0])


def end_half_sign_in(tx: Transaction, browser_id: int, now: datetime) -> None:
    """Ask this browser for no second factor any more."""
    tx.run(
        """
        update half_sign_in
        set ended_at = $now
        where
            browser_id = $browser_id
            and ended_at is null
        """,
        browser_id=browser_id,
        now=now,
    )


def end_sign_ins_of(tx: Transaction, member_id: int, now: datetime) -> None:
    """Whatever sign-in of the member's is on its way comes to nothing."""
    tx.run(
        """
        update half_sign_in
        set ended_at = $now
        where
            member_id = $member_id
            and ended_at is null
        """,
        member_id=member_id,
        now=now,
    )
    tx.run(
        """
        update sign_in_grant
        set used_at = $now
        where
            member_id = $member_id
            and used_at is null
        """,
        member_id=member_id,
        now=now,
    )


def insert_sign_in_grant(
    tx: Transaction,
    grant_hash: str,
    *,
    browser_id: int,
    member_id: int,
    now: datetime,
    expires_at: datetime,
) -> None:
    """Keep the grant of a sign-in until it is exchanged for a cookie, or late."""
    tx.run(
        """
        insert into sign_in_grant (
            grant_hash,
            browser_id,
            member_id,
            created_at,
            expires_at
        )
        values ($grant_hash, $browser_id, $member_id, $now, $expires_at)
        """,
        grant_hash=grant_hash,
        browser_id=browser_id,
        member_id=member_id,
        now=now,
        expires_at=expires_at,
    )


def spend_sign_in_grant(
    tx: Transaction, grant_hash: str, *, browser_id: int, now: datetime
) -> int | None:
    """The number of the member whom the grant signs in, the first time in time; else None."""
    row = tx.row(
        """
        update sign_in_grant
        set used_at = $now
        where
            grant_hash = $grant_hash
            and browser_id = $browser_id
            and used_at is null
            and created_at <= $now
            and expires_at > $now
        returning member_id
        """,
        grant_hash=grant_hash,
        browser_id=browser_id,
        now=now,
    )
    return None if row is None else int(row[0])


def purge_sign_ins(tx: Transaction, *, before: datetime) -> None:
    """Forget sign-ins that were on their way until before an instant."""
    tx.run("delete from half_sign_in where expires_at < $before", before=before)
    tx.run("delete from sign_in_grant where expires_at < $before", before=before)
