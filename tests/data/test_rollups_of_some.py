"""Rollups of contacts who go away, are put away or become one: moved, and never made anew."""

from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from data.check import check_database, find_rollup_drift
from data.contacts import update_contact_archived_at
from data.database import Database, Transaction
from data.erasure import erase_contacts
from data.identifier_moves import move_identifiers
from data.records import SessionKind
from tests.data.worlds import add_house, store_world
from tests.factories import add_contact, add_document, add_session, add_share_link, add_workspace

DAY = timedelta(days=1)
COUNTED = """
    select is_counted from viewing_session
    union all
    select is_counted from document_view
"""


def _identifiers_of(tx: Transaction, contact_id: int) -> list[int]:
    sql = "select identifier_id from identifier where contact_id = $contact_id"
    return [row[0] for row in tx.rows(sql, contact_id=contact_id)]


@pytest.mark.parametrize("seed", range(4))
def test_whoever_is_erased_archived_or_merged_every_sum_stays_right(
    db: Database, seed: int, now: datetime
) -> None:
    rng = Random(seed)
    house = add_house(db)
    with db.transaction() as tx:
        store_world(tx, house, rng, ZoneInfo("Asia/Kathmandu"))
    while len(known := [row[0] for row in db.rows("select contact_id from contact")]) > 2:
        one, other = rng.sample(sorted(known), 2)
        with db.transaction() as tx:
            act = rng.randrange(4)
            if act == 0:
                erase_contacts(tx, [one, other])
            elif act == 1:
                erase_contacts(tx, [one])
            elif act == 2:
                update_contact_archived_at(tx, one, rng.choice([now, None]))
            else:
                move_identifiers(tx, _identifiers_of(tx, one), origin=one, target=other)
                erase_contacts(tx, [one])
        assert find_rollup_drift(db) == []
    assert check_database(db) == []


def test_nothing_is_left_of_whoever_was_the_only_one(db: Database, now: datetime) -> None:
    workspace = add_workspace(db)
    link, document = add_share_link(db, workspace), add_document(db, workspace)
    ada = add_contact(db, "ada@example.com")
    add_session(db, ada, link, now, documents=[document])
    add_session(db, ada, link, now + DAY, kind=SessionKind.INTERNAL, documents=[document])
    with db.transaction() as tx:
        erase_contacts(tx, [ada.contact_id])
    for rollup in ("activity_slot", "item_total", "left_out_slot", "contact_document"):
        assert db.rows(f"select * from {rollup}") == []
    assert check_database(db) == []


def test_who_is_archived_opens_documents_that_count_once_back(db: Database, now: datetime) -> None:
    workspace = add_workspace(db)
    link, document = add_share_link(db, workspace), add_document(db, workspace)
    ada = add_contact(db, "ada@example.com")
    with db.transaction() as tx:
        update_contact_archived_at(tx, ada.contact_id, now)
    add_session(db, ada, link, now, documents=[document])
    assert db.rows(COUNTED) == [(False,), (False,)]
    with db.transaction() as tx:
        update_contact_archived_at(tx, ada.contact_id, None)
    assert db.rows(COUNTED) == [(True,), (True,)]
    assert check_database(db) == []
