"""Who stands behind a mask and a keyed hash: a contact, or a stranger who stays one."""

import pytest

from data.database import Database
from data.records import Channel
from gate.codes import Pepper, keyed_hash
from gate.identifiers import mask_identifier
from gate.known_people import find_known_person
from tests.factories import add_contact, make_identifier

PEPPER = Pepper(b"p" * 32)


@pytest.mark.parametrize(
    ("channel", "stored", "given"),
    [
        (Channel.EMAIL, "Ada@example.com", "ada@example.com"),
        (Channel.EMAIL, "ada@mail.example.co.uk", "Ada@mail.example.co.uk"),
        (Channel.WHATSAPP, "+447700900123", "+447700900123"),
    ],
)
def test_a_contact_is_known_by_mask_and_hash_however_it_was_typed(
    db: Database, channel: Channel, stored: str, given: str
) -> None:
    add_contact(db, "alan@example.com", "+447700911123")
    kept = add_contact(db, stored)
    hashed = keyed_hash(PEPPER, make_identifier(given).lookup)
    known = find_known_person(db, PEPPER, channel, hashed, mask_identifier(channel, given))
    assert known is not None
    assert known.contact_id == kept.contact_id


def test_a_stranger_behind_the_same_mask_is_nobody(db: Database) -> None:
    add_contact(db, "edith@example.com")
    hashed = keyed_hash(PEPPER, make_identifier("eve@example.com").lookup)
    assert find_known_person(db, PEPPER, Channel.EMAIL, hashed, "e***@e***.com") is None
    assert find_known_person(db, PEPPER, Channel.EMAIL, hashed, "Browser 12") is None
