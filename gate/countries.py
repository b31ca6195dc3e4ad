"""Which country a phone number is of, and noting it where that was never looked up."""

import phonenumbers

from data.database import Database
from data.identifiers import find_numbers_without_country, update_countries
from data.records import Channel, Identifier

_LETTERS = 2
_NOTED_AT_ONCE = 10_000


def find_country(identifier: Identifier) -> str | None:
    """The country of a phone number, ISO 3166 in two letters: `CA` and `US` both for +1.

    None for an email address, and for a number of no country.
    """
    return _country_of(identifier.key) if identifier.channel is Channel.WHATSAPP else None


def note_missing_countries(db: Database) -> None:
    """Note the country of each stored number that has none yet; done twice, it is done once."""
    missing = find_numbers_without_country(db)
    for first in range(0, len(missing), _NOTED_AT_ONCE):
        some = missing[first : first + _NOTED_AT_ONCE]
        found = {number: _country_of(key) for number, key in some}
        known = {number: country for number, country in found.items() if country is not None}
        if known:
            with db.transaction() as tx:
                update_countries(tx, known)


def _country_of(number: str) -> str | None:
    try:
        region = phonenumbers.region_code_for_number(phonenumbers.parse(number, None))
    except phonenumbers.NumberParseException:
        return None
    # A number of no country has a region of three digits.
    return region if region is not None and len(region) == _LETTERS else None
