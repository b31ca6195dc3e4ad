"""Share links as stored: their rules, and how much each was used. None is ever deleted."""

from dataclasses import asdict, dataclass
from datetime import datetime

from data.database import Reader, Row, Transaction
from data.records import ShareLink

_COLUMNS = """
    share_link_id,
    slug,
    name,
    workspace_id,
    document_id,
    requires_email,
    verifies_email,
    requires_whatsapp,
    verifies_whatsapp,
    pass_seconds,
    policy_epoch,
    created_at,
    expires_at,
    revoked_at
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewShareLink:
    """A share link before it has a number; `document_id` None opens the whole workspace.

    The gate fills in what is empty: it draws the slug and names the link after what it opens.
    """

    slug: str = ""
    name: str = ""
    workspace_id: int
    document_id: int | None = None
    requires_email: bool = False
    verifies_email: bool = False
    requires_whatsapp: bool = False
    verifies_whatsapp: bool = False
    pass_seconds: int
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LinkUsage:
    """What came through one share link: contacts that passed, sessions that opened something.

    Sessions on an open link are counted here though they belong to no contact; internal and bot
    sessions are not. `last_accessed_at` is UTC, None while nothing was opened.
    """

    share_link_id: int
    contacts: int
    sessions: int
    last_accessed_at: datetime | None


def insert_share_link(tx: Transaction, new: NewShareLink, now: datetime) -> ShareLink:
    """A new share link, with its number, in its first policy epoch.

    Raises:
        ValueError: its slug is empty, so anybody could guess its address.
    """
    if not new.slug:
        raise ValueError("A share link needs a slug")
    rows = tx.rows(
        f"""
        insert into share_link
        values (
            nextval('share_link_id_seq'),
            $slug,
            $name,
            $workspace_id,
            $document_id,
            $requires_email,
            $verifies_email,
            $requires_whatsapp,
            $verifies_whatsapp,
            $pass_seconds,
            1,
            $now,
            $expires_at,
            null
        )
        returning {_COLUMNS}
        """,
        now=now,
        **asdict(new),
    )
    return _read_share_link(rows[0])


def get_share_link(reader: Reader, slug: str) -> ShareLink | None:
    """The share link of this slug, in whatever state."""
    row = reader.row(
        f"""
        select {_COLUMNS}
        from share_link
        where slug = $slug
        """,
        slug=slug,
    )
    return None if row is None else _read_share_link(row)


def get_share_link_by_id(reader: Reader, share_link_id: int) -> ShareLink | None:
    """The share link of this number, in whatever state."""
    row = reader.row(
        f"""
        select {_COLUMNS}
        from share_link
        where share_link_id = $share_link_id
        """,
        share_link_id=share_link_id,
    )
    return None if row is None else _read_share_link(row)


def find_share_links(reader: Reader, *, workspace_id: int | None = None) -> list[ShareLink]:
    """Share links of one workspace, or of all, in whatever state, newest first."""
    rows = reader.rows(
        f"""
        select {_COLUMNS}
        from share_link
        where $workspace_id is null or workspace_id = $workspace_id
        order by
            created_at desc,
            share_link_id desc
        """,
        workspace_id=workspace_id,
    )
    return [_read_share_link(row) for row in rows]


def find_link_usage(reader: Reader) -> list[LinkUsage]:
    """The usage of every share link, used or not, by its number."""
    rows = reader.rows(
        """
        with passed as (
            select
                share_link_id,
                count(*) as contacts
            from contact_link
            group by share_link_id
        ),
        opened as (
            select
                share_link_id,
                count(*) as sessions,
                max(started_at) as last_accessed_at
            from viewing_session
            where kind = 'viewer'
            group by share_link_id
        )
        select
            share_link.share_link_id,
            coalesce(passed.contacts, 0),
            coalesce(opened.sessions, 0),
            opened.last_accessed_at
        from share_link
        left join passed on passed.share_link_id = share_link.share_link_id
        left join opened on opened.share_link_id = share_link.share_link_id
        order by share_link.share_link_id
        """
    )
    return [LinkUsage(*row) for row in rows]


def revoke_share_link(tx: Transaction, share_link_id: int, now: datetime) -> bool:
    """Whether the link was revoked just now; False if it had been before, or never was.

    Its policy epoch rises, so its passes and open challenges are void at once.
    """
    row = tx.row(
        """
        update share_link
        set
            revoked_at = $now,
            policy_epoch = policy_epoch + 1
        where
            share_link_id = $share_link_id
            and revoked_at is null
        returning share_link_id
        """,
        share_link_id=share_link_id,
        now=now,
    )
    return row is not None


def update_share_link_expiry(
    tx: Transaction, share_link_id: int, expires_at: datetime | None
) -> bool:
    """Whether there is such a link; it now expires then, or never, in a new policy epoch."""
    row = tx.row(
        """
        update share_link
        set
            expires_at = $expires_at,
            policy_epoch = policy_epoch + 1
        where share_link_id = $share_link_id
        returning share_link_id
        """,
        share_link_id=share_link_id,
        expires_at=expires_at,
    )
    return row is not None


def _read_share_link(row: Row) -> ShareLink:
    return ShareLink(*row)
