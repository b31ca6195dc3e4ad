"""The whole road with two browsers: from a share link to a contact to a downloaded file."""

import csv
import io
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPerson
from tests.browser.mailbox import Mailbox
from tests.browser.people import Person, sign_in_owner, wait_until_settled
from tests.browser.road import (
    PDF,
    expect_notice,
    expect_pdf,
    give_code,
    give_email,
    give_number,
    make_link,
    make_workspace,
    open_link_form,
    read_outbox_code,
    upload_document,
)
from tests.browser.running import Server

NUMBER = "+5511987654321"


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    file = tmp_path / "figures.pdf"
    file.write_bytes(PDF)
    return file


def test_the_whole_road(
    mailing_server: Server, mailbox: Mailbox, owner: Person, new_person: NewPerson, pdf: Path
) -> None:
    desk, server = owner.page, mailing_server
    sign_in_owner(desk, server)
    make_workspace(desk, server, "Fundraising")
    upload_document(desk, server, pdf)
    by_email = make_link(desk, server, "Seed round", "Require email", "Verify email")
    by_number = make_link(desk, server, "Board pack", "Require WhatsApp", "Verify WhatsApp")
    ada, phone = new_person(), new_person(size=(390, 844))

    come_by_email(ada, by_email, mailbox)
    come_by_whatsapp(phone.page, by_number, desk, server)

    explore(desk, server, new_person)
    filter_by_hand(desk, server)
    download_equals_screen(desk, server)


def test_what_made_no_link_stays_in_sight_and_goes_when_one_is_made(
    mailing_server: Server, owner: Person
) -> None:
    sign_in_owner(owner.page, mailing_server)
    make_workspace(owner.page, mailing_server, "Fundraising")
    form = open_link_form(owner.page, mailing_server)
    form.get_by_text("More rules").click()
    password = form.get_by_role("textbox", name="Password")
    password.fill("short")
    form.get_by_role("button", name="Create share link").click()
    expect_notice(owner.page, "A password has 8 to 128 characters")
    expect(password).to_have_value("short")
    password.fill("open sesame")
    form.get_by_role("button", name="Create share link").click()
    expect_notice(owner.page, "“Fundraising” is ready")
    # With a first link there, the form is folded away.
    expect(form.get_by_role("button", name="Create share link")).to_be_hidden()
    form.get_by_text("New share link", exact=True).click()
    form.get_by_text("More rules").click()
    expect(password).to_have_value("")


def come_by_email(ada: Person, address: str, mailbox: Mailbox) -> None:
    ada.page.goto(address)
    give_email(ada.page, "Ada@example.com")
    expect(ada.page.get_by_text("a code is on its way to A***@e***.com")).to_be_visible()
    give_code(ada.page, mailbox.wait_for_code("Ada@example.com"))
    expect_pdf(ada.page)
    ada.page.reload()
    expect_pdf(ada.page)
    second = ada.open_tab()
    second.goto(address)
    expect_pdf(second)


def come_by_whatsapp(page: Page, address: str, desk: Page, server: Server) -> None:
    page.goto(address)
    give_number(page, "+55 11 98765-4321")
    expect(page.get_by_text("on WhatsApp")).to_be_visible()
    give_code(page, read_outbox_code(desk, server, NUMBER))
    expect_pdf(page)


def explore(desk: Page, server: Server, new_person: NewPerson) -> None:
    show_contacts(desk, server, "")
    expect_totals(desk, contacts="2", sessions="2")
    link, document, workspace = 1, 1, 1
    for words, contacts in (
        ("type=email", "1"),
        (f"link={link}", "1"),
        (f"document={document}", "2"),
        (f"workspace={workspace}", "2"),
        ("q=4321", "1"),
        ("q=(11)%209", "1"),
        (f"type=whatsapp&link={link}", "0"),
    ):
        show_contacts(desk, server, words)
        expect_totals(desk, contacts=contacts)
    show_contacts(desk, server, f"type=email&link={link}&sort=identifier&dir=asc")
    elsewhere = new_person().page
    sign_in_owner(elsewhere, server)
    elsewhere.goto(desk.url)
    expect_totals(elsewhere, contacts="1", sessions="1")
    assert parse_qs(urlsplit(elsewhere.url).query) == parse_qs(urlsplit(desk.url).query)


def filter_by_hand(desk: Page, server: Server) -> None:
    for label, choice, contacts in (
        ("Type", "WhatsApp", "1"),
        ("Share link", "Seed round", "1"),
        ("Document", "figures.pdf", "2"),
        ("Workspace", "Fundraising", "2"),
    ):
        show_contacts(desk, server, "")
        desk.get_by_role("combobox", name=label, exact=True).click()
        desk.get_by_role("option", name=choice).click()
        expect_totals(desk, contacts=contacts)
    show_contacts(desk, server, "sort=identifier")
    for direction in ("Ascending", "Descending"):
        desk.get_by_text(direction, exact=True).click()
        wait_until_settled(desk)
        expect(desk.locator('[role="gridcell"][aria-colindex="1"]').first).to_contain_text(
            NUMBER if direction == "Ascending" else "Ada@"
        )


def show_contacts(page: Page, server: Server, words: str) -> None:
    page.goto(f"{server.address}/contacts?{words}")
    wait_until_settled(page)


def expect_totals(page: Page, *, contacts: str, sessions: str | None = None) -> None:
    if contacts == "0":
        expect(page.get_by_text("No contact matches")).to_be_visible()
        return
    metrics = page.get_by_test_id("stMetric")
    expect(metrics.filter(has_text="Contacts").get_by_test_id("stMetricValue").first).to_have_text(
        contacts
    )
    if sessions is not None:
        value = metrics.filter(has_text="iewing sessions").get_by_test_id("stMetricValue").first
        expect(value).to_have_text(sessions)


def download_equals_screen(desk: Page, server: Server) -> None:
    for direction, first in (("asc", "+5511987654321"), ("desc", "Ada@example.com")):
        show_contacts(desk, server, f"sort=identifier&dir={direction}")
        with desk.expect_download() as download:
            desk.get_by_role("link", name="Download CSV (2 contacts)").click()
        rows = list(csv.DictReader(io.StringIO(download.value.path().read_text("utf-8"))))
        assert [row["identifier"] for row in rows] == read_identifiers(desk)
        assert rows[0]["identifier"] == first
        assert {row["access_count"] for row in rows} == {"1"}
        assert {row["verified"] for row in rows} == {"true"}


def read_identifiers(desk: Page) -> list[str]:
    """The first column of the list on the screen, as a screen reader is given it."""
    cells = desk.locator('[role="gridcell"][aria-colindex="1"]')
    expect(cells.first).to_be_attached()
    return [cell.split()[0] for cell in cells.all_text_contents() if cell.strip()]
