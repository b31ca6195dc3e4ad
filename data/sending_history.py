"""What was sent before: past codes, answered or not, which decide whether another may go out."""

from datetime import datetime

from data.attempts import Act, Attempt
from data.database import Reader, Transaction
from data.records import Channel


def get_last_sending(
    reader: Reader, *, browser_id: int, share_link_id: int, channel: Channel, identifier_key: str
) -> datetime | None:
    """When a code last went to this identifier for this browser at this link."""
    row = reader.row(
        """
        select max(sent_at)
        from challenge
        where
            browser_id = $browser_id
            and share_link_id = $share_link_id
            and channel = $channel
            and identifier_key = $identifier_key
        """,
        browser_id=browser_id,
        share_link_id=share_link_id,
        channel=channel,
        identifier_key=identifier_key,
    )
    return row[0] if row else None


def get_newest_instant(reader: Reader) -> datetime | None:
    """The newest instant of a code or a pass: what the wall clock must not be behind."""
    row = reader.row(
        """
        select greatest(
            (select max(sent_at) from challenge),
            (select max(issued_at) from pass)
        )
        """
    )
    return row[0] if row else None


def count_prefix_sends(
    reader: Reader, prefix: str, *, since: datetime, until: datetime, newest: int
) -> tuple[int, int]:
    """How many of the newest codes to numbers that begin so were sent, and how many answered.

    Each sending of a challenge counts, as each costs; an answer stands for all of its challenge's.
    The challenge that reaches `newest` is counted whole. Decoys count too, or they would tell.
    """
    row = reader.row(
        """
        with recent as (
            select
                send_count,
                answered_at,
                sum(send_count) over (order by challenge_id desc) - send_count as sent_later
            from challenge
            where
                channel = 'whatsapp'
                and starts_with(identifier_key, $prefix)
                and sent_at > $since
                and sent_at <= $until
        )
        select
            coalesce(sum(send_count), 0),
            coalesce(sum(send_count) filter (where answered_at is not null), 0)
        from recent
        where sent_later < $newest
        """,
        prefix=prefix,
        since=since,
        until=until,
        newest=newest,
    )
    return (int(row[0]), int(row[1])) if row else (0, 0)


def delete_unanswered(tx: Transaction, answered: Attempt) -> None:
    """Count the codes of this browser, link and identifier as unanswered no more."""
    tx.run(
        """
        delete from attempt
        where
            act = $act
            and browser_id = $browser_id
            and share_link_id = $share_link_id
            and identifier_hash = $identifier_hash
        """,
        act=Act.UNANSWERED,
        browser_id=answered.browser_id,
        share_link_id=answered.share_link_id,
        identifier_hash=answered.identifier_hash,
    )
