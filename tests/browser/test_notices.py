"""What is told of a change, in a real browser: seen where one looks, and gone when one goes on."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewServer
from tests.browser.people import Person, sign_in_owner, wait_until_drawn, wait_until_settled
from tests.browser.road import expect_notice
from tests.browser.running import Server


@pytest.fixture(scope="module")
def book(start_server: NewServer) -> Server:
    """The demo account, for these tests to change."""
    return start_server(demo=True)


def copy_in_the_corner(page: Page) -> Locator:
    return page.locator("[data-told]")


def refuse_webhook(page: Page, server: Server) -> None:
    page.goto(f"{server.address}/settings")
    wait_until_settled(page)
    page.get_by_role("tab", name="Webhooks").click()
    page.get_by_role("textbox", name="Address").last.fill("ftp://example.com")
    page.get_by_role("button", name="Add webhook").click()
    wait_until_drawn(page)


def test_a_refusal_is_told_once_in_sight_and_goes_with_the_next_tab(
    book: Server, owner: Person
) -> None:
    page = owner.page
    sign_in_owner(page, book)
    refuse_webhook(page, book)
    expect(page.get_by_test_id("stAlertContentError")).to_have_count(1)
    expect(page.get_by_test_id("stAlertContentError")).to_be_visible()
    expect(copy_in_the_corner(page)).to_be_hidden()
    page.wait_for_timeout(1_500)
    expect(page.get_by_test_id("stAlertContentError")).to_have_count(1)

    page.get_by_role("tab", name="What is kept").click()

    expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)


def test_a_notice_out_of_sight_has_its_copy_in_the_corner(book: Server, owner: Person) -> None:
    page = owner.page
    page.set_viewport_size({"width": 1440, "height": 420})
    sign_in_owner(page, book)
    refuse_webhook(page, book)
    expect_notice(page, "https")
    expect(copy_in_the_corner(page)).to_be_visible()

    page.get_by_test_id("stAlert").first.scroll_into_view_if_needed()

    expect(copy_in_the_corner(page)).to_be_hidden()
