"""Contacts worked out once for many questions: the same answers, all of one moment."""

from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

import pytest

from data.activity_buckets import BucketSize
from data.activity_queries import (
    find_activity,
    find_count_bins,
    find_heat,
    find_top_countries,
    find_top_documents,
    find_top_domains,
    find_top_links,
)
from data.contact_filter import ContactFilter, ContactSort
from data.contact_queries import (
    Matched,
    find_contacts,
    get_contact_totals,
    match_contacts,
    match_contacts_from_facts,
)
from data.database import Database, Reader
from data.kept_answers import KeptAnswers
from data.set_aside import SetAside
from tests.data.worlds import add_house, pick_filter, store_world
from tests.factories import add_contact


def _answers(db: Reader, matched: Matched) -> list[object]:
    asked = (find_heat, find_count_bins, find_top_documents, find_top_links, find_top_domains)
    return [
        get_contact_totals(db, matched),
        find_contacts(db, matched, ContactSort(), page=1, page_size=50),
        find_activity(db, matched, BucketSize.DAY),
        find_top_countries(db, matched),
        *(ask(db, matched) for ask in asked),
    ]


@pytest.mark.parametrize("seed", range(3))
def test_what_is_set_aside_answers_as_the_facts_do(db: Database, seed: int) -> None:
    rng, zone = Random(seed), "America/St_Johns"
    house = add_house(db)
    with db.transaction() as tx:
        world = store_world(tx, house, rng, ZoneInfo(zone))
    kept = KeptAnswers(db)
    for _ in range(12):
        chosen = pick_filter(rng, world, zone)
        by_facts = _answers(db, match_contacts_from_facts(chosen))
        with SetAside(db, kept) as moment:
            assert _answers(moment, moment.set_aside(match_contacts(chosen))) == by_facts
        # Again: what is known already needs nothing set aside.
        with SetAside(db, kept) as moment:
            assert _answers(moment, moment.set_aside(match_contacts(chosen))) == by_facts


def test_what_is_saved_meanwhile_is_seen_by_the_next_moment_only(
    db: Database, now: datetime
) -> None:
    add_contact(db, "ada@example.com")
    kept, matched = KeptAnswers(db), match_contacts(ContactFilter(search="example"))
    with SetAside(db, kept) as moment:
        aside = moment.set_aside(matched)
        assert get_contact_totals(moment, aside).contacts == 1
        add_contact(db, "bob@example.com")
        rows = find_contacts(moment, aside, ContactSort(), page=1, page_size=50)
        assert [row.identifier for row in rows] == ["ada@example.com"]
    with SetAside(db, kept) as moment:
        aside = moment.set_aside(matched)
        rows = find_contacts(moment, aside, ContactSort(), page=1, page_size=50)
        assert [row.identifier for row in rows] == ["ada@example.com", "bob@example.com"]
        assert get_contact_totals(moment, aside).contacts == 2


def test_contacts_are_not_set_aside_for_everybody(db: Database) -> None:
    with SetAside(db, KeptAnswers(db)) as moment:
        everybody = match_contacts(ContactFilter())
        aside = moment.set_aside(everybody)
        assert not aside.is_set_aside
        assert aside.contacts == everybody.contacts
