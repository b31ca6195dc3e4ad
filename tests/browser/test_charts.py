"""The charts in a real browser: a click is a filter, and the funnel is the Activity page's."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewServer
from tests.browser.people import Person, sign_in_owner, wait_until_settled
from tests.browser.running import Server


@pytest.fixture(scope="module")
def book(start_server: NewServer) -> Server:
    """The demo account."""
    return start_server(demo=True)


def open_tab(page: Page, name: str) -> None:
    expect(page.get_by_role("tab", name=name)).to_be_visible()
    wait_until_settled(page)
    page.get_by_role("tab", name=name).click()
    expect(page.get_by_role("tab", name=name)).to_have_attribute("aria-selected", "true")
    wait_until_settled(page)


def bars(page: Page, title: str) -> Locator:
    """The bars of the chart whose description begins so."""
    return page.get_by_role("figure", name=re.compile(f"^{title}")).locator(".barlayer .point path")


def pick(page: Page, bar: Locator) -> None:
    """Click on a bar once the chart follows the pointer, as a person sees that it does."""
    bar.hover(force=True)
    expect(page.locator(".hoverlayer text").first).to_be_visible()
    bar.click(force=True)


def count_listed(page: Page) -> int:
    words = page.get_by_text(re.compile(r"^[0-9–,]+ of [0-9,]+ contacts?")).first.text_content()
    return int(re.findall(r"of ([0-9,]+)", words or "")[0].replace(",", ""))


def test_a_click_on_a_links_bar_filters_and_a_second_one_takes_it_back(
    book: Server, owner: Person
) -> None:
    page = owner.page
    sign_in_owner(page, book)
    page.goto(f"{book.address}/contacts?period=90d")
    open_tab(page, "What they open")
    everybody = count_listed(page)

    bars(page, "Top share links").first.click(force=True)

    expect(page).to_have_url(re.compile(r"link=[0-9]+&period=90d$"))
    expect(bars(page, "Top share links")).to_have_count(1)
    wait_until_settled(page)
    assert count_listed(page) < everybody
    bars(page, "Top share links").first.click(force=True)
    expect(page).to_have_url(re.compile(r"\?period=90d$"))


def test_a_click_on_a_bar_of_time_makes_it_the_period(book: Server, owner: Person) -> None:
    page = owner.page
    sign_in_owner(page, book)
    page.goto(f"{book.address}/contacts?period=90d")
    expect(bars(page, "New and returning").nth(5)).to_be_visible()
    wait_until_settled(page)

    pick(page, bars(page, "New and returning").nth(5))

    expect(page).to_have_url(re.compile(r"period=custom&from=[0-9-]+&to=[0-9-]+$"))
    expect(page.get_by_text(re.compile(r"sessions in 7 days"))).to_be_visible()


def test_a_tab_clicked_while_the_page_still_comes_leaves_the_filters_as_the_url_says(
    book: Server, owner: Person
) -> None:
    page = owner.page
    sign_in_owner(page, book)
    for name in ("At the gate", "Who they are", "What they open"):
        # Another document, whose widgets' code the browser fetches anew.
        page.goto("about:blank")
        page.goto(f"{book.address}/contacts?q=e&period=90d&sort=name")
        page.get_by_role("tab", name=name).click()
        wait_until_settled(page)
        expect(page.get_by_role("combobox", name="Period")).to_have_value("Last 90 days")
        expect(page.get_by_role("searchbox", name="Search")).to_have_value("e")

        page.get_by_text("Include archived contacts").click()

        expect(page).to_have_url(re.compile(r"archived=yes"))
        assert {"q=e", "period=90d", "sort=name"} <= set(re.split("[?&]", page.url)), page.url


def test_the_funnel_agrees_with_the_activity_page(book: Server, owner: Person) -> None:
    page, finding = owner.page, re.compile(r"browsers that opened a link went on to view")
    sign_in_owner(page, book)
    page.goto(f"{book.address}/contacts?period=90d")
    open_tab(page, "At the gate")
    told = page.get_by_text(finding).first.text_content() or ""

    page.get_by_role("link", name=re.compile("refused or went away")).click()

    expect(page).to_have_url(re.compile(r"/activity\?days=90$"))
    expect(page.get_by_text(told).first).to_be_visible()
    assert re.match(r"[0-9,]+ of [0-9,]+ browsers", told)
