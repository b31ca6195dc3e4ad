"""Browsers, known by the SHA-256 of the random id in their one cookie, and their one-time grants.

A browser keeps its number when its id is rotated.
"""

from dataclasses import dataclass
from datetime import datetime

from data.database import Reader, Transaction
from data.engine.together import spread


@dataclass(frozen=True, slots=True)
class BrowserKey:
    """One id that a browser has, or had until `replaced_at`."""

    browser_id: int
    replaced_at: datetime | None


def get_browser_key(reader: Reader, key_hash: str) -> BrowserKey | None:
    """The browser that has or had this id."""
    row = reader.row(
        spread(
            "select browser_id, replaced_at from browser_key where key_hash = $key_hash",
            by="key_hash",
            is_indexed=True,
        ),
        key_hash=key_hash,
    )
    return None if row is None else BrowserKey(*row)


def insert_browser(tx: Transaction, key_hash: str, now: datetime) -> int:
    """A new browser's number."""
    browser_id = tx.draw_number("browser_id_seq")
    insert_browser_key(tx, browser_id, key_hash, now)
    return browser_id


def insert_browser_key(tx: Transaction, browser_id: int, key_hash: str, now: datetime) -> None:
    """Give the browser this id beside those that it has."""
    tx.run(
        spread("insert into browser_key values ($key_hash, $browser_id, $now, null)"),
        key_hash=key_hash,
        browser_id=browser_id,
        now=now,
    )


def replace_browser_key(tx: Transaction, browser_id: int, key_hash: str, now: datetime) -> None:
    """Give the browser a new id; the old one is kept as replaced."""
    tx.run(
        spread(
            """
            update browser_key
            set replaced_at = $now
            where browser_id = $browser_id and replaced_at is null
            """
        ),
        browser_id=browser_id,
        now=now,
    )
    insert_browser_key(tx, browser_id, key_hash, now)


@dataclass(frozen=True, slots=True)
class NewGrant:
    """A one-time exchange of a granted pass for a rotated cookie."""

    grant_hash: str
    browser_id: int
    pass_id: int
    created_at: datetime
    expires_at: datetime


def insert_grant(tx: Transaction, grant: NewGrant) -> None:
    """Keep a grant until it is used or late."""
    tx.run(
        spread("""
        insert into browser_grant
        values ($grant_hash, $browser_id, $pass_id, $created_at, $expires_at, null)
        """),
        grant_hash=grant.grant_hash,
        browser_id=grant.browser_id,
        pass_id=grant.pass_id,
        created_at=grant.created_at,
        expires_at=grant.expires_at,
    )


def spend_grant(tx: Transaction, grant_hash: str, *, browser_id: int, now: datetime) -> int | None:
    """The pass that the grant opens, the first time that it is spent in time; else None."""
    row = tx.row(
        spread(
            """
        update browser_grant
        set used_at = $now
        where
            grant_hash = $grant_hash
            and browser_id = $browser_id
            and used_at is null
            and created_at <= $now
            and expires_at > $now
        returning pass_id
        """,
            by="grant_hash",
        ),
        grant_hash=grant_hash,
        browser_id=browser_id,
        now=now,
    )
    return int(row[0]) if row else None


def purge_grants(tx: Transaction, *, before: datetime) -> None:
    """Forget grants that ran out before an instant, used or not."""
    tx.run("delete from browser_grant where expires_at < $before", before=before)


def purge_replaced_keys(tx: Transaction, *, before: datetime) -> None:
    """Forget ids that were replaced before an instant."""
    tx.run("delete from browser_key where replaced_at < $before", before=before)
