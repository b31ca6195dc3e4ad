"""Which contacts may be one person, why, and who is never suggested."""

from datetime import datetime

import pytest

from data.database import Database
from data.identifier_moves import TABLES_WITH_COPIES
from data.likeness import MOST_IN_ONE_BROWSER, Likeness
from data.passes import insert_pass
from data.records import ContactIdentifier, Member, Pass, Role
from data.same_person import count_alike_pairs, find_alike_pairs, find_apart_pairs
from gate.desk_errors import ContactRefused
from gate.errors import NotPermitted
from gate.told_apart import suggest_again, tell_apart
from tests.factories import LONG_AGO, add_contact

OWNER = Member(1, "owner@example.com", "Owner", Role.OWNER)
ANALYST = Member(2, "ann@example.com", "Ann", Role.ANALYST)


def _pairs(db: Database) -> list[tuple[int, int, tuple[Likeness, ...]]]:
    found = find_alike_pairs(db)
    assert count_alike_pairs(db) == len(found)
    return [(pair.one.contact_id, pair.other.contact_id, pair.reasons) for pair in found]


def _add_pass(
    db: Database,
    one: ContactIdentifier,
    other: ContactIdentifier | None = None,
    *,
    browser_id: int = 1,
    is_verified: bool = False,
) -> None:
    issued = Pass(
        pass_id=0,
        browser_id=browser_id,
        share_link_id=1,
        policy_epoch=1,
        contact_id=one.contact_id,
        identifier_id=one.identifier_id,
        other_identifier_id=other.identifier_id if other else None,
        channel=one.channel,
        is_verified=is_verified,
        issued_at=LONG_AGO,
        expires_at=LONG_AGO,
        claimed_at=None,
        revoked_at=None,
        is_other_verified=is_verified,
    )
    with db.transaction() as tx:
        insert_pass(tx, issued)


@pytest.mark.parametrize(
    ("addresses", "reasons"),
    [
        (("ada@example.com", "ada+deck@example.com"), (Likeness.PLUS_TAG,)),
        (("ada+one@example.com", "ada+two@example.com"), (Likeness.PLUS_TAG,)),
        (("ada+one@gmail.com", "ada@gmail.com"), (Likeness.PLUS_TAG,)),
        (("a.da@gmail.com", "ad.a@googlemail.com"), (Likeness.DOTS,)),
        (("ada@example.com", "ada+deck@example.org"), None),
        (("a.da@example.com", "ada@example.com"), None),
        (("+ada@example.com", "+bob@example.com"), None),
        (("ada@example.com", "adam@example.com"), None),
    ],
)
def test_addresses_that_are_alike(
    db: Database, addresses: tuple[str, str], reasons: tuple[Likeness, ...] | None
) -> None:
    for address in addresses:
        add_contact(db, address)
    assert _pairs(db) == ([(1, 2, reasons)] if reasons else [])


def test_name_and_company_have_to_be_the_same_both(db: Database) -> None:
    add_contact(db, "ada@example.com", name="Ada", company="Acme")
    add_contact(db, "+4420", name="ADA ", company="acme")
    add_contact(db, "eve@example.com", name="Ada", company="Other")
    add_contact(db, "bob@example.com", name="Ada")
    assert _pairs(db) == [(1, 2, (Likeness.SAME_NAME,))]


def test_what_was_given_together_says_whether_it_was_proved(db: Database) -> None:
    ada, phone = add_contact(db, "ada@example.com"), add_contact(db, "+4420")
    _add_pass(db, ada, phone)
    assert _pairs(db) == [(1, 2, (Likeness.GIVEN_TOGETHER,))]
    _add_pass(db, ada, phone, is_verified=True)
    assert _pairs(db)[0][2][0] is Likeness.PROVED_TOGETHER


def test_one_browser_of_two_is_a_reason_and_one_of_many_is_none(db: Database) -> None:
    people = [add_contact(db, f"p{number}@example.com") for number in range(5)]
    for one in people[:MOST_IN_ONE_BROWSER]:
        _add_pass(db, one, browser_id=1)
    assert [pair[:2] for pair in _pairs(db)] == [(1, 2), (1, 3)]
    _add_pass(db, people[3], browser_id=1)
    assert _pairs(db) == []


def test_the_likeliest_come_first_and_a_contact_sees_its_own(db: Database) -> None:
    ada = add_contact(db, "ada@gmail.com", name="Ada", company="Acme")
    add_contact(db, "a.da@gmail.com")
    add_contact(db, "+4420", name="Ada", company="Acme")
    assert [pair[:2] for pair in _pairs(db)] == [(1, 3), (1, 2)]
    assert len(find_alike_pairs(db, contact_id=ada.contact_id)) == 2
    assert [pair.one.contact_id for pair in find_alike_pairs(db, contact_id=2)] == [1]
    assert len(find_alike_pairs(db, page=2, page_size=1)) == 1


def test_pairs_grow_with_the_tags_of_an_address_and_not_with_their_square(db: Database) -> None:
    for number in range(60):
        add_contact(db, f"ada+{number}@example.com")
    assert count_alike_pairs(db) == 59


def test_archived_contacts_are_not_suggested(db: Database) -> None:
    add_contact(db, "ada@example.com")
    add_contact(db, "ada+deck@example.com", archived_at=LONG_AGO)
    assert _pairs(db) == []


def test_a_pair_told_apart_stays_so_until_it_is_taken_back(db: Database, now: datetime) -> None:
    add_contact(db, "ada@example.com")
    add_contact(db, "ada+deck@example.com")
    for _ in range(2):
        tell_apart(db, 2, 1, OWNER, now)
    assert _pairs(db) == []
    assert [pair.other.contact_id for pair in find_apart_pairs(db, most=9)] == [2]
    suggest_again(db, 1, 2, OWNER, now)
    assert len(_pairs(db)) == 1
    assert db.rows("select count(*) from audit") == [(2,)]


def test_an_analyst_tells_nobody_apart(db: Database, now: datetime) -> None:
    add_contact(db, "ada@example.com")
    add_contact(db, "ada+deck@example.com")
    for act in (tell_apart, suggest_again):
        with pytest.raises(NotPermitted):
            act(db, 1, 2, ANALYST, now)
    with pytest.raises(ContactRefused):
        tell_apart(db, 1, 9, OWNER, now)
    assert len(_pairs(db)) == 1


def test_every_table_that_says_who_and_by_which_identifier_moves_with_it(db: Database) -> None:
    rows = db.rows(
        """
        select table_name
        from information_schema.columns
        where column_name in ('contact_id', 'identifier_id')
        group by table_name
        having count(*) = 2
        """
    )
    assert {row[0] for row in rows} == set(TABLES_WITH_COPIES)
