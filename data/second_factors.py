"""Second factors: each member's authenticator key, and the codes for when it is lost."""

from dataclasses import dataclass, field
from datetime import datetime

from data.database import Reader, Transaction


@dataclass(frozen=True, slots=True)
class Totp:
    """A member's authenticator key. It counts once `confirmed_at` is set."""

    member_id: int
    secret: str = field(repr=False)
    confirmed_at: datetime | None


def get_totp(reader: Reader, member_id: int) -> Totp | None:
    """The member's key, confirmed or not; None without any."""
    row = reader.row(
        """
        select
            member_id,
            secret,
            confirmed_at
        from member_totp
        where member_id = $member_id
        """,
        member_id=member_id,
    )
    return None if row is None else Totp(*row)


def find_members_with_totp(reader: Reader) -> frozenset[int]:
    """The numbers of the members who are asked for a second factor."""
    rows = reader.rows("select member_id from member_totp where confirmed_at is not null")
    return frozenset(row[0] for row in rows)


def insert_totp(tx: Transaction, member_id: int, secret: str, now: datetime) -> None:
    """Keep a key that is not confirmed yet."""
    tx.run(
        """
        insert into member_totp (
            member_id,
            secret,
            created_at
        )
        values ($member_id, $secret, $now)
        """,
        member_id=member_id,
        secret=secret,
        now=now,
    )


def confirm_totp_at(
    tx: Transaction, member_id: int, secret: str, *, step: int, now: datetime
) -> bool:
    """Whether this key was waiting to be confirmed; it counts now, and the step is used."""
    row = tx.row(
        """
        update member_totp
        set
            confirmed_at = $now,
            last_step = $step
        where
            member_id = $member_id
            and secret = $secret
            and confirmed_at is null
        returning member_id
        """,
        member_id=member_id,
        secret=secret,
        step=step,
        now=now,
    )
    return row is not None


def spend_totp_step(tx: Transaction, member_id: int, step: int) -> bool:
    """Whether this time step is later than any that was used; it is used now."""
    row = tx.row(
        """
        update member_totp
        set last_step = $step
        where
            member_id = $member_id
            and confirmed_at is not null
            and (last_step is null or last_step < $step)
        returning member_id
        """,
        member_id=member_id,
        step=step,
    )
    return row is not None


def delete_second_factor(tx: Transaction, member_id: int) -> None:
    """Forget the member's key and recovery codes."""
    tx.run("delete from member_totp where member_id = $member_id", member_id=member_id)
    tx.run("delete from recovery_code where member_id = $member_id", member_id=member_id)


def replace_recovery_codes(
    tx: Transaction, member_id: int, code_hashes: list[str], now: datetime
) -> None:
    """Let these codes stand in for the key, once each, and none of those from before."""
    tx.run("delete from recovery_code where member_id = $member_id", member_id=member_id)
    for code_hash in code_hashes:
        tx.run(
            """
            insert into recovery_code (
                member_id,
                code_hash,
                created_at
            )
            values ($member_id, $code_hash, $now)
            """,
            member_id=member_id,
            code_hash=code_hash,
            now=now,
        )


def spend_recovery_code(
    tx: Transaction, member_id: int, code_hashes: list[str], now: datetime
) -> bool:
    """Whether one of these is an unused code of the member's; it is used now."""
    row = tx.row(
        """
        update recovery_code
        set used_at = $now
        where
            member_id = $member_id
            and code_hash = any($code_hashes)
            and used_at is null
        returning member_id
        """,
        member_id=member_id,
        code_hashes=code_hashes,
        now=now,
    )
    return row is not None


def count_recovery_codes(reader: Reader, member_id: int) -> int:
    """How many unused codes the member has."""
    row = reader.row(
        "select count(*) from recovery_code where member_id = $member_id and used_at is null",
        member_id=member_id,
    )
    return int(row[0]) if row else 0
