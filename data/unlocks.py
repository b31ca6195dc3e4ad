"""Browsers that gave a share link's password, while they stand at its gate."""

from datetime import datetime

from data.database import Reader, Transaction


def insert_unlock(
    tx: Transaction,
    *,
    browser_id: int,
    share_link_id: int,
    password_epoch: int,
    now: datetime,
    expires_at: datetime,
) -> None:
    """Note that this browser gave the link's password of this epoch."""
    tx.run(
        """
        insert into link_unlock
        values ($browser_id, $share_link_id, $password_epoch, $now, $expires_at)
        """,
        browser_id=browser_id,
        share_link_id=share_link_id,
        password_epoch=password_epoch,
        now=now,
        expires_at=expires_at,
    )


def has_unlock(
    reader: Reader, *, browser_id: int, share_link_id: int, password_epoch: int, now: datetime
) -> bool:
    """Whether this browser gave the link's present password a while ago."""
    row = reader.row(
        """
        select 1
        from link_unlock
        where
            browser_id = $browser_id
            and share_link_id = $share_link_id
            and password_epoch = $password_epoch
            and created_at <= $now
            and expires_at > $now
        """,
        browser_id=browser_id,
        share_link_id=share_link_id,
        password_epoch=password_epoch,
        now=now,
    )
    return row is not None


def purge_unlocks(tx: Transaction, now: datetime) -> None:
    """Forget unlocks that ran out."""
    tx.run("delete from link_unlock where expires_at <= $now", now=now)
