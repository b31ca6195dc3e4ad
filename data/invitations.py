"""Invitations: links that make a member, or give one a new password. Only their hash is kept."""

from dataclasses import dataclass
from datetime import datetime

from data.database import Reader, Row, Transaction
from data.records import Role


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link that makes a member of this email and role once.

    With a `member_id` it lets that member set a new password instead. `mail_failure` says why it
    could not be mailed, `mailed_at` when it was; with neither, nobody tried or it is on its way.
    `invited_by` is the member who made it.
    """

    invitation_id: int
    member_id: int | None
    email: str
    role: Role
    created_at: datetime
    expires_at: datetime
    mailed_at: datetime | None = None
    mail_failure: str | None = None
    invited_by: int = 0


_COLUMNS = """
    invitation_id,
    member_id,
    email,
    role,
    created_at,
    expires_at,
    mailed_at,
    mail_failure,
    invited_by
"""
_IS_OPEN = """
    used_at is null
    and withdrawn_at is null
    and created_at <= $now
    and expires_at > $now
"""


def insert_invitation(tx: Transaction, invitation: Invitation, *, token_hash: str) -> Invitation:
    """The invitation with its number."""
    row = tx.row(
        f"""
        insert into invitation (
            invitation_id,
            token_hash,
            member_id,
            email,
            role,
            invited_by,
            created_at,
            expires_at
        )
        values (
            nextval('invitation_id_seq'),
            $token_hash,
            $member_id,
            $email,
            $role,
            $invited_by,
            $created_at,
            $expires_at
        )
        returning {_COLUMNS}
        """,
        token_hash=token_hash,
        member_id=invitation.member_id,
        email=invitation.email,
        role=invitation.role,
        invited_by=invitation.invited_by,
        created_at=invitation.created_at,
        expires_at=invitation.expires_at,
    )
    return invitation if row is None else _read_invitation(row)


def find_open_invitations(reader: Reader, now: datetime) -> list[Invitation]:
    """Every invitation that can still be used, newest first."""
    rows = reader.rows(
        f"""
        select {_COLUMNS}
        from invitation
        where {_IS_OPEN}
        order by invitation_id desc
        """,
        now=now,
    )
    return [_read_invitation(row) for row in rows]


def get_open_invitation(reader: Reader, token_hash: str, now: datetime) -> Invitation | None:
    """The invitation of this token, if it can still be used."""
    row = reader.row(
        f"""
        select {_COLUMNS}
        from invitation
        where
            token_hash = $token_hash
            and {_IS_OPEN}
        """,
        token_hash=token_hash,
        now=now,
    )
    return None if row is None else _read_invitation(row)


def spend_invitation(tx: Transaction, token_hash: str, now: datetime) -> Invitation | None:
    """The invitation of this token, the first time that it is used in time; else None."""
    row = tx.row(
        f"""
        update invitation
        set used_at = $now
        where
            token_hash = $token_hash
            and {_IS_OPEN}
        returning {_COLUMNS}
        """,
        token_hash=token_hash,
        now=now,
    )
    return None if row is None else _read_invitation(row)


def withdraw_invitation_of(tx: Transaction, invitation_id: int, now: datetime) -> Invitation | None:
    """The invitation that was open until now, and can't be used any more."""
    row = tx.row(
        f"""
        update invitation
        set withdrawn_at = $now
        where
            invitation_id = $invitation_id
            and {_IS_OPEN}
        returning {_COLUMNS}
        """,
        invitation_id=invitation_id,
        now=now,
    )
    return None if row is None else _read_invitation(row)


def note_invitation_mail(
    tx: Transaction, invitation_id: int, *, failure: str | None, now: datetime
) -> None:
    """Write down that the mail server took the invitation, or why it did not."""
    tx.run(
        """
        update invitation
        set
            mailed_at = $mailed_at,
            mail_failure = $failure
        where invitation_id = $invitation_id
        """,
        invitation_id=invitation_id,
        mailed_at=now if failure is None else None,
        failure=failure,
    )


def purge_invitations(tx: Transaction, *, before: datetime) -> None:
    """Forget invitations that ran out before an instant, used or not."""
    tx.run("delete from invitation where expires_at < $before", before=before)


def _read_invitation(row: Row) -> Invitation:
    return Invitation(*(*row[:3], Role(row[3]), *row[4:]))
