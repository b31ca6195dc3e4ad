"""Challenges as stored: one code sent to one identifier, its tries and its end."""

from datetime import datetime

from data.database import Reader, Row, Transaction
from data.engine.together import spread
from data.records import Challenge, Channel

_COLUMNS = """
    challenge_id,
    gate_entry_id,
    browser_id,
    share_link_id,
    policy_epoch,
    channel,
    identifier_key,
    mac,
    created_at,
    sent_at,
    expires_at,
    send_count,
    tries,
    answered_at,
    void_reason,
    digits,
    is_decoy
"""


def next_challenge_id(tx: Transaction) -> int:
    """The number of the next challenge, which its code is bound to before it is stored."""
    return tx.draw_number("challenge_id_seq")


def insert_challenge(tx: Transaction, challenge: Challenge) -> None:
    """Store a new challenge."""
    tx.run(
        """
        insert into challenge
        values (
            $challenge_id,
            $gate_entry_id,
            $browser_id,
            $share_link_id,
            $policy_epoch,
            $channel,
            $identifier_key,
            $mac,
            $created_at,
            $created_at,
            $expires_at,
            1,
            0,
            null,
            null,
            $digits,
            $is_decoy
        )
        """,
        challenge_id=challenge.challenge_id,
        gate_entry_id=challenge.gate_entry_id,
        browser_id=challenge.browser_id,
        share_link_id=challenge.share_link_id,
        policy_epoch=challenge.policy_epoch,
        channel=challenge.channel,
        identifier_key=challenge.identifier_key,
        mac=challenge.mac,
        created_at=challenge.created_at,
        expires_at=challenge.expires_at,
        digits=challenge.digits,
        is_decoy=challenge.is_decoy,
    )


def get_challenge(reader: Reader, challenge_id: int) -> Challenge | None:
    """The challenge of this number."""
    row = reader.row(
        f"select {_COLUMNS} from challenge where challenge_id = $challenge_id",
        challenge_id=challenge_id,
    )
    return None if row is None else _read_challenge(row)


def find_challenges(reader: Reader, gate_entry_id: int) -> list[Challenge]:
    """The entry's challenges, newest first, ended ones too."""
    rows = reader.rows(
        f"""
        select {_COLUMNS}
        from challenge
        where gate_entry_id = $gate_entry_id
        order by challenge_id desc
        """,
        gate_entry_id=gate_entry_id,
    )
    return [_read_challenge(row) for row in rows]


def update_sending(
    tx: Transaction, challenge: Challenge, *, sent_before: datetime, most_sends: int
) -> bool:
    """Replace the code of an open challenge, if a sending is left and the last is old enough.

    `challenge` carries the new mac, digits, sent_at and expires_at. Tries stay as they are.
    """
    return bool(
        tx.rows(
            """
            update challenge
            set
                mac = $mac,
                digits = $digits,
                sent_at = $sent_at,
                expires_at = $expires_at,
                send_count = send_count + 1
            where
                challenge_id = $challenge_id
                and answered_at is null
                and void_reason is null
                and send_count < $most_sends
                and sent_at <= $sent_before
            returning challenge_id
            """,
            challenge_id=challenge.challenge_id,
            mac=challenge.mac,
            digits=challenge.digits,
            sent_at=challenge.sent_at,
            expires_at=challenge.expires_at,
            most_sends=most_sends,
            sent_before=sent_before,
        )
    )


def count_try(
    tx: Transaction, challenge_id: int, *, browser_id: int, most_tries: int, now: datetime
) -> Challenge | None:
    """The challenge with one more try counted, or None if it takes no more answers."""
    row = tx.row(
        f"""
        update challenge
        set tries = tries + 1
        where
            challenge_id = $challenge_id
            and browser_id = $browser_id
            and answered_at is null
            and void_reason is null
            and tries < $most_tries
            and sent_at <= $now
            and expires_at > $now
        returning {_COLUMNS}
        """,
        challenge_id=challenge_id,
        browser_id=browser_id,
        most_tries=most_tries,
        now=now,
    )
    return None if row is None else _read_challenge(row)


def mark_answered(tx: Transaction, challenge_id: int, mac: str, now: datetime) -> bool:
    """Whether this call is the one that answered it; its code dies with it.

    `mac` is the one that was compared: a code that was replaced since grants nothing.
    """
    return bool(
        tx.rows(
            """
            update challenge
            set answered_at = $now, mac = null
            where
                challenge_id = $challenge_id
                and answered_at is null
                and void_reason is null
                and not is_decoy
                and mac = $mac
            returning challenge_id
            """,
            challenge_id=challenge_id,
            mac=mac,
            now=now,
        )
    )


def purge_challenges(tx: Transaction, *, before: datetime) -> None:
    """Forget challenges whose last code was sent before an instant."""
    tx.run("delete from challenge where sent_at < $before", before=before)


def drop_late_codes(tx: Transaction, now: datetime) -> None:
    """Forget the codes that ran out; their challenges may still get another."""
    tx.run(
        """
        update challenge
        set mac = null
        where
            expires_at <= $now
            and mac is not null
        """,
        now=now,
    )


def void_challenge(tx: Transaction, challenge_id: int, reason: str) -> None:
    """End one unanswered challenge; its code dies with it."""
    tx.run(
        """
        update challenge
        set void_reason = $reason, mac = null
        where
            challenge_id = $challenge_id
            and answered_at is null
            and void_reason is null
        """,
        challenge_id=challenge_id,
        reason=reason,
    )


def void_challenges(tx: Transaction, *, browser_id: int, share_link_id: int, reason: str) -> None:
    """End every unanswered challenge of this browser at this link."""
    tx.run(
        spread("""
        update challenge
        set void_reason = $reason, mac = null
        where
            browser_id = $browser_id
            and share_link_id = $share_link_id
            and answered_at is null
            and void_reason is null
        """),
        browser_id=browser_id,
        share_link_id=share_link_id,
        reason=reason,
    )


def _read_challenge(row: Row) -> Challenge:
    return Challenge(*(*row[:5], Channel(row[5]), *row[6:]))
