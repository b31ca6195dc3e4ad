"""Share links and documents put away and back, and a link's QR code, in a real browser."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPerson, NewServer
from tests.browser.people import NARROW, Person, sign_in_owner, wait_until_drawn, wait_until_settled
from tests.browser.road import expect_notice
from tests.browser.running import Server

ROW_PIXELS = 36


@pytest.fixture(scope="module")
def shelf(start_server: NewServer) -> Server:
    """The demo account, for these tests to change."""
    return start_server(demo=True)


def open_page(page: Page, server: Server, path: str) -> None:
    page.goto(f"{server.address}/{path}")
    wait_until_settled(page)


def archive(page: Page, what: str) -> None:
    page.get_by_role("button", name="Archive…").first.click()
    page.get_by_role("button", name=f"Archive this {what}").click()
    expect_notice(page, "Archived")
    wait_until_settled(page)


def expect_closed(viewer: Person, address: str) -> None:
    viewer.page.goto(address)
    expect(viewer.page.get_by_text("This link isn't available")).to_be_visible()
    # A closed link's page is a 404, which the browser writes to its console.
    viewer.troubles[:] = [trouble for trouble in viewer.troubles if "404" not in trouble]


def put_back(page: Page, viewer: Person, address: str) -> None:
    page.get_by_role("button", name="Put back").click()
    # What is told of archiving says "back" too.
    expect_notice(page, "is back")
    viewer.page.goto(address)
    expect(viewer.page.get_by_role("textbox", name="Email address")).to_be_visible()


def test_an_archived_link_and_document_open_nothing_until_they_are_back(
    shelf: Server, owner: Person, viewer: Person
) -> None:
    page, address = owner.page, shelf.sample_address or ""
    sign_in_owner(page, shelf)
    name = read_target(page, shelf)
    archive(page, "link")
    expect_closed(viewer, address)
    put_back(page, viewer, address)

    open_page(page, shelf, "documents")
    page.get_by_text("Include archived").click()
    wait_until_settled(page)
    # All options are not drawn at once: it is typed, as an owner would.
    page.get_by_role("combobox", name="Document", exact=True).focus()
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Name").last).to_have_value(name)
    wait_until_settled(page)
    archive(page, "document")
    expect_closed(viewer, address)
    put_back(page, viewer, address)


def read_target(page: Page, server: Server) -> str:
    """The name of the document that the sample link opens."""
    open_page(page, server, "links?link=1")
    told = page.get_by_text("Opens: ").first.text_content() or ""
    return told.removeprefix("Opens: ").rpartition(" (")[0]


def test_a_links_qr_code_is_shown_and_saved_for_print(shelf: Server, owner: Person) -> None:
    page = owner.page
    sign_in_owner(page, shelf)
    open_page(page, shelf, "links?link=2")
    page.get_by_role("button", name="QR code").click()
    picture = page.get_by_role("img", name="QR code of")
    expect(picture).to_be_visible()
    # An image is in its place before its file has come.
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth > 0)")
    with page.expect_download() as png:
        page.get_by_role("link", name="PNG for print").click()
    assert png.value.path().read_bytes().startswith(b"\x89PNG")
    with page.expect_download() as svg:
        page.get_by_role("link", name="SVG").click()
    assert b"<svg" in svg.value.path().read_bytes()


def test_a_click_on_a_name_shows_its_card_wherever_it_stands(shelf: Server, owner: Person) -> None:
    page = owner.page
    sign_in_owner(page, shelf)
    for path, card in (("links", "links_card"), ("documents", "documents_card")):
        open_page(page, shelf, path)
        name = click_name(page, row=4)
        shown = page.locator(f".st-key-{card}")
        expect(shown.get_by_role("combobox").first).to_have_value(re.compile(re.escape(name)))
        expect(shown.get_by_role("combobox").first).to_be_in_viewport()


def test_a_renamed_documents_card_stays_and_shows_the_name_that_was_stored(
    shelf: Server, owner: Person
) -> None:
    page = owner.page
    sign_in_owner(page, shelf)
    open_page(page, shelf, "documents")
    name = click_name(page, row=3)
    card = page.locator(".st-key-documents_card")
    chosen, field = card.get_by_role("combobox").first, card.get_by_role("textbox", name="Name")
    expect(field).to_have_value(name)
    field.fill("Terms  2025/2026.pdf")
    field.press("Enter")
    card.get_by_role("button", name="Rename").click()
    expect_notice(page, "Renamed")
    expect(chosen).to_have_value(re.compile(r"^Terms 2025/2026\.pdf · d"))
    expect(field).to_have_value("Terms 2025/2026.pdf")
    page.get_by_text("Include archived").click()
    wait_until_drawn(page)
    expect(chosen).to_have_value(re.compile(r"^Terms 2025/2026\.pdf · d"))


def click_name(page: Page, *, row: int) -> str:
    """The name in this row of the page's grid, after a click on it; the first row is 1."""
    grid = page.get_by_test_id("stDataFrame").locator("canvas").first
    grid.scroll_into_view_if_needed()
    box = grid.bounding_box()
    cell = page.locator(f'[role="row"][aria-rowindex="{row + 1}"] [role="gridcell"]').first
    name = cell.text_content()
    assert box is not None
    assert name
    page.mouse.click(box["x"] + 60, box["y"] + (row + 0.5) * ROW_PIXELS)
    return name


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_a_phone(shelf: Server, new_person: NewPerson, theme: str) -> None:
    page = new_person(size=NARROW, theme=theme).page
    sign_in_owner(page, shelf)
    for path in ("links", "documents", "settings", "audit"):
        open_page(page, shelf, path)
        wait_until_drawn(page)
        results = Axe().run(page)
        assert results.violations_count == 0, f"{path}: {results.generate_report()}"
