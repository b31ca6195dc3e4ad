"""Passes as stored: which browser may open which share link until when."""

from datetime import datetime

from data.database import Reader, Row, Transaction
from data.engine.together import spread
from data.records import Channel, Pass

_COLUMNS = """
    pass_id,
    browser_id,
    share_link_id,
    policy_epoch,
    contact_id,
    identifier_id,
    other_identifier_id,
    channel,
    is_verified,
    issued_at,
    expires_at,
    claimed_at,
    revoked_at,
    is_other_verified
"""


def insert_pass(tx: Transaction, issued: Pass) -> int:
    """The number of a new pass; the number that it came with is not looked at."""
    pass_id = tx.draw_number("pass_id_seq")
    tx.run(
        spread(
            """
        insert into pass
        values (
            $pass_id,
            $browser_id,
            $share_link_id,
            $policy_epoch,
            $contact_id,
            $identifier_id,
            $other_identifier_id,
            $channel,
            $is_verified,
            $issued_at,
            $expires_at,
            $claimed_at,
            null,
            $is_other_verified
        )
        """
        ),
        pass_id=pass_id,
        browser_id=issued.browser_id,
        share_link_id=issued.share_link_id,
        policy_epoch=issued.policy_epoch,
        contact_id=issued.contact_id,
        identifier_id=issued.identifier_id,
        other_identifier_id=issued.other_identifier_id,
        channel=issued.channel,
        is_verified=issued.is_verified,
        issued_at=issued.issued_at,
        expires_at=issued.expires_at,
        claimed_at=issued.claimed_at,
        is_other_verified=issued.is_other_verified,
    )
    return pass_id


def claim_pass(tx: Transaction, pass_id: int, now: datetime) -> None:
    """Have the pass open from now on: its browser has claimed it."""
    tx.run(
        spread(
            """
            update pass
            set claimed_at = $now
            where pass_id = $pass_id and claimed_at is null
            """
        ),
        pass_id=pass_id,
        now=now,
    )


def get_live_pass(
    reader: Reader, *, browser_id: int, share_link_id: int, now: datetime
) -> Pass | None:
    """The newest claimed pass of this browser to this link that is good at `now`.

    A pass issued in the future is void: setting the clock back revives nothing. Whether the
    link's rules have changed since is not looked at.
    """
    row = reader.row(
        spread(
            f"""
        select {_COLUMNS}
        from pass
        where
            browser_id = $browser_id
            and share_link_id = $share_link_id
            and claimed_at <= $now
            and revoked_at is null
            and issued_at <= $now
            and expires_at > $now
        order by pass_id desc
        """,
            by="browser_id",
        ),
        browser_id=browser_id,
        share_link_id=share_link_id,
        now=now,
    )
    return None if row is None else _read_pass(row)


def revoke_passes(tx: Transaction, contact_id: int, now: datetime) -> None:
    """End every pass of this contact, on every link."""
    tx.run(
        """
        update pass
        set revoked_at = $now
        where
            contact_id = $contact_id
            and revoked_at is null
        """,
        contact_id=contact_id,
        now=now,
    )


def _read_pass(row: Row) -> Pass:
    channel = None if row[7] is None else Channel(row[7])
    return Pass(*(*row[:7], channel, *row[8:]))
