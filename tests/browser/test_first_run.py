"""From an empty account to the first contact: the three steps, each ticked when it is done."""

import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.mailbox import Mailbox
from tests.browser.people import Person, sign_in_owner, wait_until_settled
from tests.browser.road import PDF, expect_notice, expect_pdf, give_code, give_email
from tests.browser.running import PROGRAM, Server, clean_environment, read_announcement


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    file = tmp_path / "figures.pdf"
    file.write_bytes(PDF)
    return file


def expect_done(desk: Page, step: str) -> None:
    expect(desk.locator(f".st-key-{step}")).to_contain_text("done")


def test_three_steps_lead_to_the_first_contact(
    mailing_server: Server, mailbox: Mailbox, owner: Person, viewer: Person, pdf: Path
) -> None:
    desk = owner.page
    sign_in_owner(desk, mailing_server)
    expect(desk.get_by_text("No contacts yet")).to_be_visible()
    upload_first(desk, pdf)
    address = make_first(desk)

    viewer.page.goto(address)
    give_email(viewer.page, "Ada@example.com")
    give_code(viewer.page, mailbox.wait_for_code("Ada@example.com"))
    expect_pdf(viewer.page)

    # The owner's page waits, and shows the list by itself.
    expect(desk.get_by_text("No contacts yet")).to_have_count(0)
    expect(desk.locator('[role="gridcell"][aria-colindex="1"]').first).to_contain_text("Ada@")


def test_the_sign_in_command_prints_an_address_that_signs_in(
    demo_server: Server, owner: Person
) -> None:
    said = subprocess.run(
        [sys.executable, *PROGRAM, "sign-in", "--home", str(demo_server.home)],
        env=clean_environment({}),
        capture_output=True,
        text=True,
        check=True,
    )
    owner.page.goto(read_announcement(said.stdout, "Owner sign-in") or said.stdout)
    owner.page.get_by_role("button").click()
    owner.page.wait_for_url("**/contacts**")


def upload_first(desk: Page, pdf: Path) -> None:
    desk.get_by_role("textbox", name="Name").fill("Fundraising")
    desk.get_by_role("button", name="Create workspace").click()
    expect_notice(desk, "is ready")
    wait_until_settled(desk)
    desk.locator("input[type=file]").set_input_files(pdf)
    expect_done(desk, "first_upload")


def make_first(desk: Page) -> str:
    desk.get_by_role("button", name="Make this link").click()
    expect_done(desk, "first_link")
    shown = desk.locator(".st-key-first_send").get_by_test_id("stCode").get_by_text("/v/").first
    expect(shown).to_be_visible()
    return (shown.text_content() or "").strip()
