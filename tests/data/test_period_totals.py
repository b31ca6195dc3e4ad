"""The sums of a period by bits: those that a list of its contacts would give."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from data import different_contacts
from data.contact_filter import ContactFilter, ContactTotals
from data.contact_queries import get_contact_totals, match_contacts, match_contacts_from_facts
from data.database import Database
from data.period_totals import get_period_totals, has_period_totals
from tests.data.worlds import add_house, pick_filter, store_world

ZONE = "Asia/Kathmandu"


@pytest.mark.parametrize("seed", range(3))
def test_a_period_has_the_sums_of_its_contacts(db: Database, seed: int) -> None:
    rng = Random(seed)
    house = add_house(db)
    with db.transaction() as tx:
        world = store_world(tx, house, rng, ZoneInfo(ZONE))
    asked = 0
    while asked < 15:
        nowhere = replace(
            pick_filter(rng, world, ZONE),
            share_link_ids=frozenset(),
            document_ids=frozenset(),
            workspace_ids=frozenset(),
            min_access_count=None,
            max_access_count=None,
        )
        if not nowhere.has_period:
            continue
        asked += 1
        matched = match_contacts(nowhere)
        assert has_period_totals(matched)
        by_facts = get_contact_totals(db, match_contacts_from_facts(nowhere))
        assert get_period_totals(db, matched) == by_facts
        assert get_contact_totals(db, matched) == by_facts


def test_a_period_without_anybody_has_no_sums(db: Database) -> None:
    today = datetime.now(UTC).date()
    nobody = ContactFilter(from_on=today - timedelta(days=3), to_on=today)
    assert get_contact_totals(db, match_contacts(nobody)) == ContactTotals(0, 0, 0, 0)


def test_numbers_too_high_for_bits_are_counted_without(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = Random(7)
    house = add_house(db)
    with db.transaction() as tx:
        store_world(tx, house, rng, ZoneInfo(ZONE))
    everybody = match_contacts(ContactFilter(from_on=date(2000, 1, 1), time_zone=ZONE))
    by_bits = get_contact_totals(db, everybody)
    monkeypatch.setattr(different_contacts, "_MOST_BITS", 0)
    assert get_period_totals(db, everybody) is None
    assert get_contact_totals(db, everybody) == by_bits
    assert by_bits.contacts > 0
