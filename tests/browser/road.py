"""The steps of the whole road, as a person does them: at the owner's desk and at the gate."""

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.people import wait_until_settled
from tests.browser.running import Server

PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R
/Resources<</Font<</F1 5 0 R>>>>>>endobj
4 0 obj<</Length 44>>stream
BT /F1 18 Tf 40 100 Td (Quarterly figures) Tj ET
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
trailer<</Root 1 0 R>>
%%EOF
"""


def expect_notice(page: Page, words: str) -> None:
    """The owner is told this of a change, at the page's top; its copy in the corner fades."""
    expect(page.get_by_test_id("stAlert").filter(has_text=words)).to_be_visible()


def make_workspace(page: Page, server: Server, name: str) -> None:
    """Make a workspace on the documents page."""
    page.goto(f"{server.address}/documents")
    page.get_by_role("textbox", name="Name").fill(name)
    page.get_by_role("button", name="Create workspace").click()
    expect_notice(page, "is ready")


def upload_document(page: Page, server: Server, file: Path) -> None:
    """Upload one file into the chosen workspace and wait until it is kept."""
    page.goto(f"{server.address}/documents")
    wait_until_settled(page)
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("Added", exact=True)).to_be_visible()


def open_link_form(page: Page, server: Server) -> Locator:
    """The form for a new share link, on its page; the card beside it has the same fields."""
    page.goto(f"{server.address}/links")
    wait_until_settled(page)
    form = page.locator(".st-key-links_new")
    # Where there are links already, it is folded away.
    if not form.get_by_role("button", name="Create share link").is_visible():
        form.get_by_text("New share link", exact=True).click()
    return form


def make_link(page: Page, server: Server, name: str, *rules: str) -> str:
    """The address of a new share link to the whole workspace, with these toggles on."""
    form = open_link_form(page, server)
    form.get_by_role("textbox", name="Name (optional)").fill(name)
    for rule in ("Require email", "Verify email", "Require WhatsApp", "Verify WhatsApp"):
        toggle = form.get_by_label(rule, exact=True)
        if toggle.is_checked() != (rule in rules):
            form.get_by_text(rule, exact=True).click()
            wait_until_settled(page)
    form.get_by_role("button", name="Create share link").click()
    expect_notice(page, f"{name}” is ready")
    # The notice is drawn first, while the card still shows the link before.
    expect(page.get_by_role("combobox", name="Share link")).to_have_value(
        re.compile(re.escape(name))
    )
    wait_until_settled(page)
    address = page.get_by_test_id("stCode").get_by_text("/v/").text_content()
    assert address is not None
    return address.strip()


def choose_link(page: Page, name: str, tail: str) -> None:
    """Choose a link on the links page; afterwards its card is there, with `tail` in its address."""
    wait_until_settled(page)
    page.get_by_role("combobox", name="Share link").click()
    page.get_by_role("option", name=name).click()
    expect(page.get_by_test_id("stCode").get_by_text(tail)).to_be_visible()
    wait_until_settled(page)


def give_email(page: Page, address: str, *, button: str = "Send me a code") -> None:
    """Type an email address at the gate and send it off."""
    page.get_by_role("textbox", name="Email address").fill(address)
    page.get_by_role("button", name=button).click()


def give_number(page: Page, number: str, *, button: str = "Send me a code") -> None:
    """Type a full WhatsApp number at the gate and send it off."""
    page.get_by_role("textbox", name="WhatsApp number").fill(number)
    page.get_by_role("button", name=button).click()


def give_code(page: Page, code: str) -> None:
    """Type a code at the gate and send it off."""
    page.get_by_role("textbox", name="Code").fill(code)
    page.get_by_role("button", name="Confirm").click()


def other_code(code: str, step: int = 1) -> str:
    """A code that is not this one, and as long: links under attack ask for longer ones."""
    return f"{(int(code) + step) % 10 ** len(code):0{len(code)}}"


def give_wrong_code(page: Page, code: str) -> None:
    """Send a code that is refused; the form that took it has left the page afterwards."""
    give_code(page, code)
    expect(page.locator(f'input[aria-label="Code"][value="{code}"]')).to_have_count(0)
    wait_until_settled(page)


def expect_pdf(page: Page) -> None:
    """Expect the shared PDF to be drawn."""
    frame = page.locator("canvas").first
    expect(frame).to_be_visible(timeout=20_000)


def read_outbox_code(page: Page, server: Server, address: str) -> str:
    """The newest code for this address, from the owner's outbox page."""
    page.goto(f"{server.address}/outbox")
    wanted = re.compile(rf"{re.escape(address)}.*?(\d{{6}})", re.DOTALL)
    main = page.get_by_test_id("stMain")
    expect(main).to_contain_text(wanted)
    found = wanted.search(main.inner_text())
    assert found
    return found[1]


def save_shared_view(page: Page, name: str) -> str:
    """Save what the page shows for all members; the address that it then has."""
    page.get_by_role("button", name="Save view").click()
    page.get_by_role("textbox", name="Name of the view").fill(name)
    page.get_by_text("Share with all members").click()
    page.get_by_role("button", name="Save this view").click()
    expect(page).to_have_url(re.compile(r"/contacts\?view=\d+$"))
    wait_until_settled(page)
    return page.url
