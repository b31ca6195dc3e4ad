"""axe over every page of the desk, as an owner sees it, in both themes.

The pages are read from the server's own navigation, so that a new one is looked at by itself.
"""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPerson
from tests.browser.people import NARROW, sign_in_owner, wait_until_drawn, wait_until_settled
from tests.browser.running import Server

# What is in Streamlit's own parts, by the rule of axe: where, and why it is not ours to mend.
STREAMLITS_OWN = {
    # Its file uploader's drop zone is marked as presentation and can be focused all the same.
    "presentation-role-conflict": "stFileUploaderDropzone",
}


def find_pages(page: Page) -> list[str]:
    """The address of each page that the sidebar leads to."""
    entries = page.get_by_test_id("stSidebarNavLink")
    expect(entries.first).to_be_visible()
    return [str(entry.get_attribute("href")) for entry in entries.all()]


def open_tabs(page: Page) -> Iterator[None]:
    """The page as it comes, then with each of its tabs in front."""
    yield
    for tab in page.get_by_test_id("stMain").get_by_role("tab").all()[1:]:
        tab.click()
        wait_until_settled(page)
        yield


def find_faults(page: Page) -> list[str]:
    """What axe says about the page once it is drawn, but for what is Streamlit's own."""
    wait_until_drawn(page)
    return [
        f"{page.url}: {violation['id']}: {node['html'][:200]}"
        for violation in Axe().run(page).response["violations"]
        for node in violation["nodes"]
        if STREAMLITS_OWN.get(violation["id"], " nowhere ") not in node["html"]
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page_of_the_desk(
    demo_server: Server, new_person: NewPerson, theme: str
) -> None:
    page = new_person(theme=theme).page
    sign_in_owner(page, demo_server)
    faults = []
    for address in find_pages(page):
        page.goto(address)
        wait_until_settled(page)
        for _ in open_tabs(page):
            faults += find_faults(page)

    assert faults == [], "\n".join(faults)


def test_axe_finds_nothing_in_what_opens_on_a_phone(
    demo_server: Server, new_person: NewPerson
) -> None:
    page = new_person(size=NARROW, theme="dark").page
    sign_in_owner(page, demo_server)
    faults = []
    page.goto(f"{demo_server.address}/contacts?type=email&period=90d&country=DE,IN&quiet=3")
    for button in ("Columns", "Save view"):
        page.get_by_role("button", name=button).click()
        wait_until_settled(page)
        faults += find_faults(page)
        page.keyboard.press("Escape")
    page.get_by_test_id("stExpandSidebarButton").click()
    page.get_by_role("button", name="More filters").click()
    wait_until_settled(page)
    faults += find_faults(page)
    for address in ("companies", "expected", "contacts?q=nobody+at+all"):
        page.goto(f"{demo_server.address}/{address}")
        wait_until_settled(page)
        faults += find_faults(page)

    assert faults == [], "\n".join(faults)
