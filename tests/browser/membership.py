"""The steps of membership, as people do them: invited, signed in by password and code, removed."""

import re
from datetime import UTC, datetime

import pyotp
from playwright.sync_api import Page, expect

from tests.browser.people import wait_until_settled
from tests.browser.road import expect_notice
from tests.browser.running import Server

PASSWORD = "four words that stay"


def invite_on_page(page: Page, server: Server, email: str, role: str = "Analyst") -> str:
    """The link that an owner is shown for this email."""
    page.goto(f"{server.address}/members")
    wait_until_settled(page)
    page.get_by_role("textbox", name="Email").fill(email)
    page.get_by_text(f"{role}: sees").click()
    page.get_by_role("button", name="Invite", exact=True).click()
    expect_notice(page, "is ready")
    address = page.get_by_test_id("stCode").text_content()
    assert address is not None
    return address.strip()


def join_by_link(page: Page, link: str, name: str) -> None:
    """Follow an invitation's link, and arrive at the contacts."""
    page.goto(link)
    page.get_by_label("Your name").fill(name)
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Join").click()
    page.wait_for_url("**/contacts**")


def give_password(page: Page, server: Server, email: str, password: str = PASSWORD) -> None:
    """Type email and password on the sign-in page."""
    page.goto(server.address)
    type_password(page, email, password)


def type_password(page: Page, email: str, password: str = PASSWORD) -> None:
    """Type email and password where the page asks for them by itself."""
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    wait_until_settled(page)
    page.get_by_role("textbox", name="Email").fill(email)
    page.get_by_role("textbox", name="Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def give_member_code(page: Page, code: str) -> None:
    """Type the code that is asked for after the password."""
    page.get_by_role("textbox", name="Code").fill(code)
    page.get_by_role("button", name="Confirm").click()


def sign_out_on_page(page: Page) -> None:
    """Press the button in the corner, and see the sign-in page."""
    # On a phone the corner is in the folded sidebar.
    folded = page.get_by_test_id("stExpandSidebarButton")
    if folded.is_visible():
        folded.click()
    page.get_by_role("button", name="Sign out", exact=True).last.click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def set_totp_up(page: Page, server: Server) -> tuple[pyotp.TOTP, list[str], str]:
    """The app that was set up with the key on the page, its recovery codes, and the used code."""
    page.goto(f"{server.address}/profile")
    page.get_by_role("button", name="Set up an authenticator app").click()
    expect(page.get_by_alt_text("QR code with the key")).to_be_visible()
    app, used = turn_totp_on_page(page)
    listed = page.get_by_test_id("stCode").first
    # The heading is there a moment before they take the key's place.
    expect(listed).to_have_text(re.compile(r"^\s*(\w{5}-\w{5}\s*){10}$"))
    codes = re.findall(r"\w{5}-\w{5}", listed.inner_text())
    page.get_by_role("button", name="I have kept them").click()
    return app, codes, used


def turn_totp_on_page(page: Page) -> tuple[pyotp.TOTP, str]:
    """The app that was set up with the key on the page, and the code that proved it."""
    key = page.get_by_test_id("stCode").text_content()
    assert key is not None
    app = pyotp.TOTP(key.strip())
    used = app.at(datetime.now(UTC))
    page.get_by_role("textbox", name="Code").fill(used)
    page.get_by_role("button", name="Turn it on").click()
    expect(page.get_by_text("Your recovery codes")).to_be_visible()
    return app, used


def remove_on_page(page: Page, server: Server, email: str) -> None:
    """Remove the member of this email, as an owner."""
    page.goto(f"{server.address}/members")
    wait_until_settled(page)
    change = page.locator('[class*="st-key-members_change_"]')
    told = page.get_by_text(re.compile(rf"^{re.escape(email)}\s"))
    # Of the blocks around both, the innermost is the member's own card, and comes last.
    card = page.get_by_test_id("stVerticalBlock").filter(has=told).filter(has=change).last
    card.get_by_role("button", name="Change").click()
    page.get_by_role("button", name="Remove member").click()
    expect_notice(page, "Removed")
