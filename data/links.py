"""Share links as stored: their rules and their state. None is ever deleted."""

from dataclasses import asdict, dataclass, field
from datetime import datetime

from data.database import Reader, Row, Transaction
from data.engine.steady import steady
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
    revoked_at,
    accepts_either,
    allows_download,
    demands_fresh_code,
    view_limit,
    view_count,
    password_hash,
    password_epoch,
    asks_consent,
    archived_at,
    coalesce(
        workspace_id in (select workspace_id from workspace where archived_at is not null)
        or document_id in (select document_id from document where archived_at is not null),
        false
    )
"""

_INSERT = """
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
        null,
        $accepts_either,
        $allows_download,
        $demands_fresh_code,
        $view_limit,
        0,
        $password_hash,
        0,
        $asks_consent,
        null
    )
    returning share_link_id
    """

_BY_NUMBER = steady(f"""
    select {_COLUMNS}
    from share_link
    where share_link_id = $share_link_id
    """)

# What an owner can change of a link that is out in the world.
_CHANGEABLE = (
    "name",
    "requires_email",
    "verifies_email",
    "requires_whatsapp",
    "verifies_whatsapp",
    "pass_seconds",
    "expires_at",
    "accepts_either",
    "allows_download",
    "demands_fresh_code",
    "view_limit",
    "asks_consent",
)


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
    accepts_either: bool = False
    allows_download: bool = True
    demands_fresh_code: bool = False
    view_limit: int | None = None
    password_hash: str | None = field(default=None, repr=False)
    asks_consent: bool = False


def insert_share_link(tx: Transaction, new: NewShareLink, now: datetime) -> ShareLink:
    """A new share link, with its number, in its first policy epoch.

    Raises:
        ValueError: its slug is empty, so anybody could guess its address.
    """
    if not new.slug:
        raise ValueError("A share link needs a slug")
    share_link_id = int(tx.rows(_INSERT, now=now, **asdict(new))[0][0])
    # What an insert returns can't look into other tables.
    row = tx.rows(_BY_NUMBER, share_link_id=share_link_id)[0]
    return _read_share_link(row)


def get_share_link(reader: Reader, slug: str) -> ShareLink | None:
    """The share link of this slug, in whatever state."""
    row = reader.row(
        steady(f"""
        select {_COLUMNS}
        from share_link
        where slug = $slug
        """),
        slug=slug,
    )
    return None if row is None else _read_share_link(row)


def get_share_link_by_id(reader: Reader, share_link_id: int) -> ShareLink | None:
    """The share link of this number, in whatever state."""
    row = reader.row(_BY_NUMBER, share_link_id=share_link_id)
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


def update_share_link(tx: Transaction, changed: ShareLink, *, has_new_password: bool) -> bool:
    """Whether there is such a link that was not revoked; it has these rules from now on.

    Its policy epoch rises: open challenges are void, and passes are judged by the new rules. A
    new password ends every pass that was issued before; without one, the stored one stays.
    """
    rules = {name: getattr(changed, name) for name in (*_CHANGEABLE, "password_hash")}
    row = tx.row(
        f"""
        update share_link
        set
            {", ".join(f"{name} = ${name}" for name in _CHANGEABLE)},
            policy_epoch = policy_epoch + 1,
            password_hash = case when $has_new_password then $password_hash else password_hash end,
            password_epoch = case
                when $has_new_password then policy_epoch + 1
                else password_epoch
            end
        where
            share_link_id = $share_link_id
            and revoked_at is null
        returning share_link_id
        """,
        share_link_id=changed.share_link_id,
        has_new_password=has_new_password,
        **rules,
    )
    return row is not None


def update_share_link_archived_at(
    tx: Transaction, share_link_id: int, archived_at: datetime | None
) -> None:
    """Put the link away, or with None back where it was. Its open challenges are void."""
    tx.run(
        """
        update share_link
        set
            archived_at = $archived_at,
            policy_epoch = policy_epoch + 1
        where share_link_id = $share_link_id
        """,
        share_link_id=share_link_id,
        archived_at=archived_at,
    )


def raise_policy_epoch(tx: Transaction, share_link_id: int) -> None:
    """Have everything that the link's rules decided before judged again."""
    tx.run(
        """
        update share_link
        set policy_epoch = policy_epoch + 1
        where share_link_id = $share_link_id
        """,
        share_link_id=share_link_id,
    )


def _read_share_link(row: Row) -> ShareLink:
    return ShareLink(*row)
