"""Stored identifiers of which only a mask is known, as `mask_identifier` leaves it."""

from data.database import Reader
from data.identifiers import STORED_IDENTIFIERS, read_stored_identifier
from data.records import Channel, ContactIdentifier


def find_fitting_identifiers(
    reader: Reader, channel: Channel, mask: str, *, most: int
) -> list[ContactIdentifier]:
    """The newest identifiers that this mask may stand for: `a***@e***.com` for `ada@example.com`.

    The first and last piece of the mask begin and end the address, in any case, and one between
    stands in it.
    """
    first, *between, last = mask.lower().split("***")
    rows = reader.rows(
        f"""
        {STORED_IDENTIFIERS}
        where
            channel = $channel
            and starts_with(lower(address), $first)
            and ends_with(lower(address), $last)
            and strpos(lower(address), $between) > 0
        order by identifier_id desc
        limit $most
        """,
        channel=channel,
        first=first,
        last=last,
        between="".join(between),
        most=most,
    )
    return [read_stored_identifier(row) for row in rows]
