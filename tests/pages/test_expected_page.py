"""The page of expected viewers, run as a file over a real database."""

from datetime import datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data.database import Database
from data.expectations import count_expected
from data.records import Member, Role
from gate.expected_list import read_people
from gate.expected_viewers import expect_viewers
from pages.ui import asking
from pages.ui.expected_form import take_off
from tests.pages.test_contacts_page import everything_said
from tests.pages.test_shelf_pages import click_header
from tests.pages.visits import Visits, add_visits

PAGE = Path(__file__).parents[2] / "pages" / "expected.py"
OWNER = Member(1, "owner@example.com", "Owner", Role.OWNER)
LIST = "ada@example.com\nCarol <carol@example.com>\nzoe@example.com\n+5511987654321"


@pytest.fixture
def visits(db: Database, signed_in: None, now: datetime) -> Visits:
    made = add_visits(db, now)
    expect_viewers(db, made.investors.share_link_id, read_people(LIST).people, OWNER, now)
    return made


def open_expected(**words: str) -> AppTest:
    page = AppTest.from_file(str(PAGE), default_timeout=30)
    for name, word in words.items():
        page.query_params[name] = word
    page.run()
    assert not page.exception
    return page


def press(page: AppTest, label: str) -> None:
    next(button for button in page.button if button.label == label).click().run()
    assert not page.exception


def test_it_says_who_came_and_who_has_not(visits: Visits) -> None:
    page = open_expected()
    said = everything_said(page)
    assert "1 of 4 opened, 3 not yet" in said
    assert "1 passed the gate and opened nothing" in said
    table = page.dataframe[0].value
    assert list(table["State"]) == [
        "Opened",
        "Passed, opened nothing",
        "Has not come",
        "Has not come",
    ]
    assert list(table["Sessions"]) == [3, 0, 0, 0]
    assert list(table["Contact"])[:2] == ["/contacts?contact=1", "/contacts?contact=3"]


def test_a_click_on_a_header_sorts_everybody_and_a_second_one_turns(visits: Visits) -> None:
    page = open_expected()
    ways = (
        ("Expected", ["+5511987654321", "ada@example.com", "carol@example.com", "zoe@example.com"]),
        ("Expected", ["zoe@example.com", "carol@example.com", "ada@example.com", "+5511987654321"]),
        ("Sessions", ["ada@example.com", "carol@example.com", "zoe@example.com", "+5511987654321"]),
        ("Name", ["carol@example.com", "ada@example.com", "zoe@example.com", "+5511987654321"]),
        ("State", ["ada@example.com", "carol@example.com", "zoe@example.com", "+5511987654321"]),
    )
    for header, addresses in ways:
        click_header(page, "expected_grid", header)
        assert list(page.dataframe[0].value["Expected"]) == addresses, header


def test_the_not_yets_are_there_to_copy_and_numbers_are_in_no_bcc(visits: Visits) -> None:
    lines, bcc = (code.value for code in open_expected().code)
    assert lines.split() == ["carol@example.com", "zoe@example.com", "+5511987654321"]
    assert bcc == "carol@example.com, zoe@example.com"


def test_the_url_chooses_the_link_and_an_unknown_one_is_passed_over(visits: Visits) -> None:
    press_link = str(visits.press.share_link_id)
    assert "Nobody is expected yet" in everything_said(open_expected(link=press_link))
    assert "1 of 4 opened" in everything_said(open_expected(link="99"))


def test_a_number_at_a_link_that_asks_for_email_is_told_to_be_unknowable(visits: Visits) -> None:
    (warning,) = open_expected().info
    assert "asks for Email only, and 1 is expected by WhatsApp" in str(warning.value)


def test_what_was_read_is_added_and_the_rest_stays_in_the_field(
    visits: Visits, db: Database
) -> None:
    page = open_expected()
    page.text_area[0].set_value("dora@example.com\nbad@\nada@example.com")
    press(page, "Add to the list")
    assert page.text_area[0].value == "bad@"
    told = page.success[0].value.replace("\\", "")
    assert "1 person was added" in told
    assert "1 piece was not read and stays in the field: “bad@”. Correct it" in told
    assert "1 was there already" in told
    assert count_expected(db) == {visits.investors.share_link_id: (1, 5)}


def test_several_pieces_that_say_nothing_are_told_in_the_order_of_the_field(
    visits: Visits,
) -> None:
    page = open_expected()
    page.text_area[0].set_value("bad@\n\nnonsense, and more\ndora@example.com")
    press(page, "Add to the list")
    assert page.text_area[0].value == "bad@\nnonsense, and more"
    told = page.success[0].value.replace("\\", "")
    assert "2 pieces were not read and stay in the field: “bad@”, “nonsense, and more”." in told
    assert "Correct them and add them again." in told


def test_whoever_is_selected_is_taken_off(visits: Visits, db: Database) -> None:
    page = open_expected()
    key = page.dataframe[0].proto.id.split("-", 2)[2]
    page.session_state[key] = {"selection": {"rows": [2, 3], "columns": [], "cells": []}}
    page.run()
    press(page, "Take 2 people off the list")
    assert count_expected(db) == {visits.investors.share_link_id: (1, 2)}


def test_an_analyst_sees_all_of_it_and_changes_nothing(
    visits: Visits, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    analyst = Member(2, "ann@example.com", "Ann", Role.ANALYST)
    monkeypatch.setattr(asking, "get_member", lambda: analyst)
    monkeypatch.setattr("pages.ui.forms.get_member", lambda: analyst)
    page = open_expected()
    assert "1 of 4 opened" in everything_said(page)
    assert not page.text_area
    assert not page.button
    monkeypatch.setattr("pages.ui.forms.remember", lambda *_: None)
    take_off(visits.investors.share_link_id, [1, 2])
    assert count_expected(db) == {visits.investors.share_link_id: (1, 4)}
