"""Saved views on the contacts page: opened by the URL, changed, saved, reverted, and gone."""

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from streamlit.testing.v1 import AppTest

from data.database import Database
from data.records import Member, Role
from data.saved_views import SavedView, find_saved_views
from gate.saved_views import ViewDraft, remove_saved_view, save_view
from pages.ui import asking, opened_view
from pages.ui.opened_view import open_named_view, read_words, words_to_save, write_words
from pages.ui.url_view import ContactView, parse_view
from tests.pages.test_contacts_page import (
    everything_said,
    identifiers,
    open_page,
    search_field,
    type_field,
    url_words,
)
from tests.pages.test_url_view import KNOWN, views
from tests.pages.visits import Visits, add_visits

OWNER = Member(1, "owner@localhost", "Owner", Role.OWNER)
ANALYST = Member(2, "ann@example.com", "Ann", Role.ANALYST)
BY_EMAIL = ViewDraft("By email", {"type": ["email"], "sort": ["access_count"]}, is_shared=True)


@pytest.fixture
def visits(db: Database, signed_in: None, now: datetime) -> Visits:
    return add_visits(db, now)


@pytest.fixture
def saved(db: Database, visits: Visits, now: datetime) -> SavedView:
    return save_view(db, BY_EMAIL, OWNER, now)


def buttons(page: AppTest) -> set[str]:
    return {button.label for button in page.button}


@given(views(), views())
def test_every_view_is_opened_as_it_was_saved_and_changed_into_any_other(
    view: ContactView, other: ContactView
) -> None:
    state: dict[str, object] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opened_view, "remember", state.__setitem__)
        patch.setattr(opened_view, "recall", state.get)
        saved = SavedView(3, 1, "View", words_to_save(view), is_shared=False)
        assert open_named_view({"view": ["3"]}, [saved], KNOWN)

        assert read_words({"view": ["3"]}, KNOWN) == replace(view, page=1)
        assert write_words(replace(view, page=1)) == {"view": ["3"]}
        assert read_words(write_words(other), KNOWN) == other
        assert parse_view(write_words(view), KNOWN).page == view.page


def test_a_saved_view_is_opened_by_its_address(saved: SavedView) -> None:
    page = open_page(view="1")

    assert identifiers(page) == ["ada@example.com", "carol@example.com"]
    assert type_field(page).value == ["email"]
    assert page.selectbox(key="contacts_view").value == 1
    assert url_words(page) == {"view": "1"}
    assert "Changed" not in everything_said(page)
    assert 'href="/export/contacts.csv?type=email&amp;sort=access_count"' in everything_said(page)


def test_words_that_mean_nothing_to_us_do_not_change_it(saved: SavedView) -> None:
    assert url_words(open_page(view="1", utm_source="mail", link="99")) == {"view": "1"}


def test_a_change_stands_beside_it_until_it_is_reverted(saved: SavedView) -> None:
    page = open_page(view="1")

    search_field(page).set_value("carol").run()
    assert identifiers(page) == ["carol@example.com"]
    changed = {"type": "email", "q": "carol", "sort": "access_count"}
    assert url_words(page) == {"view": "1"} | changed
    assert "Changed" in everything_said(page)

    page.button(key="contacts_view_revert").click().run()
    assert url_words(page) == {"view": "1"}
    assert search_field(page).value == ""
    assert "Changed" not in everything_said(page)


def test_every_contact_is_a_change_of_it_too(saved: SavedView) -> None:
    page = open_page(view="1", period="all")

    assert len(identifiers(page)) == 3
    assert url_words(page) == {"view": "1", "period": "all"}
    assert "Changed" in everything_said(page)


def test_a_change_is_saved(saved: SavedView, db: Database) -> None:
    page = open_page(view="1")
    search_field(page).set_value("carol").run()

    page.button(key="contacts_view_save").click().run()

    assert url_words(page) == {"view": "1"}
    assert "Changed" not in everything_said(page)
    (found,) = find_saved_views(db, 1)
    assert found.words == {**BY_EMAIL.words, "q": ["carol"]}


def test_what_is_shown_is_saved_once_and_opened(visits: Visits, db: Database) -> None:
    page = open_page(type="whatsapp", page="1")
    page.text_input(key="contacts_view_name").set_value(" Phones ").run()
    page.toggle(key="contacts_view_shared").set_value(True).run()

    page.button(key="contacts_view_add").click().run()

    (found,) = find_saved_views(db, 2)
    assert (found.name, found.words) == ("Phones", {"type": ["whatsapp"]})
    assert url_words(page) == {"view": str(found.saved_view_id)}
    assert "“Phones” is saved" in str([alert.value for alert in page.success])


def test_a_name_that_is_taken_is_refused_in_words(saved: SavedView, db: Database) -> None:
    page = open_page(type="whatsapp")
    page.text_input(key="contacts_view_name").set_value("by EMAIL").run()
    page.button(key="contacts_view_add").click().run()

    assert "There is a view of this name already" in str([alert.value for alert in page.error])
    assert find_saved_views(db, 1) == [saved]


def test_a_view_is_chosen_and_left_in_the_list(saved: SavedView) -> None:
    page = open_page(verified="no", page="1")
    page.selectbox(key="contacts_view").select("By email · shared").run()
    assert url_words(page) == {"view": "1"}

    page.selectbox(key="contacts_view").select("All contacts").run()
    assert url_words(page) == {}
    assert len(identifiers(page)) == 3


def test_a_view_is_renamed_shared_no_more_and_deleted(saved: SavedView, db: Database) -> None:
    page = open_page(view="1")
    page.text_input(key="contacts_view_1_name").set_value("Mail").run()
    page.button(key="contacts_view_1_rename").click().run()
    page.button(key="contacts_view_1_sharing").click().run()
    (found,) = find_saved_views(db, 1)
    assert (found.name, found.is_shared) == ("Mail", False)
    assert page.button(key="contacts_view_1_delete").disabled

    page.checkbox(key="contacts_view_1_sure").check().run()
    page.button(key="contacts_view_1_delete").click().run()
    assert find_saved_views(db, 1) == []
    assert url_words(page) == {}


@pytest.mark.parametrize("number", ["1", "2", "x", "-1"])
def test_a_view_that_is_gone_or_anothers_shows_every_contact_and_says_so(
    visits: Visits, db: Database, now: datetime, number: str
) -> None:
    remove_saved_view(db, save_view(db, BY_EMAIL, OWNER, now).saved_view_id, OWNER, now)
    save_view(db, ViewDraft("Own", {"type": ["email"]}), ANALYST, now)

    page = open_page(view=number)

    assert "That view is not there any more." in str([note.value for note in page.info])
    assert len(identifiers(page)) == 3
    assert url_words(page) == {}


def test_an_analyst_opens_a_shared_view_and_is_offered_only_a_copy(
    saved: SavedView, monkeypatch: pytest.MonkeyPatch, db: Database
) -> None:
    monkeypatch.setattr(asking, "get_member", lambda: ANALYST)
    monkeypatch.setattr("pages.ui.forms.get_member", lambda: ANALYST)
    page = open_page(view="1", type="email")
    assert {"Revert", "Save this view"} <= buttons(page)
    assert not {"Save", "Rename", "Delete view"} & buttons(page)
    assert not [one for one in page.toggle if one.key == "contacts_view_shared"]

    page.text_input(key="contacts_view_name").set_value("Mine").run()
    page.button(key="contacts_view_add").click().run()

    assert [view.name for view in find_saved_views(db, 2)] == ["By email", "Mine"]
    assert find_saved_views(db, 1) == [saved]
