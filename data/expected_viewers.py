"""Who should open a share link, as stored; who of them did is in `data/expectations.py`."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from data.database import Reader, Transaction
from data.records import Identifier


@dataclass(frozen=True, slots=True)
class ExpectedPerson:
    """Somebody who should open a link, before it is stored; `name` is None if none was given."""

    identifier: Identifier
    name: str | None = None


def find_expected_names(reader: Reader, share_link_id: int) -> dict[str, str | None]:
    """By lookup, the name under which each address is expected at this link."""
    rows = reader.rows(
        """
        select
            concat(channel, ':', key),
            name
        from expected_viewer
        where share_link_id = $share_link_id
        order by expected_viewer_id
        """,
        share_link_id=share_link_id,
    )
    return {row[0]: row[1] for row in rows}


def insert_expected_viewers(
    tx: Transaction, share_link_id: int, people: Iterable[ExpectedPerson], now: datetime
) -> None:
    """Expect these people at the link; that none of them is there yet is for the caller to see."""
    expected = list(people)
    tx.run(
        """
        insert into expected_viewer (
            expected_viewer_id,
            share_link_id,
            channel,
            key,
            address,
            name,
            created_at
        )
        select
            nextval('expected_viewer_id_seq'),
            $share_link_id,
            channel,
            key,
            address,
            name,
            $now
        from (
            select
                unnest($channels) as channel,
                unnest($keys) as key,
                unnest($addresses) as address,
                unnest($names) as name
        )
        """,
        share_link_id=share_link_id,
        channels=[str(one.identifier.channel) for one in expected],
        keys=[one.identifier.key for one in expected],
        addresses=[one.identifier.address for one in expected],
        names=[one.name for one in expected],
        now=now,
    )


def update_expected_name(
    tx: Transaction, share_link_id: int, identifier: Identifier, name: str
) -> None:
    """Call somebody who is expected so."""
    tx.run(
        """
        update expected_viewer
        set name = $name
        where
            share_link_id = $share_link_id
            and channel = $channel
            and key = $key
        """,
        share_link_id=share_link_id,
        channel=identifier.channel,
        key=identifier.key,
        name=name,
    )


def delete_expected_viewers(
    tx: Transaction, share_link_id: int, expected_viewer_ids: Collection[int]
) -> int:
    """How many of these were expected at the link; they are not any more."""
    row = tx.row(
        """
        delete from expected_viewer
        where
            share_link_id = $share_link_id
            and expected_viewer_id in (select unnest($expected_viewer_ids))
        """,
        share_link_id=share_link_id,
        expected_viewer_ids=list(expected_viewer_ids),
    )
    return int(row[0]) if row else 0
