"""The chips above the contact list: one for each filter in use, each takes its filter away."""

from datetime import datetime

import pytest

from data.database import Database
from tests.pages.test_contacts_page import everything_said, open_page, type_field, url_words
from tests.pages.visits import add_visits


@pytest.fixture
def visits_made(db: Database, signed_in: None, now: datetime) -> None:
    add_visits(db, now)


@pytest.mark.usefixtures("visits_made")
def test_a_chip_says_its_filter_and_takes_it_away() -> None:
    page = open_page(type="email", domain="example.com", min="2")
    labels = [button.label for button in page.button if "contacts_chip_" in (button.key or "")]
    assert labels == [
        "Type\\: Email ×",
        "Access count is at least 2 ×",
        "Domain\\: example\\.com ×",
    ]

    page.button(key="contacts_chip_channels").click().run()

    assert url_words(page) == {"domain": "example.com", "min": "2"}
    assert type_field(page).value == []
    assert "Access count is at least 2 and domain is example.com" in everything_said(page)


@pytest.mark.usefixtures("visits_made")
def test_clear_all_takes_every_filter_and_keeps_the_order() -> None:
    page = open_page(tag="investor", quiet="30", sort="identifier", q="ada")

    page.button(key="contacts_chips_clear").click().run()

    assert url_words(page) == {"sort": "identifier"}
    assert not [button for button in page.button if "contacts_chip_" in (button.key or "")]


@pytest.mark.usefixtures("visits_made")
def test_a_widget_that_is_moved_leaves_the_urls_other_filters() -> None:
    page = open_page(domain="example.com", country="GB")

    type_field(page).set_value(["email"]).run()

    assert url_words(page) == {"type": "email", "domain": "example.com", "country": "GB"}
