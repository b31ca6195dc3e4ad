"""The filters behind "More filters": each sets its word of the URL, and is seeded from it."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from data.contacts import update_contact_details
from data.database import Database
from data.records import ContactIdentifier
from tests.factories import add_contact, add_session, store_consent
from tests.pages.test_contacts_page import (
    everything_said,
    identifiers,
    open_page,
    search_field,
    type_field,
    url_words,
)
from tests.pages.visits import add_visits

DORA, YUKI = "dora@acme.example", "+819012345678"


@pytest.fixture
def people(db: Database, signed_in: None, now: datetime) -> None:
    """Beside the usual visits Dora of Acme, seen once and long ago, and Yuki, who never came."""
    visits = add_visits(db, now)
    dora = add_contact(db, DORA, verified=True)
    add_session(db, dora, visits.investors, now - timedelta(days=200))
    yuki = add_contact(db, YUKI)
    describe(db, dora, "Acme, Inc.", "investor")
    describe(db, yuki, "Initech", "press")
    with db.transaction() as tx:
        store_consent(tx, dora)
        store_consent(tx, yuki, withdrawn_at=now)


def describe(db: Database, contact: ContactIdentifier, company: str, tag: str) -> None:
    with db.transaction() as tx:
        update_contact_details(
            tx, contact.contact_id, name=None, company=company, notes=None, tags=[tag]
        )


def open_filters(**words: str) -> AppTest:
    page = open_page(**words)
    return page.button(key="contacts_more").click().run()


def find_widget(page: AppTest, key: str) -> Any:
    found = (page.selectbox, page.multiselect, page.number_input, page.date_input)
    return next(one for kind in found for one in kind if one.key == key)


ONE_OF_EACH = [
    ("contacts_verified", "yes", {"verified": "yes"}, ["ada@example.com", DORA]),
    ("contacts_seen_to", date(2025, 12, 1), {"seen_to": "2025-12-01"}, [DORA]),
    ("contacts_fewest", 2, {"min": "2"}, ["ada@example.com"]),
    ("contacts_most", 0, {"max": "0"}, ["carol@example.com", YUKI]),
    ("contacts_company", ["Acme, Inc."], {"company": "Acme, Inc."}, [DORA]),
    ("contacts_domain", ["acme.example"], {"domain": "acme.example"}, [DORA]),
    ("contacts_country", ["JP"], {"country": "JP"}, [YUKI]),
    ("contacts_tag", ["investor"], {"tag": "investor"}, [DORA]),
    ("contacts_consent", "given", {"consent": "given"}, [DORA]),
    ("contacts_consent", "withdrawn", {"consent": "withdrawn"}, [YUKI]),
    ("contacts_quiet", 150, {"quiet": "150"}, [DORA]),
]


@pytest.mark.usefixtures("people")
def test_each_widget_sets_its_word_and_narrows_the_list() -> None:
    page = open_filters()
    for key, value, words, expected in ONE_OF_EACH:
        find_widget(page, key).set_value(value).run()
        assert url_words(page) == words
        assert sorted(identifiers(page)) == sorted(expected)
        page.button(key="contacts_clear").click().run()
        assert url_words(page) == {}


@pytest.mark.usefixtures("people")
def test_a_url_seeds_the_widgets_and_the_button_counts_them() -> None:
    words = {"seen_from": "2025-01-01", "min": "1", "max": "9", "country": "GB", "tag": "Nobody's"}
    page = open_page(**words)
    assert page.button(key="contacts_more").label == "More filters (4)"

    page.button(key="contacts_more").click().run()

    assert find_widget(page, "contacts_seen_from").value == date(2025, 1, 1)
    assert [find_widget(page, f"contacts_{one}").value for one in ("fewest", "most")] == [1, 9]
    assert find_widget(page, "contacts_country").value == ["GB"]
    assert find_widget(page, "contacts_tag").value == ["Nobody's"]
    assert url_words(page) == words


@pytest.mark.usefixtures("people")
def test_they_are_drawn_only_while_open_and_keep_their_values_closed() -> None:
    page = open_filters(domain="acme.example")
    page.button(key="contacts_more").click().run()
    type_field(page).set_value(["email"]).run()

    assert "contacts_domain" not in [one.key for one in page.multiselect]
    assert url_words(page) == {"type": "email", "domain": "acme.example"}
    page.button(key="contacts_more").click().run()
    assert find_widget(page, "contacts_domain").value == ["acme.example"]


@pytest.mark.usefixtures("people")
def test_one_is_opened_while_another_filter_is_moved_and_none_is_lost() -> None:
    page = open_page(domain="acme.example")

    search_field(page).set_value("dora")
    page.button(key="contacts_more").click().run()

    assert url_words(page) == {"q": "dora", "domain": "acme.example"}
    assert find_widget(page, "contacts_domain").value == ["acme.example"]


@pytest.mark.usefixtures("people")
def test_bounds_the_wrong_way_round_are_turned() -> None:
    page = open_filters(max="1")

    find_widget(page, "contacts_fewest").set_value(3).run()

    assert url_words(page) == {"min": "1", "max": "3"}
    assert [find_widget(page, f"contacts_{one}").value for one in ("fewest", "most")] == [1, 3]


@pytest.mark.usefixtures("people")
def test_what_was_typed_is_cleaned_and_countries_are_named() -> None:
    page = open_filters()
    assert find_widget(page, "contacts_country").options == ["Japan"]

    find_widget(page, "contacts_domain").set_value([" @ACME.example "]).run()

    assert url_words(page) == {"domain": "acme.example"}
    assert find_widget(page, "contacts_domain").value == ["acme.example"]
    assert "Domain is acme.example" in everything_said(page)
