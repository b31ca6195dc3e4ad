"""Members and their one-time sign-in addresses."""

from datetime import datetime

from data.database import Reader, Row, Transaction
from data.records import Member, Role


def insert_member(tx: Transaction, *, email: str, name: str, role: Role, now: datetime) -> Member:
    """A new member."""
    row = tx.row(
        """
        insert into member (
            member_id,
            email,
            name,
            role,
            created_at
        )
        values (nextval('member_id_seq'), $email, $name, $role, $now)
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
    return None if row is None else read_member_row(row)


def get_live_member(reader: Reader, member_id: int) -> Member | None:
    """The member of this number, if they are one still."""
    row = reader.row(
        """
        select
            member_id,
            email,
            name,
            role
        from member
        where member_id = $member_id and revoked_at is null
        """,
        member_id=member_id,
    )
    return None if row is None else read_member_row(row)


def find_members(reader: Reader) -> list[Member]:
    """Everybody who is a member now, who was there first first."""
    rows = reader.rows(
        """
        select
            member_id,
            email,
            name,
            role
        from member
        where revoked_at is null
        order by member_id
        """
    )
    return [read_member_row(row) for row in rows]


def get_member_password(reader: Reader, member_id: int) -> str | None:
    """What is stored in place of the member's password; None if they have set none."""
    row = reader.row(
        "select password_hash from member where member_id = $member_id", member_id=member_id
    )
    return None if row is None else row[0]


def update_member_password(tx: Transaction, member_id: int, password_hash: str) -> None:
    """Let the member sign in by another password than before."""
    tx.run(
        "update member set password_hash = $password_hash where member_id = $member_id",
        password_hash=password_hash,
        member_id=member_id,
    )


def update_member_name(tx: Transaction, member_id: int, name: str) -> None:
    """Call the member by another name."""
    tx.run(
        "update member set name = $name where member_id = $member_id",
        name=name,
        member_id=member_id,
    )


def update_member_role(tx: Transaction, member_id: int, role: Role) -> None:
    """Let the member do what this role may."""
    tx.run(
        "update member set role = $role where member_id = $member_id",
        role=role,
        member_id=member_id,
    )


def revoke_member(tx: Transaction, member_id: int, now: datetime) -> None:
    """End the membership; who it was stays known to the trail."""
    tx.run(
        """
        update member
        set
            revoked_at = $now,
            password_hash = null
        where
            member_id = $member_id
            and revoked_at is null
        """,
        member_id=member_id,
        now=now,
    )


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
    return get_live_member(tx, spent[0])


def purge_sign_in_links(tx: Transaction, *, before: datetime) -> None:
    """Forget sign-in addresses that ran out before an instant, used or not."""
    tx.run("delete from sign_in_link where expires_at < $before", before=before)


def read_member_row(row: Row) -> Member:
    """The member of a row that has their number, email, name and role."""
    return Member(row[0], row[1], row[2], Role(row[3]))
