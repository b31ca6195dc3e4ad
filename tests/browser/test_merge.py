"""One person who is two contacts: suggested, previewed, merged, undone, and split, in a browser."""

import re
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPerson, NewServer
from tests.browser.people import NARROW, Person, sign_in_owner, wait_until_drawn, wait_until_settled
from tests.browser.road import expect_notice
from tests.browser.running import Server
from tests.browser.test_drawer import cell, drawer_of, show_list


@dataclass(frozen=True)
class Twins:
    """Somebody of the demo who is two contacts, with an address of each."""

    name: str
    numbers: tuple[int, int]
    addresses: tuple[str, str]


@pytest.fixture(scope="module")
def book(start_server: NewServer) -> Server:
    """The demo account, for these tests to change."""
    return start_server(demo=True)


def rows_of(page: Page) -> int:
    """How many contacts the list says it has."""
    return int((page.get_by_test_id("stMetricValue").first.text_content() or "").replace(",", ""))


def find_twins(page: Page, server: Server) -> Twins:
    """The first pair of the list of those that may be one person."""
    page.goto(f"{server.address}/same_person")
    sides = page.locator(".alike-side")
    expect(sides.first).to_be_visible()
    wait_until_settled(page)
    names = sides.locator("a").all_text_contents()
    paths = [link.get_attribute("href") or "" for link in sides.locator("a").all()[:2]]
    one, other = (int(path.rpartition("=")[2]) for path in paths)
    first, second = (sides.nth(place).locator("p").nth(1).text_content() for place in (0, 1))
    return Twins(names[0], (one, other), (first or "", second or ""))


def open_same_person(page: Page, server: Server, contact_id: int) -> None:
    """The drawer's last tab, of this contact."""
    page.goto(f"{server.address}/contacts?contact={contact_id}")
    expect(drawer_of(page)).to_be_visible()
    wait_until_settled(page)
    page.get_by_role("tab", name="Same person?").click()
    wait_until_settled(page)


def merge_first_suggested(page: Page) -> str:
    """Look at the first suggestion, merge it, and give the words of what was shown before."""
    page.get_by_role("button", name="Compare and merge").first.click()
    joined = drawer_of(page).get_by_label("As one contact")
    expect(joined).to_contain_text(re.compile(r"\d+ \+ \d+ = \d+"))
    words = joined.inner_text()
    wait_until_settled(page)
    drawer_of(page).get_by_role("button", name="Merge", exact=True).click()
    expect_notice(page, "Merged")
    return words


def test_a_suggested_pair_is_merged_and_undone_from_the_timeline(
    book: Server, owner: Person
) -> None:
    page = owner.page
    sign_in_owner(page, book)
    page.goto(f"{book.address}/contacts")
    page.get_by_role("link", name=re.compile("may be the same person")).click()
    twins = find_twins(page, book)
    show_list(page, book, f"q={twins.name}")
    assert rows_of(page) == 2

    find_twins(page, book)
    previewed = merge_first_suggested(page)
    assert all(address in previewed for address in twins.addresses)
    sessions = re.findall(r"= ([\d,]+)", previewed)[0]
    expect(drawer_of(page)).to_have_count(0)

    show_list(page, book, f"q={twins.name}")
    assert rows_of(page) == 1
    expect(cell(page, 1)).to_contain_text("+1")
    for number in twins.numbers:
        page.goto(f"{book.address}/contacts?contact={number}")
        for address in twins.addresses:
            expect(drawer_of(page).get_by_label("Addresses")).to_contain_text(address)
        expect(drawer_of(page).locator(".facts dd").first).to_have_text(sessions)
    wait_until_settled(page)
    page.get_by_role("button", name="Undo this merge").click()
    expect_notice(page, "two contacts again")

    show_list(page, book, f"q={twins.name}")
    assert rows_of(page) == 2


def test_a_contact_is_merged_in_its_drawer_undone_at_once_and_split(
    book: Server, owner: Person
) -> None:
    page = owner.page
    sign_in_owner(page, book)
    twins = find_twins(page, book)
    number, address = twins.numbers[0], twins.addresses[1]
    open_same_person(page, book, number)
    search = drawer_of(page).get_by_role("textbox", name="Merge with another contact")
    search.fill(address)
    search.press("Enter")
    label = re.compile(re.escape(address))
    drawer_of(page).get_by_role("button", name=label).click()
    drawer_of(page).get_by_role("button", name="Merge", exact=True).click()
    expect_notice(page, "Merged")
    expect(drawer_of(page).get_by_label("Addresses")).to_contain_text(address)
    wait_until_settled(page)
    page.get_by_role("button", name="Undo the merge").click()
    expect_notice(page, "two contacts again")
    wait_until_settled(page)

    open_same_person(page, book, number)
    merge_first_suggested(page)
    open_same_person(page, book, number)
    drawer_of(page).get_by_role("button", name="Split…").click()
    picker = page.get_by_role("combobox", name="Take out")
    picker.fill(address)
    picker.press("Enter")
    expect(page.get_by_text("They become a contact of their own")).to_be_visible()
    wait_until_settled(page)
    picker.press("Escape")
    page.get_by_role("button", name="Split into two contacts").click()
    expect_notice(page, "Split")
    expect(drawer_of(page).get_by_label("Addresses")).not_to_contain_text(address)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_where_pairs_are_compared(
    book: Server, new_person: NewPerson, theme: str
) -> None:
    page = new_person(size=NARROW, theme=theme).page
    sign_in_owner(page, book)
    page.goto(f"{book.address}/same_person")
    wait_until_settled(page)
    for name in ("", "Compare and merge"):
        if name:
            page.get_by_role("button", name=name).first.click()
            expect(drawer_of(page).get_by_label("As one contact")).to_be_visible()
            wait_until_settled(page)
        wait_until_drawn(page)
        results = Axe().run(page)
        assert results.violations_count == 0, results.generate_report()
