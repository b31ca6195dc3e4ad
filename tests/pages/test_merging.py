"""Merging at the desk: suggested, previewed, told; an analyst sees it all and changes nothing."""

from datetime import datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data.contacts import get_contact
from data.database import Database
from data.records import Member, Role
from gate.contact_merges import merge_contacts
from gate.joined_details import MergeChoice
from pages.ui import asking
from pages.ui.alike_count import forget_alike_count
from pages.ui.merge_acts import dismiss_pair, merge_two, split_out, suggest_pair, undo_last
from pages.ui.runtime import Runtime
from tests.factories import add_contact
from tests.pages.test_contact_drawer import SAME_PERSON, TIMELINE, look_at, open_drawer
from tests.pages.test_contacts_page import everything_said, identifiers, open_page, url_words
from tests.pages.visits import Visits, add_visits

PAGE = Path(__file__).parents[2] / "pages" / "same_person.py"
ADA, TWIN = 1, 4
OWNER = Member(1, "owner@localhost", "Owner", Role.OWNER)


@pytest.fixture
def visits(db: Database, signed_in: None, now: datetime) -> Visits:
    """Ada with three sessions, and a contact of hers with a tag in the address."""
    forget_alike_count()
    visits = add_visits(db, now)
    add_contact(db, "ada+deck@example.com", name="<b>Ada</b>")
    return visits


def open_pairs() -> AppTest:
    page = AppTest.from_file(str(PAGE), default_timeout=30).run()
    assert not page.exception
    return page


def _merge(db: Database, now: datetime) -> int:
    choice = MergeChoice()
    return merge_contacts(db, kept_id=ADA, merged_id=TWIN, choice=choice, member=OWNER, now=now)


def test_the_list_says_how_many_pairs_there_are(visits: Visits) -> None:
    assert "1 pair of contacts may be the same person" in everything_said(open_page())


def test_a_suggestion_is_merged_after_its_preview(visits: Visits, db: Database) -> None:
    page = open_drawer(ADA, SAME_PERSON)
    assert "Same address apart from what follows the +" in everything_said(page)
    page.button(key=f"contact_compare_{TWIN}").click().run()
    assert "3 + 0 = 3" in everything_said(page)
    assert "&lt;b&gt;Ada&lt;/b&gt;" in everything_said(page)
    page.button(key="contacts_merge").click().run()
    assert get_contact(db, TWIN) is None
    look_at(page, ADA, TIMELINE)
    assert "Merged with ada+deck@example.com" in everything_said(page)
    assert len(identifiers(page)) == 3


def test_the_merge_is_undone_beside_the_sentence_that_tells_of_it(
    visits: Visits, db: Database
) -> None:
    page = open_drawer(TWIN, SAME_PERSON)
    page.button(key=f"contact_compare_{ADA}").click().run()
    page.button(key="contacts_merge").click().run()
    assert url_words(page) == {"contact": str(ADA)}
    page.button(key="contacts_undo_last").click().run()
    assert get_contact(db, TWIN) is not None
    assert "two contacts again" in str([alert.value for alert in page.success])


def test_a_merged_contacts_address_leads_to_the_kept_one(
    visits: Visits, db: Database, now: datetime
) -> None:
    _merge(db, now)
    page = open_drawer(TWIN, SAME_PERSON)
    assert "was merged into this one" in str([note.value for note in page.info])
    assert "ada@example.com" in everything_said(page)
    assert "ada+deck@example.com" not in identifiers(page)


def test_a_pair_is_told_apart_and_suggested_again(visits: Visits) -> None:
    page = open_pairs()
    page.button(key=f"pair_apart_{ADA}_{TWIN}").click().run()
    assert "No two contacts look like" in everything_said(page)
    page.button(key=f"pair_again_{ADA}_{TWIN}").click().run()
    assert page.button(key=f"pair_compare_{ADA}_{TWIN}")


def test_any_two_are_merged_by_searching(visits: Visits, db: Database) -> None:
    page = open_drawer(ADA, SAME_PERSON)
    page.text_input(key=f"contact_merge_search_{ADA}").set_value("carol").run()
    page.button(key="contact_merge_with_3").click().run()
    page.button(key="contacts_merge").click().run()
    assert get_contact(db, 3) is None


def test_an_address_is_split_out(visits: Visits, db: Database) -> None:
    page = open_drawer(ADA, SAME_PERSON)
    page.multiselect(key=f"contact_split_{ADA}").set_value([2]).run()
    assert "with 0 of 3 viewing sessions" in everything_said(page)
    page.button(key="contact_split_out").click().run()
    assert db.rows("select contact_id from identifier where identifier_id = 2") == [(5,)]
    look_at(page, ADA, TIMELINE)
    assert "became a contact of its own" in everything_said(page)


def test_an_analyst_sees_suggestions_and_merges_nothing(
    visits: Visits,
    runtime: Runtime,
    db: Database,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    number = _merge(db, now)
    before = db.rows("select * from identifier order by all")
    analyst = Member(2, "ann@example.com", "Ann", Role.ANALYST)
    monkeypatch.setattr(asking, "get_member", lambda: analyst)
    monkeypatch.setattr("pages.ui.forms.get_member", lambda: analyst)
    page = open_drawer(ADA, TIMELINE)
    assert "Merged with ada+deck@example.com" in everything_said(page)
    for tab in (TIMELINE, SAME_PERSON):
        look_at(page, ADA, tab)
        assert not [one for one in page.button if str(one.key).startswith("contact_")]
    told: dict[str, object] = {}
    monkeypatch.setattr("pages.ui.forms.remember", told.__setitem__)
    monkeypatch.setattr("pages.ui.forms.spend_nonce", lambda *_: True)
    monkeypatch.setattr("pages.ui.merge_acts.forget", lambda _: None)
    undo_last("contacts", number)
    merge_two("contacts", "n1", ADA, 2, MergeChoice(), "chosen")
    split_out("contacts", "n2", ADA, [1])
    dismiss_pair("contacts", ADA, 2)
    suggest_pair("contacts", ADA, 2)
    assert "Only an owner" in str(told)
    assert db.rows("select * from identifier order by all") == before
