"""Access tokens: what a member's script shows in place of a sign-in. Only their hash is kept."""

from dataclasses import dataclass
from datetime import datetime

from data.database import Reader, Row, Transaction


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A token of a member's, for scripts that download contacts; its text is nowhere."""

    access_token_id: int
    member_id: int
    name: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None


_COLUMNS = """
    access_token_id,
    member_id,
    name,
    created_at,
    expires_at,
    last_used_at,
    revoked_at
"""


def insert_access_token(tx: Transaction, token: AccessToken, *, token_hash: str) -> AccessToken:
    """The token with its number."""
    row = tx.row(
        f"""
        insert into access_token (
            access_token_id,
            token_hash,
            member_id,
            name,
            created_at,
            expires_at
        )
        values (
            nextval('access_token_id_seq'),
            $token_hash,
            $member_id,
            $name,
            $created_at,
            $expires_at
        )
        returning {_COLUMNS}
        """,
        token_hash=token_hash,
        member_id=token.member_id,
        name=token.name,
        created_at=token.created_at,
        expires_at=token.expires_at,
    )
    return token if row is None else _read_token(row)


def get_access_token(reader: Reader, token_hash: str) -> AccessToken | None:
    """The token of this hash, whether or not it still opens anything."""
    row = reader.row(
        f"""
        select {_COLUMNS}
        from access_token
        where token_hash = $token_hash
        """,
        token_hash=token_hash,
    )
    return None if row is None else _read_token(row)


def find_member_tokens(reader: Reader, member_id: int) -> list[AccessToken]:
    """The member's tokens that were not revoked, newest first; expired ones are among them."""
    rows = reader.rows(
        f"""
        select {_COLUMNS}
        from access_token
        where
            member_id = $member_id
            and revoked_at is null
        order by access_token_id desc
        """,
        member_id=member_id,
    )
    return [_read_token(row) for row in rows]


def find_all_tokens(reader: Reader) -> list[AccessToken]:
    """Every token of who is a member now that was not revoked, newest first."""
    rows = reader.rows(
        f"""
        select {_COLUMNS}
        from access_token
        where
            revoked_at is null
            and member_id in (select member_id from member where revoked_at is null)
        order by access_token_id desc
        """
    )
    return [_read_token(row) for row in rows]


def update_token_use(tx: Transaction, access_token_id: int, now: datetime) -> None:
    """Note that the token was used."""
    tx.run(
        """
        update access_token
        set last_used_at = $now
        where access_token_id = $access_token_id
        """,
        access_token_id=access_token_id,
        now=now,
    )


def end_access_token(
    tx: Transaction, access_token_id: int, *, member_id: int | None, now: datetime
) -> AccessToken | None:
    """The token that opens nothing from now on; None if it was revoked, or is not this member's.

    Without a `member_id` it may be anybody's.
    """
    row = tx.row(
        f"""
        update access_token
        set revoked_at = $now
        where
            access_token_id = $access_token_id
            and ($member_id is null or member_id = $member_id)
            and revoked_at is null
        returning {_COLUMNS}
        """,
        access_token_id=access_token_id,
        member_id=member_id,
        now=now,
    )
    return None if row is None else _read_token(row)


def purge_access_tokens(tx: Transaction, *, before: datetime) -> None:
    """Forget tokens that ran out before an instant."""
    tx.run("delete from access_token where expires_at < $before", before=before)


def _read_token(row: Row) -> AccessToken:
    return AccessToken(*row)
