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


def test_a_links_address_is_copied_by_a_button_that_says_so(book: Server, owner: Person) -> None:
    page = owner.page
    owner.context.grant_permissions(["clipboard-read", "clipboard-write"])
    sign_in_owner(page, book)
    page.goto(f"{book.address}/links")
    address = page.get_by_test_id("stCode").get_by_text("/v/").text_content()

    page.get_by_role("button", name="Copy link").click()

    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == (address or "").strip()
    expect(page.get_by_role("button", name="Copy link")).to_be_visible()


def test_a_refused_clipboard_leaves_the_address_selected(book: Server, owner: Person) -> None:
    page = owner.page
    page.add_init_script(
        "Object.defineProperty(navigator, 'clipboard', { value: undefined });"
        "document.execCommand = () => false"
    )
    sign_in_owner(page, book)
    page.goto(f"{book.address}/links")
    address = page.get_by_test_id("stCode").get_by_text("/v/").text_content()

    page.get_by_role("button", name="Copy link").click()

    expect(page.get_by_text("Your browser copies nothing for this page")).to_be_visible()
    assert page.evaluate("String(getSelection())").strip() == (address or "").strip()
