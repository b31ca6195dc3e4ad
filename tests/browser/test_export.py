"""The export in a real browser: a tool's file, consent, and a list of who unsubscribed."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from data.database import Database
from tests.browser.conftest import NewPerson
from tests.browser.forked import forked_server
from tests.browser.people import Person, sign_in_owner, wait_until_settled
from tests.browser.running import Server
from tests.browser.test_axe import find_faults
from tests.data.exports import add_person

ADA, BOB, NUMBER = "ada@analytical.example", "bob@example.com", "+447700900123"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An account of four people, three of whom consented."""
    home = Path(tmp_path_factory.mktemp("export")) / "home"
    with forked_server(home, demo=False):
        pass
    db = Database(home / "gatebook.duckdb")
    add_person(db, ADA, NUMBER, consents=(ADA, NUMBER), name="Ada Lovelace")
    add_person(db, BOB, consents=(BOB,), name="=Bob")
    add_person(db, "carol@example.com")
    add_person(db, "eve@example.com", withdrawn=("eve@example.com",))
    db.close()
    with forked_server(home, demo=False) as server:
        yield server


def open_export(page: Page, server: Server, kind: str) -> Locator:
    page.goto(f"{server.address}/contacts")
    page.get_by_role("button", name="Export…").click()
    popover = page.get_by_test_id("stPopoverBody")
    field = popover.get_by_role("combobox", name="Format or tool")
    field.click()
    page.get_by_role("option", name=kind, exact=True).click()
    expect(field).to_have_value(kind)
    wait_until_settled(page)
    return popover


def download(page: Page, link: Locator) -> tuple[str, bytes]:
    with page.expect_download() as waiting:
        link.click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


def rows_of(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def test_a_mailing_has_who_consented_until_they_unsubscribe(desk: Server, owner: Person) -> None:
    page = owner.page
    sign_in_owner(page, desk)
    popover = open_export(page, desk, "Mailchimp")
    expect(popover.get_by_text("2 contacts consented to be written to, 1 address")).to_be_visible()
    name, data = download(page, popover.get_by_role("link", name="Download (2 contacts)"))
    assert re.fullmatch(r"gatebook-mailchimp-\d{4}-\d\d-\d\d\.csv", name)
    assert {row["Email Address"] for row in rows_of(data)} == {ADA, BOB}
    assert {row["First Name"] for row in rows_of(data)} == {"Ada", "'=Bob"}

    popover.get_by_text("Unsubscribed elsewhere?").click()
    popover.get_by_role("textbox", name="Addresses that unsubscribed").fill(f"{BOB}\nno@x.example")
    popover.get_by_role("button", name="Withdraw their consent").click()
    told = "Consent was withdrawn for 1 address. 1 is of no contact here."
    expect(page.get_by_text(told).first).to_be_visible()

    popover = open_export(page, desk, "Mailchimp")
    gone = popover.get_by_role("link", name="Download who opted out (2 addresses)")
    _, data = download(page, gone)
    assert {row["Email Address"] for row in rows_of(data)} == {BOB, "eve@example.com"}


def test_a_workbook_comes_and_the_log_names_it(desk: Server, owner: Person) -> None:
    page = owner.page
    sign_in_owner(page, desk)
    popover = open_export(page, desk, "Excel workbook (.xlsx)")
    link = popover.get_by_role("link", name="Download (4 contacts)")
    # Until the choice has been heard, it is the link of the format before.
    expect(link).to_have_attribute("href", re.compile(r"\.xlsx"))
    name, data = download(page, link)
    assert name.endswith(".xlsx")
    assert data.startswith(b"PK")
    popover.get_by_role("link", name="Who downloaded what").click()
    expect(page.get_by_text("Excel workbook (.xlsx): 4 contacts").first).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_export_has_no_accessibility_fault(
    desk: Server, new_person: NewPerson, theme: str
) -> None:
    page = new_person(theme=theme).page
    sign_in_owner(page, desk)
    faults = []
    for kind in ("Mailchimp", "Parquet"):
        open_export(page, desk, kind)
        faults += find_faults(page)
    assert faults == [], "\n".join(faults)
