"""The rules of the gate on a phone: each kind of link, Arabic, and no mouse at all."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from data.database import Database
from gate.passwords import hash_password
from pages.ui.runtime import read_wall_clock
from tests.browser.conftest import NewPerson
from tests.browser.forked import forked_server
from tests.browser.furnish import furnish_home
from tests.browser.mailbox import Mailbox
from tests.browser.people import NARROW, Person, sign_in_owner, wait_until_settled
from tests.browser.road import (
    choose_link,
    expect_notice,
    expect_pdf,
    give_code,
    give_email,
    give_number,
)
from tests.browser.running import Server
from tests.gate.whatsapp_stub import Stub, running_stub

PASSWORD = "open sesame"
DENIED_NUMBER = "+5511987653333"
REPORT = b"# Report\n\n| first | second |\n|---|---|\n| 1 | 2 |\n\n    " + b"x" * 300 + b"\n"

# How far from the left a character of an element is drawn.
WHERE_IS = """
(element, wanted) => {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const place = walker.currentNode.data.indexOf(wanted)
    if (place < 0) continue
    const range = document.createRange()
    range.setStart(walker.currentNode, place)
    range.setEnd(walker.currentNode, place + 1)
    return range.getBoundingClientRect().left
  }
}
"""


@dataclass(frozen=True)
class Village:
    """A server whose links have every rule, its mail, and its WhatsApp."""

    server: Server
    tails: dict[str, str]
    mailbox: Mailbox
    stub: Stub

    def address(self, link: str) -> str:
        return self.server.address + self.tails[link]


def add_rules(home: Path) -> None:
    """Rules that the furnished links do not have: a password, lists, a choice, consent."""
    db = Database(home / "gatebook.duckdb")
    with db.transaction() as tx:
        tx.run(
            """
            update share_link
            set accepts_either = true, asks_consent = true, name = 'Q3 figures (draft)!'
            where slug like 'both%'
            """
        )
        tx.run(
            "update share_link set password_hash = $word where slug like 'all%'",
            word=hash_password(PASSWORD),
        )
        tx.run(
            """
            insert into list_entry
            select nextval('list_entry_id_seq'), share_link_id, 'deny', 'domain', 'denied.example',
                '@denied.example', $now
            from share_link
            where requires_email or requires_whatsapp
            """,
            now=read_wall_clock(),
        )
        tx.run(
            """
            insert into list_entry
            select nextval('list_entry_id_seq'), share_link_id, 'deny', 'number', $number,
                $number, $now
            from share_link
            where accepts_either
            """,
            now=read_wall_clock(),
            number=DENIED_NUMBER,
        )
    db.close()


@pytest.fixture(scope="module")
def village(tmp_path_factory: pytest.TempPathFactory, mailbox: Mailbox) -> Iterator[Village]:
    home = tmp_path_factory.mktemp("village") / "home"
    tails = furnish_home(home)
    add_rules(home)
    with running_stub() as stub:
        settings = mailbox.settings | stub.settings
        with forked_server(home, demo=False, environment=settings) as server:
            yield Village(server, tails, mailbox, stub)


@pytest.fixture
def phone(new_person: NewPerson) -> Person:
    return new_person(size=NARROW)


def expect_accessible(page: Page) -> None:
    wait_until_settled(page)
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


def test_a_code_arrives_by_whatsapp(village: Village, phone: Person) -> None:
    phone.page.goto(village.address("whatsapp"))
    give_number(phone.page, "+55 11 98765-1234")
    give_code(phone.page, village.stub.wait_for_code("5511987651234"))
    expect_pdf(phone.page)


def test_either_channel_opens_where_the_viewer_chooses(village: Village, phone: Person) -> None:
    page = phone.page
    page.goto(village.address("both"))
    box = page.get_by_role("checkbox")
    expect(box).not_to_be_checked()
    page.get_by_text("WhatsApp", exact=True).click()
    expect(page.get_by_role("textbox", name="Email address")).to_have_count(0)
    give_number(page, "+55 11 98765-2222")
    expect(page.get_by_text("or use your email instead.")).to_be_visible()
    expect(page.get_by_role("button", name="Use another number or email")).to_be_visible()
    give_code(page, village.stub.wait_for_code("5511987652222"))
    expect_pdf(page)


def test_the_other_way_is_offered_alike_to_whoever_cannot_open(
    village: Village, phone: Person
) -> None:
    page = phone.page
    page.goto(village.address("both"))
    page.get_by_text("WhatsApp", exact=True).click()
    give_number(page, DENIED_NUMBER)
    expect(page.get_by_text("or use your email instead.")).to_be_visible()
    page.get_by_role("button", name="Use another number or email").click()
    expect(page.get_by_role("radio")).to_have_count(2)


def test_what_was_typed_is_there_when_the_way_is_changed_back(
    village: Village, phone: Person
) -> None:
    page = phone.page
    page.goto(village.address("both"))
    field = page.get_by_role("textbox", name="Email address")
    field.fill("kept@example.com")
    page.get_by_text("WhatsApp", exact=True).click()
    expect(field).to_have_count(0)
    page.get_by_text("Email", exact=True).click()
    expect(field).to_have_value("kept@example.com")


def test_a_password_opens_a_workspace_with_its_list(village: Village, phone: Person) -> None:
    page = phone.page
    page.goto(village.address("everything"))
    expect(page.get_by_role("heading", name="Northwind shared this with you")).to_be_visible()
    expect(page.get_by_text("Everything")).to_have_count(0)
    page.get_by_role("textbox", name="Password").fill("open barley")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("That password didn't work.")
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Everything")).to_be_visible()
    page.get_by_role("button", name="figures.pdf").click()
    expect_pdf(page)
    page.get_by_role("button", name="All documents").click()
    expect(page.get_by_role("button", name="log.txt")).to_be_visible()


def test_a_denied_address_sees_what_everybody_sees(village: Village, phone: Person) -> None:
    phone.page.goto(village.address("email"))
    give_email(phone.page, "eve@denied.example")
    expect(phone.page.get_by_text("If this address can open the document")).to_be_visible()
    give_code(phone.page, "123456")
    expect(phone.page.get_by_role("alert")).to_contain_text("That code didn't work.")
    assert village.mailbox.find_messages("eve@denied.example") == []
    phone.page.goto(village.address("unverified"))
    give_email(phone.page, "eve@denied.example", button="Open the document")
    expect(phone.page.get_by_role("alert")).to_contain_text("This address can't open the document.")


def test_a_slip_of_the_finger_is_offered_to_be_mended(village: Village, phone: Person) -> None:
    phone.page.goto(village.address("email"))
    give_email(phone.page, "slip@gmial.com")
    phone.page.get_by_role("button", name=re.compile("Did you mean slip@gmail.com")).click()
    field = phone.page.get_by_role("textbox", name="Email address")
    expect(field).to_have_value("slip@gmail.com")
    wait_until_settled(phone.page)
    phone.page.get_by_role("button", name="Send me a code").click()
    give_code(phone.page, village.mailbox.wait_for_code("slip@gmail.com"))
    expect_pdf(phone.page)


def test_a_known_viewer_only_confirms_on_the_next_link(village: Village, phone: Person) -> None:
    page = phone.page
    page.goto(village.address("email"))
    give_email(page, "known@example.com")
    give_code(page, village.mailbox.wait_for_code("known@example.com"))
    expect_pdf(page)
    page.goto(village.address("both"))
    expect(page.get_by_role("checkbox")).not_to_be_checked()
    page.get_by_text("may also write to me").click()
    expect_accessible(page)
    page.emulate_media(color_scheme="dark")
    expect_accessible(page)
    page.get_by_role("button", name="Open as k***@e***.com").click()
    expect_pdf(page)


def test_a_rule_that_changes_while_the_document_is_open_ends_the_view(
    village: Village, phone: Person, owner: Person
) -> None:
    page = phone.page
    page.goto(village.address("open"))
    expect_pdf(page)
    sign_in_owner(owner.page, village.server)
    owner.page.goto(f"{village.server.address}/links")
    choose_link(owner.page, "The open link", "/v/1-open")
    owner.page.get_by_text("Change its rules").click()
    owner.page.get_by_role("textbox", name="Password").last.fill("a new password")
    owner.page.get_by_role("textbox", name="Password").last.press("Tab")
    wait_until_settled(owner.page)
    owner.page.get_by_role("button", name="Save rules").click()
    expect_notice(owner.page, "The new rules hold at once")
    expect(owner.page.get_by_text("Asks for: Anyone with the link, password")).to_be_visible()
    expect(page.get_by_role("textbox", name="Password")).to_be_visible(timeout=15_000)
    assert phone.context.request.get(f"{village.server.address}/d/1/1").status == 404


def test_a_link_that_expires_while_it_is_open_ends_the_view(tmp_path: Path, phone: Person) -> None:
    tails = furnish_home(tmp_path / "home")
    db = Database(tmp_path / "home/gatebook.duckdb")
    ends_at = read_wall_clock() + timedelta(seconds=75)
    with db.transaction() as tx:
        tx.run("update share_link set expires_at = $at where share_link_id = 1", at=ends_at)
    db.close()
    with forked_server(tmp_path / "home", demo=False) as server:
        phone.page.goto(server.address + tails["open"])
        expect_pdf(phone.page)
        told = phone.page.get_by_text("This link isn't available.")
        left = (ends_at - read_wall_clock()).total_seconds()
        expect(told).to_be_visible(timeout=(left + 15) * 1000)
        assert phone.context.request.get(f"{server.address}/d/1/1").status == 404
        phone.page.close()


def test_arabic_runs_from_right_to_left(village: Village, new_person: NewPerson) -> None:
    page = new_person(size=NARROW, locale="ar-EG").page
    page.goto(village.address("email"))
    expect(page.get_by_role("button", name="إرسال رمز إليّ")).to_be_visible()
    expect_accessible(page)
    assert page.evaluate("document.documentElement.dir + document.documentElement.lang") == "rtlar"
    page.get_by_role("textbox").first.fill("noor@example.com")
    page.get_by_role("button", name="إرسال رمز إليّ").click()
    code = village.mailbox.wait_for_code("noor@example.com")
    page.get_by_role("textbox", name="الرمز").fill(code)
    expect_accessible(page)
    page.get_by_role("button", name="تأكيد").click()
    expect_pdf(page)
    letter = village.mailbox.find_messages("noor@example.com")[0]
    assert "هو رمزك" in letter["Subject"]


def test_a_name_keeps_its_own_direction_on_an_arabic_page(
    village: Village, new_person: NewPerson
) -> None:
    page = new_person(size=NARROW, locale="ar-EG").page
    page.goto(village.address("both"))
    heading = page.get_by_role("heading", name="Q3 figures (draft)!")
    expect(heading).to_be_visible()
    first, last = (heading.evaluate(WHERE_IS, one) for one in "Q!")
    assert first < last


@pytest.mark.parametrize("locale", ["ar-EG", "de-DE"])
def test_a_document_keeps_its_own_direction_and_can_be_read_by_keyboard(
    village: Village, new_person: NewPerson, locale: str
) -> None:
    (village.server.home / "documents" / "notes.md").write_bytes(REPORT)
    page = new_person(size=NARROW, locale=locale).page
    page.goto(village.address("everything"))
    page.locator("input[type=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="notes.md").click()
    first = page.get_by_role("columnheader", name="first")
    second = page.get_by_role("columnheader", name="second")
    expect(second).to_be_visible()
    left, right = first.bounding_box(), second.bounding_box()
    assert left is not None
    assert right is not None
    assert left["x"] < right["x"]
    assert page.get_by_text("x" * 300).evaluate("e => e.scrollWidth <= e.clientWidth")
    expect_accessible(page)


@pytest.mark.parametrize("locale", ["de-DE", "hi-IN"])
def test_streamlit_speaks_the_viewers_language_too(
    village: Village, new_person: NewPerson, locale: str
) -> None:
    page = new_person(size=NARROW, locale=locale).page
    page.goto(village.address("both"))
    page.get_by_text("WhatsApp", exact=True).click()
    wait_until_settled(page)
    page.get_by_role("combobox").click()
    page.keyboard.type("zzzq")
    nothing = "Nichts gefunden" if locale == "de-DE" else "कुछ नहीं मिला"
    expect(page.get_by_text(nothing)).to_be_visible()
    page.keyboard.press("Escape")
    text = page.locator("body").inner_text()
    assert re.findall("Press Enter|Skip to|No results|Streamlit", text) == []
    assert "Northwind" in page.title()


@pytest.mark.parametrize("typed", ["Osterreich", "Austria", "+43"])
def test_a_country_is_found_as_people_type_it(
    village: Village, new_person: NewPerson, typed: str
) -> None:
    page = new_person(size=NARROW, locale="de-DE").page
    page.goto(village.address("whatsapp"))
    page.get_by_role("combobox").click()
    page.keyboard.type(typed)
    expect(page.get_by_role("option").first).to_contain_text("Österreich")


def test_the_keyboard_alone_is_enough(village: Village, phone: Person) -> None:
    page = phone.page
    page.goto(village.address("email"))
    wait_until_settled(page)
    press_until_focused(page, "Email address")
    page.keyboard.type("keys@example.com")
    page.keyboard.press("Enter")
    code = village.mailbox.wait_for_code("keys@example.com")
    expect(page.get_by_role("textbox", name="Code")).to_be_visible()
    wait_until_settled(page)
    press_until_focused(page, "Code")
    page.keyboard.type(f"{code[:3]}-{code[3:]}")
    page.keyboard.press("Enter")
    expect_pdf(page)


def press_until_focused(page: Page, label: str) -> None:
    field = page.get_by_role("textbox", name=label)
    for _ in range(20):
        if field.evaluate("field => field === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{label} cannot be reached by the Tab key")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("link", ["email", "both", "everything", "unverified", "revoked"])
def test_axe_finds_nothing_at_any_kind_of_link(
    village: Village, new_person: NewPerson, theme: str, link: str
) -> None:
    page = new_person(size=NARROW, theme=theme).page
    slug = village.tails[link].partition("-")[2]
    page.goto(f"{village.server.address}/gate?link={slug}")
    expect(page.get_by_role("heading").first).to_be_visible()
    expect_accessible(page)
    if link == "email":
        give_email(page, f"{theme}@denied.example")
        expect(page.get_by_role("textbox", name="Code")).to_be_visible()
        expect_accessible(page)


def be_turned_away(page: Page, address: str, email: str) -> None:
    page.goto(address)
    give_email(page, email, button="Open the document")
    expect(page.get_by_role("alert")).to_contain_text("This address can't open the document.")


def choose_newest_refusal(page: Page, server: Server) -> None:
    sign_in_owner(page, server)
    page.goto(f"{server.address}/activity")
    expect(page.get_by_text("went on to view")).to_be_visible()
    expect_accessible(page)
    grid = page.get_by_test_id("stDataFrame").first
    grid.scroll_into_view_if_needed()
    box = grid.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 10, box["y"] + 35 + 17)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_whoever_the_owner_allows_comes_in_and_whoever_she_blocks_goes_out(
    village: Village, new_person: NewPerson, theme: str
) -> None:
    person, desk = new_person(size=NARROW), new_person(theme=theme).page
    viewer = person.page
    gate, email = village.address("unverified"), f"{theme}@denied.example"
    be_turned_away(viewer, gate, email)
    choose_newest_refusal(desk, village.server)
    told = desk.get_by_test_id("stText")
    expect(
        told.filter(has_text=f"{theme[0]}***@d***.example, on The unverified link")
    ).to_be_visible()
    at = re.compile(r"Not allowed.* at \d{4}-\d\d-\d\d \d\d:\d\d")
    expect(told.filter(has_text=at)).to_be_visible()
    expect(told.filter(has_text="Kept out by the link's lists")).to_be_visible()
    desk.get_by_role("button", name="Allow on this link").click()
    expect_notice(desk, "is allowed on The unverified link")
    give_email(viewer, email, button="Open the document")
    expect_pdf(viewer)
    wait_until_settled(viewer)
    assert person.troubles == []
    desk.get_by_role("button", name="Block on this link").click()
    expect_notice(desk, "is blocked on The unverified link")
    expect(viewer.locator("canvas")).to_have_count(0, timeout=15_000)
    be_turned_away(new_person(size=NARROW).page, gate, email)
    # What the page still reads of the file once its reader is out is refused, as it should be.
    person.troubles[:] = [one for one in person.troubles if "/d/" not in one]
