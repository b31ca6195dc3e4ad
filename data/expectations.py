"""Who of those expected at a share link opened it, who did not, and who else did."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from data.database import Reader
from data.gate_events import GateStep
from data.records import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """One expected address, and what its contact did through the link, by whatever address.

    `contact_id` is None while nobody has passed any gate with the address. Instants are UTC, those
    of viewing sessions through this link, None without any.
    """

    expected_viewer_id: int
    channel: Channel
    key: str
    address: str
    name: str | None
    contact_id: int | None
    is_verified: bool
    has_passed: bool
    first_accessed_at: datetime | None
    last_accessed_at: datetime | None
    access_count: int

    @property
    def lookup(self) -> str:
        """Channel and key in one string, as `Identifier.lookup`."""
        return f"{self.channel}:{self.key}"


@dataclass(frozen=True, slots=True)
class UnexpectedContact:
    """A contact that opened the link and is not expected, by its oldest address."""

    contact_id: int
    address: str
    name: str | None
    is_verified: bool
    first_accessed_at: datetime
    last_accessed_at: datetime
    access_count: int


@dataclass(frozen=True, slots=True)
class LastRefusal:
    """How somebody's last try at a link ended, who is known by a keyed hash."""

    step: GateStep
    reason: str | None
    happened_at: datetime


# An archived contact opened it all the same.
_EXPECTATIONS = """
    select
        expected_viewer.expected_viewer_id,
        expected_viewer.share_link_id,
        expected_viewer.channel,
        expected_viewer.key,
        expected_viewer.address,
        coalesce(expected_viewer.name, contact.name) as name,
        contact.contact_id,
        identifier.verified_at is not null as is_verified,
        contact_link.contact_id is not null as has_passed,
        contact_link.first_accessed_at,
        contact_link.last_accessed_at,
        coalesce(contact_link.access_count, 0) as access_count
    from expected_viewer
    left join identifier
        on identifier.lookup = concat(expected_viewer.channel, ':', expected_viewer.key)
    left join contact on contact.contact_id = identifier.contact_id
    left join contact_link
        on contact_link.contact_id = contact.contact_id
        and contact_link.share_link_id = expected_viewer.share_link_id
"""
_UNEXPECTED = """
    contact_link.share_link_id = $share_link_id
    and contact_link.access_count > 0
    and contact.archived_at is null
    and contact.contact_id not in (
        select identifier.contact_id
        from expected_viewer
        join identifier
            on identifier.lookup = concat(expected_viewer.channel, ':', expected_viewer.key)
        where expected_viewer.share_link_id = $share_link_id
    )
"""


def find_expectations(reader: Reader, share_link_id: int) -> list[Expectation]:
    """Everybody who is expected at this link, in the order in which they were written down."""
    rows = reader.rows(
        f"""
        select
            expected_viewer_id,
            channel,
            key,
            address,
            name,
            contact_id,
            is_verified,
            has_passed,
            first_accessed_at,
            last_accessed_at,
            access_count
        from ({_EXPECTATIONS})
        where share_link_id = $share_link_id
        order by expected_viewer_id
        """,
        share_link_id=share_link_id,
    )
    return [
        Expectation(
            expected_viewer_id=row[0],
            channel=Channel(row[1]),
            key=row[2],
            address=row[3],
            name=row[4],
            contact_id=row[5],
            is_verified=row[6],
            has_passed=row[7],
            first_accessed_at=row[8],
            last_accessed_at=row[9],
            access_count=row[10],
        )
        for row in rows
    ]


def count_expected(reader: Reader) -> dict[int, tuple[int, int]]:
    """By share link, how many of how many expected addresses opened it; others are absent."""
    rows = reader.rows(
        f"""
        select
            share_link_id,
            count(*) filter (access_count > 0),
            count(*)
        from ({_EXPECTATIONS})
        group by share_link_id
        order by share_link_id
        """
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def find_unexpected(
    reader: Reader, share_link_id: int, *, most: int, skipped: int = 0
) -> list[UnexpectedContact]:
    """One page of who opened the link and is not expected, whoever came last first."""
    rows = reader.rows(
        f"""
        select
            contact.contact_id,
            shown.address,
            contact.name,
            shown.verified_at is not null,
            contact_link.first_accessed_at,
            contact_link.last_accessed_at,
            contact_link.access_count
        from contact_link
        join contact on contact.contact_id = contact_link.contact_id
        join (
            select
                contact_id,
                arg_min(address, identifier_id) as address,
                max(verified_at) as verified_at
            from identifier
            group by contact_id
        ) as shown on shown.contact_id = contact.contact_id
        where {_UNEXPECTED}
        order by
            contact_link.last_accessed_at desc,
            contact.contact_id
        limit $most
        offset $skipped
        """,
        share_link_id=share_link_id,
        most=most,
        skipped=skipped,
    )
    return [UnexpectedContact(*row) for row in rows]


def count_unexpected(reader: Reader, share_link_id: int) -> int:
    """How many contacts opened the link and are not expected."""
    row = reader.row(
        f"""
        select count(*)
        from contact_link
        join contact on contact.contact_id = contact_link.contact_id
        where {_UNEXPECTED}
        """,
        share_link_id=share_link_id,
    )
    return int(row[0]) if row else 0


def find_last_refusals(
    reader: Reader,
    share_link_id: int,
    identifier_hashes: Collection[str],
    steps: Collection[GateStep],
) -> dict[str, LastRefusal]:
    """By keyed hash, the latest of these steps at the link; who took none of them is absent."""
    rows = reader.rows(
        """
        select
            identifier_hash,
            arg_max(event, gate_event_id),
            arg_max(coalesce(reason, ''), gate_event_id),
            max(created_at)
        from gate_event
        where
            share_link_id = $share_link_id
            and list_contains($steps, event)
            and identifier_hash in (select unnest($identifier_hashes))
        group by identifier_hash
        """,
        share_link_id=share_link_id,
        steps=list(steps),
        identifier_hashes=list(identifier_hashes),
    )
    return {row[0]: LastRefusal(GateStep(row[1]), row[2] or None, row[3]) for row in rows}
