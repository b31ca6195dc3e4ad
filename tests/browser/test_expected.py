"""Who was expected at a link and who came; and the companies of all who came, in a browser."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPerson
from tests.browser.forked import forked_server
from tests.browser.furnish import furnish_home
from tests.browser.people import Person, sign_in_owner, wait_until_settled
from tests.browser.road import expect_notice, expect_pdf, give_email
from tests.browser.running import Server

OPENER = "Open the document"
ROW_PIXELS = 36


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, dict[str, str]]]:
    """A server with furnished links, and the tails of their addresses."""
    home: Path = tmp_path_factory.mktemp("expected") / "home"
    tails = furnish_home(home)
    with forked_server(home, demo=False) as server:
        yield server, tails


def open_expected(page: Page, server: Server, tails: dict[str, str]) -> None:
    number = re.search(r"/v/(\d+)-", tails["unverified"])
    assert number
    page.goto(f"{server.address}/expected?link={number[1]}")
    expect(page.get_by_role("heading", name="Expected viewers")).to_be_visible()
    wait_until_settled(page)


def pass_gate(page: Page, address: str, email: str) -> None:
    page.goto(address)
    give_email(page, email, button=OPENER)
    expect_pdf(page)


def test_an_owner_sees_who_of_those_expected_came(
    house: tuple[Server, dict[str, str]], owner: Person, new_person: NewPerson
) -> None:
    server, tails = house
    page, gate = owner.page, server.address + tails["unverified"]
    sign_in_owner(page, server)
    open_expected(page, server, tails)
    field = page.get_by_role("textbox", name="Email addresses and WhatsApp numbers")
    field.fill("Ada Lovelace <ada@example.com>\nbob@example.com; carol@example.com\nnonsense")
    field.press("Tab")
    wait_until_settled(page)
    page.get_by_role("button", name="Add to the list").click()
    expect_notice(page, "3 people were added.")
    expect_notice(page, "1 piece was not read and stays in the field: “nonsense”")
    expect(page.get_by_text("0 of 3 opened, 3 not yet")).to_be_visible()
    expect(field).to_have_value("nonsense")

    pass_gate(new_person().page, gate, "Ada@example.com")
    pass_gate(new_person().page, gate, "eve@example.com")

    open_expected(page, server, tails)
    expect(page.get_by_text("1 of 3 opened, 2 not yet, 1 unexpected")).to_be_visible()
    expect(page.get_by_test_id("stCode").first).to_contain_text("bob@example.com")
    expect(page.get_by_test_id("stCode").last).to_have_text("bob@example.com, carol@example.com")
    page.get_by_role("radio", name="Unexpected 1").click()
    cells = page.locator('[data-testid="stDataFrame"] [role="gridcell"]')
    expect(cells.first).to_have_text("eve@example.com")
    page.get_by_role("radio", name="Opened 1").click()
    expect(cells.filter(has_text="ada@example.com")).to_have_count(1)


def test_a_company_opens_on_its_people(
    house: tuple[Server, dict[str, str]], new_person: NewPerson
) -> None:
    server, tails = house
    gate, page = server.address + tails["unverified"], new_person().page
    for email in ("zoe@acme.com", "max@gmail.com"):
        pass_gate(new_person().page, gate, email)
    sign_in_owner(page, server)
    page.goto(f"{server.address}/companies?q=acme")
    cells = page.locator('[data-testid="stDataFrame"] [role="gridcell"]')
    expect(cells.first).to_have_text("acme.com")
    expect(page.get_by_text("Free mail and phone only: 1 contact, 1 session.")).to_be_visible()
    wait_until_settled(page)
    grid = page.get_by_test_id("stDataFrame").bounding_box()
    assert grid is not None
    page.mouse.click(grid["x"] + 60, grid["y"] + 1.5 * ROW_PIXELS)
    expect(page).to_have_url(re.compile(r"/contacts\?domain=acme\.com$"))
    expect(cells.filter(has_text="zoe@acme.com")).to_have_count(1)
    expect(cells.filter(has_text="max@gmail.com")).to_have_count(0)
