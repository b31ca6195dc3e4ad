"""The contact beside the list, in a real browser: opened from its row, closed, changed, shared."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewPerson, NewServer
from tests.browser.people import NARROW, Person, sign_in_owner, wait_until_drawn, wait_until_settled
from tests.browser.road import expect_notice
from tests.browser.running import Server

ROW_PIXELS = 36


@pytest.fixture(scope="module")
def book(start_server: NewServer) -> Server:
    """The demo account, for these tests to change."""
    return start_server(demo=True)


def show_list(page: Page, server: Server, words: str = "") -> None:
    page.goto(f"{server.address}/contacts?{words}")
    expect(page.locator(".st-key-contacts_list canvas").first).to_be_visible()
    wait_until_settled(page)


def drawer_of(page: Page) -> Locator:
    return page.get_by_role("dialog")


def cell(page: Page, row: int) -> Locator:
    """The identifier in a row of the grid, the first being 1."""
    return page.locator(f'[role="row"][aria-rowindex="{row + 1}"] [role="gridcell"]').first


def test_an_identifier_opens_its_contact_and_escape_goes_back(book: Server, owner: Person) -> None:
    page = owner.page
    sign_in_owner(page, book)
    show_list(page, book, "type=email&sort=access_count")
    address = (cell(page, 1).text_content() or "").split("  ")[0]
    grid = page.locator(".st-key-contacts_list canvas").first.bounding_box()
    assert grid is not None

    page.mouse.click(grid["x"] + 80, grid["y"] + 1.5 * ROW_PIXELS)

    expect(drawer_of(page).get_by_label("Addresses")).to_contain_text(address)
    expect(page).to_have_url(re.compile(r"type=email&sort=access_count&contact=[0-9]+$"))
    wait_until_settled(page)
    page.keyboard.press("Escape")
    expect(drawer_of(page)).to_have_count(0)
    expect(page).to_have_url(re.compile(r"sort=access_count$"))
    expect(cell(page, 1)).to_contain_text(address)


def test_the_keyboard_opens_a_contact_too(book: Server, owner: Person) -> None:
    page = owner.page
    sign_in_owner(page, book)
    show_list(page, book, "type=email")
    second = (cell(page, 2).text_content() or "").split("  ")[0]
    for _ in range(2):
        page.get_by_role("combobox", name="Open a contact").focus()
        page.keyboard.type(second)
        page.keyboard.press("Enter")

        expect(drawer_of(page).get_by_label("Addresses")).to_contain_text(second)
        wait_until_settled(page)
        page.keyboard.press("Escape")
        expect(drawer_of(page)).to_have_count(0)
        wait_until_settled(page)


def test_what_is_written_down_is_there_in_another_browser(
    book: Server, owner: Person, new_person: NewPerson
) -> None:
    page, address = owner.page, f"{book.address}/contacts?contact=11"
    sign_in_owner(page, book)
    page.goto(address)
    _open_tab(page, "Details")
    page.get_by_role("textbox", name="Notes").fill("Calls back on Monday.")
    tags = drawer_of(page).get_by_role("combobox", name="Tags")
    tags.fill("warm lead")
    tags.press("Enter")
    tags.press("Tab")
    page.get_by_role("textbox", name="Name").fill("Grace Hopper")
    # What is typed and not saved outlasts a look at what else is known.
    for tab in ("What they opened", "Details"):
        _open_tab(page, tab)
    page.get_by_role("button", name="Save", exact=True).click()
    expect_notice(page, "Saved")
    expect(drawer_of(page).get_by_role("heading", name="Grace Hopper")).to_be_visible()

    elsewhere = new_person(size=NARROW).page
    sign_in_owner(elsewhere, book)
    elsewhere.goto(address)
    expect(drawer_of(elsewhere).get_by_label("Tags").first).to_contain_text("warm lead")
    _open_tab(elsewhere, "Details")
    expect(elsewhere.get_by_role("textbox", name="Notes")).to_have_value("Calls back on Monday.")


def test_enter_in_tags_offers_no_line_that_gives_a_contact_all_of_them(
    book: Server, owner: Person
) -> None:
    page = owner.page
    sign_in_owner(page, book)
    page.goto(f"{book.address}/contacts?contact=14")
    _open_tab(page, "Details")
    tags = drawer_of(page).get_by_role("combobox", name="Tags")
    tags.fill("met in Lisbon")
    tags.press("Enter")
    expect(page.get_by_role("option").nth(1)).to_be_visible()
    expect(page.get_by_role("option", name="Select all")).to_have_count(0)
    tags.press("Enter")
    expect(page.get_by_role("option").first).to_be_visible()


def test_an_archived_contact_leaves_the_list_behind_the_drawer(book: Server, owner: Person) -> None:
    page = owner.page
    sign_in_owner(page, book)
    show_list(page, book)
    before = page.get_by_test_id("stMetricValue").first.text_content() or ""
    page.goto(f"{book.address}/contacts?contact=12")
    _open_tab(page, "Details")
    page.get_by_role("button", name="Archive", exact=True).click()
    expect(drawer_of(page).get_by_text("Archived on")).to_be_visible()
    wait_until_settled(page)
    page.keyboard.press("Escape")
    fewer = f"{int(before.replace(',', '')) - 1:,}"
    expect(page.get_by_test_id("stMetricValue").first).to_have_text(fewer)


def test_an_erased_contact_is_gone_and_said_to_be(book: Server, owner: Person) -> None:
    page = owner.page
    sign_in_owner(page, book)
    page.goto(f"{book.address}/contacts?contact=13")
    _open_tab(page, "Details")
    page.get_by_role("button", name="Erase…").click()
    page.get_by_role("button", name="Erase this person").click()
    expect_notice(page, "Erased")
    expect(drawer_of(page)).to_have_count(0)
    expect(page).to_have_url(re.compile(r"/contacts$"))


def test_a_drawer_left_open_changes_nothing_once_its_owner_signed_out(
    book: Server, owner: Person
) -> None:
    page = owner.page
    sign_in_owner(page, book)
    page.goto(f"{book.address}/contacts?contact=14")
    _open_tab(page, "Details")
    elsewhere = owner.open_tab()
    elsewhere.goto(f"{book.address}/settings")
    elsewhere.get_by_role("button", name="Sign out").click()
    expect(elsewhere.get_by_text("Sign in").first).to_be_visible()
    page.get_by_role("textbox", name="Notes").fill("Mallory was here")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_label("Addresses")).to_have_count(0)
    sign_in_owner(page, book)
    page.goto(f"{book.address}/contacts?contact=14")
    _open_tab(page, "Details")
    expect(page.get_by_role("textbox", name="Notes")).to_have_value("")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_any_part_of_the_drawer(
    book: Server, new_person: NewPerson, theme: str
) -> None:
    page = new_person(size=NARROW, theme=theme).page
    sign_in_owner(page, book)
    page.goto(f"{book.address}/contacts?contact=15")
    for tab in ("Timeline", "What they opened", "Details", "Same person?"):
        _open_tab(page, tab)
        wait_until_drawn(page)
        results = Axe().run(page)
        assert results.violations_count == 0, results.generate_report()


def _open_tab(page: Page, name: str) -> None:
    expect(drawer_of(page)).to_be_visible()
    wait_until_settled(page)
    page.get_by_role("tab", name=name).click()
    expect(page.get_by_role("tab", name=name)).to_have_attribute("aria-selected", "true")
    wait_until_settled(page)
