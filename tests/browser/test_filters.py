"""Filters together, chips, and a phone searched by every spelling, in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPerson, NewServer
from tests.browser.people import Person, sign_in_owner, wait_until_settled
from tests.browser.road import save_shared_view
from tests.browser.running import Server


@pytest.fixture(scope="module")
def desk(start_server: NewServer) -> Server:
    """The demo account, for these tests to look at."""
    return start_server(demo=True)


def show_list(page: Page, server: Server, words: str = "") -> None:
    page.goto(f"{server.address}/contacts?{words}")
    expect(page.locator(".st-key-contacts_list canvas").first).to_be_visible()
    wait_until_settled(page)


def first_identifier(page: Page) -> str:
    cell = page.locator('[role="row"][aria-rowindex="2"] [role="gridcell"]').first
    return (cell.text_content() or "").split("  ")[0]


def test_four_filters_together_and_a_chip_takes_one_away(desk: Server, owner: Person) -> None:
    page = owner.page
    sign_in_owner(page, desk)
    show_list(page, desk, "type=whatsapp&country=DE,IN&min=2")
    page.get_by_role("button", name="More filters (2)").click()
    quiet = page.get_by_role("spinbutton", name="Quiet for at least (days)")
    quiet.fill("30")
    quiet.press("Enter")
    chips = page.locator(".st-key-contacts_chips")
    said = "Type is WhatsApp and access count is at least 2 and country is Germany or India"
    expect(page.get_by_text(said)).to_be_visible()
    expect(chips.get_by_role("button")).to_have_count(5)

    chips.get_by_role("button", name="Quiet for 30 days").focus()
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"type=whatsapp&min=2&country=DE%2CIN$"))
    wait_until_settled(page)
    assert first_identifier(page).startswith(("+49", "+91"))


def test_a_phone_is_found_by_every_spelling(desk: Server, owner: Person) -> None:
    page = owner.page
    sign_in_owner(page, desk)
    show_list(page, desk, "type=whatsapp&country=GB")
    number = first_identifier(page)
    national = number.removeprefix("+44")
    for typed in (number, f"0044{national}", f"(0){national[:4]} {national[4:]}", number[-6:]):
        search = page.get_by_role("searchbox", name="Search")
        search.fill(typed)
        search.press("Enter")
        expect(page.get_by_text(f"the search is “{typed}”")).to_be_visible()
        wait_until_settled(page)
        assert first_identifier(page) == number


def list_words(page: Page) -> list[str]:
    """The chips, and the first lines of the list as they stand."""
    chips = page.locator(".st-key-contacts_chips").get_by_role("button").all_text_contents()
    rows = page.locator('.st-key-contacts_list [role="row"]')
    # The grid draws itself a moment after the script has ended.
    expect(rows.nth(1)).to_be_attached()
    return [*chips, *rows.all_text_contents()[:20]]


def test_a_saved_view_is_opened_by_its_address_in_a_new_browser(
    desk: Server, owner: Person, new_person: NewPerson
) -> None:
    sign_in_owner(owner.page, desk)
    show_list(owner.page, desk, "type=whatsapp&country=DE,IN&quiet=30&sort=access_count")
    address = save_shared_view(owner.page, "Quiet on WhatsApp")
    saved = list_words(owner.page)

    page = new_person().page
    sign_in_owner(page, desk)
    page.goto(address)
    expect(page.get_by_role("combobox", name="View")).to_have_value("Quiet on WhatsApp · shared")
    expect(page.get_by_role("combobox", name="Sort by")).to_have_value("Access count")
    wait_until_settled(page)
    assert list_words(page) == saved

    page.locator(".st-key-contacts_chips").get_by_role("button", name="Quiet for").click()
    expect(page.get_by_text("Changed", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile(r"view=\d+&type=whatsapp&country=DE%2CIN&sort="))
    page.get_by_role("button", name="Revert").click()
    expect(page).to_have_url(address)
    wait_until_settled(page)
    assert list_words(page) == saved
