"""The page of companies, run as a file over a real database."""

from datetime import datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data.database import Database
from tests.factories import add_contact, add_link_passed, add_session, add_share_link, add_workspace
from tests.pages.test_contacts_page import everything_said, url_words
from tests.pages.test_shelf_pages import click_header

PAGE = Path(__file__).parents[2] / "pages" / "companies.py"


@pytest.fixture
def people(db: Database, signed_in: None, now: datetime) -> None:
    link = add_share_link(db, add_workspace(db))
    for address in ("ada@acme.com", "bob@acme.com", "carol@beta.org", "dora@gmail.com"):
        contact = add_contact(db, address)
        add_link_passed(db, contact, link, now)
        add_session(db, contact, link, now)


def open_companies(**words: str) -> AppTest:
    page = AppTest.from_file(str(PAGE), default_timeout=30)
    for name, word in words.items():
        page.query_params[name] = word
    page.run()
    assert not page.exception
    return page


def test_it_lists_companies_and_counts_free_mail_apart(people: None) -> None:
    page = open_companies(sort="people")
    said = everything_said(page)
    assert "2 companies with 3 contacts and 3 sessions" in said
    assert "Free mail and phone only: 1 contact, 1 session." in said
    table = page.dataframe[0].value
    assert list(table["domain"]) == ["acme.com", "beta.org"]
    assert list(table["Company"]) == ["Acme", "Beta"]
    assert list(table["People"]) == [2, 1]


def test_its_view_is_in_the_url(people: None) -> None:
    page = open_companies(q="beta", sort="domain", dir="asc", period="30d", from_="x")
    assert list(page.dataframe[0].value["domain"]) == ["beta.org"]
    page.selectbox(key="companies_period").select("7d").run()
    page.text_input(key="companies_find").set_value("").run()
    assert url_words(page) == {"sort": "domain", "dir": "asc", "period": "7d"}
    assert list(page.dataframe[0].value["domain"]) == ["acme.com", "beta.org"]


def test_a_click_on_a_header_sorts_all_and_a_second_one_turns(people: None) -> None:
    page = open_companies()
    for expected, domains in (
        ({"sort": "people"}, ["acme.com", "beta.org"]),
        ({"sort": "people", "dir": "asc"}, ["beta.org", "acme.com"]),
    ):
        click_header(page, "companies_grid", "People")
        assert url_words(page) == expected
        assert list(page.dataframe[0].value["domain"]) == domains
    assert page.selectbox(key="companies_sort").value == "people"


def test_what_nobody_is_of_is_told(people: None) -> None:
    assert "No company here" in everything_said(open_companies(q="nowhere"))
