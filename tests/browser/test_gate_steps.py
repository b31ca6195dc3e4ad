"""Each step of the gate in a real browser, with the mistakes and failures that people meet."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Playwright, expect

from gate.links import parse_share_address_tail
from tests.browser.conftest import NewPerson
from tests.browser.forked import forked_server
from tests.browser.furnish import furnish_home
from tests.browser.mailbox import Mailbox
from tests.browser.outbox import wait_for_outbox_code
from tests.browser.people import NARROW, PERSONS_AGENT, Person, sign_in_owner, wait_until_settled
from tests.browser.road import (
    choose_link,
    expect_notice,
    expect_pdf,
    give_code,
    give_email,
    give_number,
    give_wrong_code,
    other_code,
)
from tests.browser.running import Server, find_free_port

UNAVAILABLE = "This link isn't available. Ask the sender for a new one."


@dataclass(frozen=True)
class Town:
    """A server with links of every kind, and where its mail arrives."""

    server: Server
    tails: dict[str, str]
    mailbox: Mailbox

    def address(self, link: str) -> str:
        return self.server.address + self.tails[link]

    def outbox_code(self, address: str) -> str:
        return wait_for_outbox_code(self.server.home, address)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, mailbox: Mailbox) -> Iterator[Town]:
    home = tmp_path_factory.mktemp("town") / "home"
    tails = furnish_home(home)
    with forked_server(home, demo=False, environment=mailbox.settings) as server:
        yield Town(server, tails, mailbox)


@pytest.mark.parametrize("link", ["revoked", "expired"])
def test_a_dead_link_says_what_to_do(town: Town, viewer: Person, link: str) -> None:
    slug = parse_share_address_tail(town.tails[link].removeprefix("/v/"))
    assert slug is not None
    viewer.page.goto(f"{town.server.address}/gate?link={slug}")
    expect(viewer.page.get_by_text(UNAVAILABLE)).to_be_visible()


@pytest.mark.parametrize("words", ["", "?link=", "?link=nonsense", "?link=%00%ff'\";--"])
def test_an_unknown_or_malformed_link_says_the_same(town: Town, viewer: Person, words: str) -> None:
    viewer.page.goto(f"{town.server.address}/gate{words}")
    expect(viewer.page.get_by_text(UNAVAILABLE)).to_be_visible()


def test_who_allows_no_cookie_is_told_before_anything_is_typed(
    town: Town, playwright: Playwright, browser_type_launch_args: dict[str, Any], tmp_path: Path
) -> None:
    (tmp_path / "Default").mkdir()
    blocking = {"profile": {"default_content_setting_values": {"cookies": 2}}}
    (tmp_path / "Default" / "Preferences").write_text(json.dumps(blocking))
    with playwright.chromium.launch_persistent_context(
        tmp_path, **browser_type_launch_args, user_agent=PERSONS_AGENT
    ) as context:
        page = context.new_page()
        for link in ("email", "open"):
            page.goto(town.address(link))
            expect(page.get_by_text("This page needs a cookie")).to_be_visible()
            expect(page.get_by_role("textbox")).to_have_count(0)


def test_a_link_that_asks_nothing_opens_at_once(town: Town, viewer: Person) -> None:
    viewer.page.goto(town.address("open"))
    expect_pdf(viewer.page)


def test_an_entry_opens_a_link_that_verifies_nothing(town: Town, viewer: Person) -> None:
    viewer.page.goto(town.address("unverified"))
    give_email(viewer.page, "bob@example.com", button="Open the document")
    expect_pdf(viewer.page)


def test_a_bad_address_is_told_in_the_page_and_kept(town: Town, viewer: Person) -> None:
    viewer.page.goto(town.address("email"))
    give_email(viewer.page, "bob at example")
    alert = viewer.page.get_by_role("alert")
    expect(alert).to_have_text("Enter an email like name@example.com.")
    field = viewer.page.get_by_role("textbox", name="Email address")
    expect(field).to_have_value("bob at example")


def test_impatient_clicks_send_one_code(town: Town, viewer: Person) -> None:
    viewer.page.goto(town.address("email"))
    viewer.page.get_by_role("textbox", name="Email address").fill("clicks@example.com")
    viewer.page.get_by_role("button", name="Send me a code").click(click_count=3)
    give_code(viewer.page, town.mailbox.wait_for_code("clicks@example.com"))
    expect_pdf(viewer.page)
    assert len(town.mailbox.find_messages("clicks@example.com")) == 1


@pytest.mark.parametrize("milliseconds", [0, 20, 80, 300])
def test_a_code_confirmed_three_times_at_once_opens(
    town: Town, viewer: Person, milliseconds: int
) -> None:
    address = f"taps{milliseconds}@example.com"
    viewer.page.goto(town.address("email"))
    give_email(viewer.page, address)
    viewer.page.get_by_role("textbox", name="Code").fill(town.mailbox.wait_for_code(address))
    _tap_confirm(viewer.page, milliseconds)
    expect_pdf(viewer.page)


@pytest.mark.parametrize("milliseconds", [0, 20, 80, 300])
def test_a_wrong_code_confirmed_three_times_at_once_costs_one_try(
    town: Town, viewer: Person, milliseconds: int
) -> None:
    address = f"slips{milliseconds}@example.com"
    viewer.page.goto(town.address("email"))
    give_email(viewer.page, address)
    code = town.mailbox.wait_for_code(address)
    for number in range(4):
        field = viewer.page.get_by_role("textbox", name="Code")
        wrong = other_code(code, number + 1)
        field.fill(wrong)
        _tap_confirm(viewer.page, milliseconds)
        expect(viewer.page.locator(f'input[aria-label="Code"][value="{wrong}"]')).to_have_count(0)
        wait_until_settled(viewer.page)
        expect(viewer.page.get_by_role("alert")).to_contain_text("That code didn't work.")
    give_code(viewer.page, code)
    expect_pdf(viewer.page)


def test_the_form_before_is_never_seen_beside_the_one_after_it(town: Town, viewer: Person) -> None:
    page = viewer.page
    page.add_init_script(_NOTE_MOST_CODE_FIELDS)
    page.goto(town.address("email"))
    give_email(page, "twice@example.com")
    code = town.mailbox.wait_for_code("twice@example.com")
    for number in range(4):
        give_wrong_code(page, other_code(code, number + 1))
    assert page.evaluate("window.mostCodeFields") == 1


# How many fields for a code were in sight at once, at most.
_NOTE_MOST_CODE_FIELDS = """
window.mostCodeFields = 0;
new MutationObserver(() => {
    const fields = [...document.querySelectorAll('input[aria-label="Code"]')];
    const seen = fields.filter((field) => field.checkVisibility()).length;
    window.mostCodeFields = Math.max(window.mostCodeFields, seen);
}).observe(document, {subtree: true, childList: true, attributes: true});
"""


# The seconds in the sentence and on the button, whenever the page is drawn to its end.
_NOTE_WAITS = """
window.waits = [];
new MutationObserver(() => {
    const told = [...document.querySelectorAll('[data-testid="stMain"] :is(p.refusal, button)')];
    const waits = told.map((one) => one.innerText.match(/in ([0-9]+) s/)).filter(Boolean);
    const isDrawn = document.querySelector('[data-test-script-state="notRunning"]');
    if (isDrawn && waits.length === 2) window.waits.push(waits.map((one) => Number(one[1])));
}).observe(document, {subtree: true, childList: true, characterData: true, attributes: true});
"""


def _tap_confirm(page: Page, milliseconds: int) -> None:
    wait_until_settled(page)
    page.get_by_role("button", name="Confirm").click(click_count=3, delay=milliseconds)


def test_wrong_codes_are_told_and_the_right_one_still_opens(town: Town, viewer: Person) -> None:
    viewer.page.goto(town.address("email"))
    give_email(viewer.page, "wrong@example.com")
    code = town.mailbox.wait_for_code("wrong@example.com")
    give_wrong_code(viewer.page, "12")
    expect(viewer.page.get_by_role("alert")).to_have_text("Enter the 6 digits of the code.")
    give_wrong_code(viewer.page, other_code(code))
    expect(viewer.page.get_by_role("alert")).to_contain_text("That code didn't work.")
    give_code(viewer.page, f"Code: {code[:3]} {code[3:]}")
    expect_pdf(viewer.page)


def test_five_wrong_codes_close_the_challenge(town: Town, viewer: Person) -> None:
    viewer.page.goto(town.address("email"))
    give_email(viewer.page, "five@example.com")
    code = town.mailbox.wait_for_code("five@example.com")
    for number in range(5):
        give_wrong_code(viewer.page, other_code(code, number + 1))
        told = "Too many tries" if number == 4 else "That code didn't work."
        expect(viewer.page.get_by_role("alert").filter(has_text=told)).to_be_visible()
        expect(viewer.page.get_by_role("alert")).to_have_count(1)
    viewer.page.reload()
    expect(viewer.page.get_by_role("alert")).to_contain_text("Too many tries")
    expect(viewer.page.get_by_role("textbox", name="Code")).to_have_count(0)
    _expect_accessible(viewer.page)


def test_the_wait_for_another_code_is_one_number(town: Town, viewer: Person) -> None:
    page = viewer.page
    page.add_init_script(_NOTE_WAITS)
    page.goto(town.address("email"))
    give_email(page, "wait@example.com")
    code = town.mailbox.wait_for_code("wait@example.com")
    for number in range(5):
        give_wrong_code(page, other_code(code, number + 1))
    expect(page.get_by_text("Too many tries").last).to_be_visible()
    page.evaluate("window.waits = []")
    counted = page.get_by_role("button", name="Send a new code in").text_content()
    for _ in range(3):
        expect(page.get_by_role("button", name=counted or "")).to_have_count(0)
        counted = page.get_by_role("button", name="Send a new code in").text_content()
    waits = page.evaluate("window.waits")
    assert len(waits) > 1
    # A second can end between the reading of the one and of the other.
    assert [pair for pair in waits if abs(pair[0] - pair[1]) > 1] == []


def test_a_limit_keeps_the_next_code_waiting_also_after_a_reload(
    tmp_path: Path, mailbox: Mailbox, viewer: Person
) -> None:
    tails = furnish_home(tmp_path / "home")
    settings = mailbox.settings | {"GATEBOOK_LIMITS": "identifier_sends_10_min=1"}
    with forked_server(tmp_path / "home", demo=False, environment=settings) as server:
        viewer.page.goto(server.address + tails["email"])
        give_email(viewer.page, "limit@example.com")
        later = viewer.page.get_by_role("button", name="Send a new code in 10 min")
        expect(later).to_be_disabled()
        viewer.page.reload()
        expect(later).to_be_disabled()
        # Its countdown would go on to ask a server that is gone.
        viewer.page.close()


def test_each_step_begins_at_its_field(town: Town, viewer: Person) -> None:
    page = viewer.page
    page.goto(town.address("email"))
    give_email(page, "bad")
    field = page.get_by_role("textbox", name="Email address")
    expect(field).to_have_attribute("aria-invalid", "true")
    give_email(page, "focus@example.com")
    code = town.mailbox.wait_for_code("focus@example.com")
    expect(page.get_by_role("textbox", name="Code")).to_be_focused()
    page.keyboard.type(other_code(code))
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("That code didn't work.")
    expect(page.get_by_role("textbox", name="Code")).to_be_focused()
    expect(page.get_by_role("textbox", name="Code")).to_have_attribute("aria-invalid", "true")
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    expect_pdf(page)


def test_a_lost_connection_is_told_in_the_viewers_language(
    tmp_path: Path, new_person: NewPerson
) -> None:
    tails = furnish_home(tmp_path / "home")
    person = new_person(locale="de-DE")
    with forked_server(tmp_path / "home", demo=False) as server:
        person.page.goto(server.address + tails["email"])
        expect(person.page.get_by_role("textbox", name="E-Mail-Adresse")).to_be_visible()
        wait_until_settled(person.page)
    told = person.page.get_by_role("dialog")
    expect(told).to_contain_text("Die Verbindung ist abgebrochen.", timeout=30_000)
    expect(told).not_to_contain_text("Streamlit")
    # The browser notes each try to reach a server that is gone.
    person.troubles.clear()


def test_a_browser_closed_in_mid_gate_finds_its_step_again(town: Town, viewer: Person) -> None:
    viewer.page.goto(town.address("email"))
    give_email(viewer.page, "again@example.com")
    code = town.mailbox.wait_for_code("again@example.com")
    viewer.page.close()
    page = viewer.open_tab()
    page.goto(town.address("email"))
    give_code(page, code)
    expect_pdf(page)


def test_another_address_can_be_given(town: Town, viewer: Person) -> None:
    viewer.page.goto(town.address("email"))
    give_email(viewer.page, "typo@example.com")
    viewer.page.get_by_role("button", name="Use another address").click()
    give_email(viewer.page, "right@example.com")
    give_code(viewer.page, town.mailbox.wait_for_code("right@example.com"))
    expect_pdf(viewer.page)


def test_a_link_that_asks_for_both_takes_two_codes(town: Town, new_person: NewPerson) -> None:
    page = new_person(size=NARROW, locale="en-BR").page
    page.goto(town.address("both"))
    page.get_by_role("textbox", name="Email address").fill("both@example.com")
    give_number(page, "11 98765-4321")
    give_code(page, town.mailbox.wait_for_code("both@example.com"))
    expect(page.get_by_text("Email confirmed. Now the code that we sent")).to_be_visible()
    give_code(page, town.outbox_code("+5511987654321"))
    expect_pdf(page)


def test_a_whole_workspace_shows_each_kind_of_document(town: Town, viewer: Person) -> None:
    page = viewer.page
    page.goto(town.address("everything"))
    for name, sight in (
        ("notes.md", page.get_by_role("heading", name="Notes", exact=True)),
        ("log.txt", page.get_by_text("*not bold*")),
        ("page.html", page.get_by_role("link", name="Download page.html")),
    ):
        page.get_by_role("button", name=name).click()
        expect(sight).to_be_visible()
        page.get_by_role("button", name="All documents").click()


def test_a_second_link_does_not_lock_the_first_tab_out(town: Town, viewer: Person) -> None:
    viewer.page.goto(town.address("email"))
    give_email(viewer.page, "tabs@example.com")
    give_code(viewer.page, town.mailbox.wait_for_code("tabs@example.com"))
    expect_pdf(viewer.page)
    other = viewer.open_tab()
    other.goto(town.address("unverified"))
    other.get_by_role("button", name="Open as t***@e***.com").click()
    expect_pdf(other)
    viewer.page.wait_for_timeout(17_000)
    expect_pdf(viewer.page)


def test_an_owner_who_tries_her_own_gate_stays_signed_in_at_her_desk(
    town: Town, owner: Person
) -> None:
    sign_in_owner(owner.page, town.server)
    gate = owner.open_tab()
    gate.goto(town.address("unverified"))
    give_email(gate, "owner@example.com", button="Open the document")
    expect_pdf(gate)
    expect(gate.get_by_text("this visit is a preview")).to_be_visible()
    owner.page.get_by_text("Ascending", exact=True).click()
    expect(owner.page.get_by_role("link", name="Download CSV")).to_be_visible(timeout=15_000)
    expect(owner.page.get_by_role("button", name="Sign out")).to_be_visible()


def test_revoking_a_link_reaches_an_open_tab_within_15_seconds(
    town: Town, owner: Person, viewer: Person
) -> None:
    viewer.page.goto(town.address("whatsapp"))
    give_number(viewer.page, "+5511987650000")
    give_code(viewer.page, town.outbox_code("+5511987650000"))
    expect_pdf(viewer.page)
    file = viewer.page.locator('a[href^="/d/"]').get_attribute("href")
    assert viewer.context.request.get(f"{town.server.address}{file}").status == 200
    sign_in_owner(owner.page, town.server)
    owner.page.goto(f"{town.server.address}/links")
    choose_link(owner.page, "The whatsapp link", town.tails["whatsapp"])
    owner.page.get_by_role("button", name="Revoke…").click()
    expect(owner.page.get_by_text("Nobody can open “The whatsapp link” any more")).to_be_visible()
    owner.page.get_by_role("button", name="Revoke this link").click()
    expect_notice(owner.page, "The link is revoked")
    expect(viewer.page.get_by_text(UNAVAILABLE)).to_be_visible(timeout=16_000)
    assert viewer.context.request.get(f"{town.server.address}{file}").status == 404


def test_a_mail_server_that_is_down_is_told_and_nothing_typed_is_lost(
    tmp_path: Path, new_person: NewPerson
) -> None:
    viewer = new_person(size=NARROW)
    tails = furnish_home(tmp_path / "home")
    nobody = {
        "GATEBOOK_SMTP_HOST": "127.0.0.1",
        "GATEBOOK_SMTP_PORT": str(find_free_port()),
        "GATEBOOK_SMTP_TLS": "none",
    }
    with forked_server(tmp_path / "home", demo=False, environment=nobody) as server:
        viewer.page.goto(server.address + tails["email"])
        give_email(viewer.page, "ada@example.com")
        expect(viewer.page.get_by_role("alert")).to_have_text(
            "We couldn't send a code right now. Try again in a minute."
        )
        _expect_accessible(viewer.page)
        viewer.page.get_by_role("button", name="Use another address").click()
        field = viewer.page.get_by_role("textbox", name="Email address")
        expect(field).to_have_value("ada@example.com")
        viewer.page.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_at_any_step(town: Town, new_person: NewPerson, theme: str) -> None:
    person = new_person(size=NARROW, theme=theme)
    person.page.goto(town.address("both"))
    wait_until_settled(person.page)
    expect(person.page.get_by_role("textbox", name="WhatsApp number")).to_be_visible()
    _expect_accessible(person.page)
    person.page.get_by_role("textbox", name="Email address").fill(f"{theme}@example.com")
    give_number(person.page, "+5511987651111")
    expect(person.page.get_by_role("textbox", name="Code")).to_be_visible()
    give_code(person.page, "12")
    expect(person.page.get_by_role("alert")).to_be_visible()
    wait_until_settled(person.page)
    _expect_accessible(person.page)


def _expect_accessible(page: Page) -> None:
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("opening", range(3))
def test_on_a_phone_a_documents_pages_fit_and_do_not_overlap(
    demo_server: Server, new_person: NewPerson, opening: int
) -> None:
    page = new_person(size=NARROW).page
    assert demo_server.sample_address is not None
    page.goto(demo_server.sample_address)
    address = f"phone{opening}@example.com"
    give_email(page, address)
    give_code(page, wait_for_outbox_code(demo_server.home, address))
    expect_pdf(page)
    page.wait_for_timeout(2_500)
    boxes = [box for each in page.locator("canvas").all() if (box := each.bounding_box())]
    assert len(boxes) > 1
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= NARROW[0] for box in boxes)
    for above, below in pairwise(sorted(boxes, key=lambda box: box["y"])):
        assert below["y"] >= above["y"] + above["height"]
