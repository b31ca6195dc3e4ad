"""A new share link on its page: made, in sight at once, and copied."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewServer
from tests.browser.people import Person, sign_in_owner, wait_until_drawn
from tests.browser.road import open_link_form
from tests.browser.running import Server


@pytest.fixture(scope="module")
def book(start_server: NewServer) -> Server:
    """The demo account, for these tests to change."""
    return start_server(demo=True)


def make_board_link(page: Page, server: Server) -> None:
    form = open_link_form(page, server)
    form.get_by_role("textbox", name="Name (optional)").fill("Board, June")
    form.get_by_role("button", name="Create share link").click()
    wait_until_drawn(page)


def test_a_new_link_is_in_sight_and_its_form_is_closed(book: Server, owner: Person) -> None:
    page = owner.page
    page.set_viewport_size({"width": 1440, "height": 640})
    sign_in_owner(page, book)

    make_board_link(page, book)

    chooser = page.get_by_role("combobox", name="Share link")
    expect(chooser).to_have_value(re.compile("Board, June"))
    expect(chooser).to_be_in_viewport()
    expect(page.get_by_test_id("stCode").get_by_text("/v/")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Create share link")).to_be_hidden()
