"""Who has an identifier by now: owners move, merge and erase while its viewers hold passes."""

from dataclasses import dataclass

from data.database import Reader
from data.engine.together import spread
from data.records import Channel, Identifier


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose identifier of some number it is by now, and what was given."""

    contact_id: int
    identifier: Identifier


def get_holder(reader: Reader, identifier_id: int) -> Holder | None:
    """Who has the identifier of this number; None if it was erased."""
    row = reader.row(
        spread(
            """
            select
                contact_id,
                channel,
                key,
                address,
                typed
            from identifier
            where identifier_id = $identifier_id
            """,
            by="identifier_id",
            is_indexed=True,
        ),
        identifier_id=identifier_id,
    )
    return None if row is None else Holder(row[0], Identifier(Channel(row[1]), *row[2:]))
