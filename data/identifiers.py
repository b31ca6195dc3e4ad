"""Identifiers as stored: which contact an address belongs to, and when a code last proved it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from data.contact_faces import (
    insert_contact_with_face,
    note_new_identifier,
    note_verified_identifier,
    rebuild_faces,
)
from data.contact_search import SEARCHED_OF_GIVEN, SEARCHED_OF_PROVED
from data.database import Reader, Row, Transaction
from data.engine.together import spread
from data.records import Channel, ContactIdentifier, Identifier

# Of a row that is being made: its `$channel` and `$key` are bound.
_DOMAIN_OF_KEY = "case when $channel = 'email' then lower(split_part($key, '@', -1)) end"

_INSERT = spread(
    f"""
    insert into identifier (
        identifier_id,
        lookup,
        channel,
        key,
        address,
        typed,
        contact_id,
        created_at,
        verified_at,
        domain,
        country,
        searched
    )
    values (
        $identifier_id,
        $lookup,
        $channel,
        $key,
        $address,
        $typed,
        $contact_id,
        $now,
        $verified_at,
        {_DOMAIN_OF_KEY},
        $country,
        {SEARCHED_OF_GIVEN}
    )
""",
)

STORED_IDENTIFIERS = """
    select
        identifier_id,
        contact_id,
        channel,
        key,
        address,
        created_at,
        verified_at
    from identifier
"""


def get_identifier(reader: Reader, identifier: Identifier) -> ContactIdentifier | None:
    """The stored form of this address, if anyone ever passed a gate with it."""
    row = reader.row(
        spread(
            f"""
        {STORED_IDENTIFIERS}
        where lookup = $lookup
        """,
            by="lookup",
            is_indexed=True,
        ),
        lookup=identifier.lookup,
    )
    return None if row is None else read_stored_identifier(row)


def find_identifiers(reader: Reader, identifier_ids: Sequence[int]) -> list[Identifier]:
    """The identifiers of these numbers, email first; numbers that nobody has are passed over."""
    rows = reader.rows(
        """
        select
            channel,
            key,
            address,
            typed
        from identifier
        where identifier_id in (select unnest($identifier_ids))
        order by
            channel,
            identifier_id
        """,
        identifier_ids=list(identifier_ids),
    )
    return [Identifier(Channel(row[0]), *row[1:]) for row in rows]


def find_contact_identifiers(reader: Reader, contact_id: int) -> list[ContactIdentifier]:
    """Every address of this contact, the oldest first, which is the order of the list."""
    rows = reader.rows(
        f"""
        {STORED_IDENTIFIERS}
        where contact_id = $contact_id
        order by identifier_id
        """,
        contact_id=contact_id,
    )
    return [read_stored_identifier(row) for row in rows]


def insert_identifier(
    tx: Transaction,
    identifier: Identifier,
    *,
    contact_id: int,
    is_verified: bool,
    now: datetime,
    country: str | None = None,
) -> ContactIdentifier:
    """A new identifier of this contact; `country` is that of a phone number, in two letters."""
    stored = _insert_stored(tx, identifier, contact_id, is_verified, now, country)
    note_new_identifier(
        tx, contact_id, stored.identifier_id, identifier, is_verified=is_verified, country=country
    )
    return stored


def insert_newcomer(
    tx: Transaction,
    identifier: Identifier,
    *,
    is_verified: bool,
    now: datetime,
    country: str | None = None,
) -> ContactIdentifier:
    """The first identifier of a new contact; `country` as in `insert_identifier`."""
    contact_id = tx.draw_number("contact_id_seq")
    stored = _insert_stored(tx, identifier, contact_id, is_verified, now, country)
    insert_contact_with_face(tx, stored, country=country)
    return stored


def _insert_stored(
    tx: Transaction,
    identifier: Identifier,
    contact_id: int,
    is_verified: bool,
    now: datetime,
    country: str | None,
) -> ContactIdentifier:
    identifier_id = tx.draw_number("identifier_id_seq")
    tx.run(
        _INSERT,
        identifier_id=identifier_id,
        lookup=identifier.lookup,
        channel=identifier.channel,
        key=identifier.key,
        address=identifier.address,
        typed=identifier.typed,
        contact_id=contact_id,
        now=now,
        verified_at=now if is_verified else None,
        country=country,
    )
    return ContactIdentifier(
        identifier_id,
        contact_id,
        identifier.channel,
        identifier.key,
        identifier.address,
        now,
        now if is_verified else None,
    )


def verify_identifier(
    tx: Transaction, stored: ContactIdentifier, identifier: Identifier, now: datetime
) -> None:
    """Mark it verified the first time, and from then on show it as its owner typed it."""
    tx.run(
        f"""
        update identifier
        set
            verified_at = $now,
            address = $address,
            typed = $typed,
            searched = {SEARCHED_OF_PROVED}
        where identifier_id = $identifier_id and verified_at is null
        """,
        identifier_id=stored.identifier_id,
        address=identifier.address,
        typed=identifier.typed,
        now=now,
    )
    note_verified_identifier(tx, stored.contact_id, stored.identifier_id, stored.channel)


def find_numbers_without_country(reader: Reader) -> list[tuple[int, str]]:
    """The number and key of each phone identifier whose country was not looked up, or is none."""
    rows = reader.rows(
        """
        select
            identifier_id,
            key
        from identifier
        where
            channel = 'whatsapp'
            and country is null
        order by identifier_id
        """
    )
    return [(row[0], row[1]) for row in rows]


def update_countries(tx: Transaction, countries: Mapping[int, str]) -> None:
    """Note the country, two letters, of each of these identifiers."""
    tx.run(
        """
        update identifier
        set country = found.country
        from (
            select
                unnest($identifier_ids) as identifier_id,
                unnest($countries) as country
        ) as found
        where identifier.identifier_id = found.identifier_id
        """,
        identifier_ids=list(countries),
        countries=list(countries.values()),
    )
    rebuild_faces(tx)


def read_stored_identifier(row: Row) -> ContactIdentifier:
    """The identifier that a row of `STORED_IDENTIFIERS` holds."""
    return ContactIdentifier(row[0], row[1], Channel(row[2]), *row[3:])
