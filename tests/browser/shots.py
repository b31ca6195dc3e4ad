"""Pictures of every page at two widths in both themes, taken from a real demo: `./run shots`.

All go to `shots/`, which git ignores; those that the README shows go to `docs/pictures/` too.
"""

import re
import sys
import tempfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.membership import (
    give_password,
    invite_on_page,
    join_by_link,
    remove_on_page,
    sign_out_on_page,
    turn_totp_on_page,
)
from tests.browser.outbox import wait_for_outbox_code
from tests.browser.people import (
    CHROMIUM_FLAGS,
    NARROW,
    WIDE,
    find_chromium,
    seat_person,
    wait_until_settled,
)
from tests.browser.road import save_shared_view
from tests.browser.running import ROOT, Server, ask_sign_in_address, running_server

ALL_PICTURES = ROOT / "shots"
README_PICTURES = ROOT / "docs/pictures"
OWNER_PAGES = (
    "contacts",
    "companies",
    "same_person",
    "expected",
    "activity",
    "documents",
    "links",
    "outbox",
    "settings",
    "audit",
    "members",
)
DRAWER_TABS = {
    "contact": "Timeline",
    "contact-opened": "What they opened",
    "contact-details": "Details",
    "contact-same": "Same person?",
}
CHART_TABS = {
    "charts-habits": "When and how often",
    "charts-opened": "What they open",
    "charts-people": "Who they are",
    "charts-gate": "At the gate",
}
LOOKS = tuple(product((WIDE, NARROW), ("light", "dark")))
VIEWERS = {
    "1440-light": "ada.king@harbourlight.example",
    "1440-dark": "bob.larsen@oakandelm.example",
    "390-light": "carla.mendes@northquay.example",
    "390-dark": "dev.patel@fernhill.example",
}
# One account has one view of a name.
SAVED_VIEWS = {
    "1440-light": "Going quiet",
    "1440-dark": "Quiet for a month",
    "390-light": "Call them",
    "390-dark": "Write to them",
}
# A README's picture ends where its reader would scroll: this many times its width.
README_HEIGHT = 0.9
NARROW_README_HEIGHT = 2.2
_SCROLL_HEIGHTS = """
    [0, ...[...document.querySelectorAll(
        '[data-testid="stMain"], [data-testid="stSidebarContent"]'
    )].map((part) => part.scrollHeight)]
"""


class Camera:
    """Takes the pictures of one look: a width and a theme."""

    def __init__(self, size: tuple[int, int], theme: str) -> None:
        """Keep what the pictures' names end in."""
        self.width, self.height = size
        self.look = f"{self.width}-{theme}"

    def take(self, page: Page, name: str, part: str = "") -> None:
        """Save the page as it stands, down to its end, or only a part of it, and say so."""
        page.set_viewport_size({"width": self.width, "height": self.height})
        _wait_until_drawn(page)
        # Streamlit scrolls inside the window, so the window has to grow to show the whole page.
        height = max(self.height, *page.evaluate(_SCROLL_HEIGHTS))
        page.set_viewport_size({"width": self.width, "height": height})
        _wait_until_drawn(page)
        path = ALL_PICTURES / f"{name}-{self.look}.png"
        (page.locator(part).first if part else page).screenshot(path=path)
        page.set_viewport_size({"width": self.width, "height": self.height})
        sys.stdout.write(f"{path.relative_to(ROOT)}\n")


def main() -> None:
    """Serve a new demo account, take every picture, and copy the README's."""
    ALL_PICTURES.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        running_server(Path(folder) / "home", demo=True) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_FLAGS)
        troubles = [
            f"{size[0]} {theme}: {trouble}"
            for size, theme in LOOKS
            for trouble in _picture_look(browser, server, size, theme)
        ]
        _picture_first_run(browser, Path(folder) / "empty")
        browser.close()
    _copy_readme_pictures()
    if troubles:
        sys.exit("\n".join(troubles))


def _picture_look(
    browser: Browser, server: Server, size: tuple[int, int], theme: str
) -> Iterator[str]:
    camera = Camera(size, theme)
    viewer = seat_person(browser, size=size, theme=theme)
    _picture_gate(viewer.page, server, camera, VIEWERS[camera.look])
    _picture_dead_link(viewer.page, server, camera)
    owner = seat_person(browser, size=size, theme=theme)
    _picture_owner_pages(owner.page, server, camera)
    analyst = seat_person(browser, size=size, theme=theme)
    _picture_signing_in(owner.page, analyst.page, server, camera)
    for person in (viewer, owner, analyst):
        # The dead link's page is a 404, which the browser writes to its console.
        yield from (trouble for trouble in person.troubles if "404" not in trouble)
        person.context.close()


def _picture_first_run(browser: Browser, home: Path) -> None:
    """What an owner without any data is led by."""
    with running_server(home, demo=False) as server:
        for size, theme in LOOKS:
            owner = seat_person(browser, size=size, theme=theme)
            owner.page.goto(ask_sign_in_address(server))
            owner.page.get_by_role("button").click()
            expect(owner.page.get_by_text("No contacts yet")).to_be_visible()
            wait_until_settled(owner.page)
            Camera(size, theme).take(owner.page, "first-run")
            owner.context.close()


def _picture_gate(page: Page, server: Server, camera: Camera, address: str) -> None:
    assert server.sample_address is not None
    page.goto(server.sample_address)
    page.wait_for_url("**/gate?link=**")
    wait_until_settled(page)
    camera.take(page, "gate-address")
    page.get_by_role("textbox", name="Email address").fill(address)
    page.get_by_role("button", name="Send me a code").click()
    code_field = page.get_by_role("textbox", name="Code")
    expect(code_field).to_be_visible()
    camera.take(page, "gate-code")
    code_field.fill(wait_for_outbox_code(server.home, address))
    page.get_by_role("button", name="Confirm").click()
    expect(code_field).to_be_hidden(timeout=20_000)
    wait_until_settled(page)
    page.wait_for_timeout(2_000)
    camera.take(page, "gate-document")


def _picture_dead_link(page: Page, server: Server, camera: Camera) -> None:
    page.goto(f"{server.address}/v/1-AAAAAAAAAAAAAAAAAAAAAA")
    camera.take(page, "dead-link")


def _picture_owner_pages(page: Page, server: Server, camera: Camera) -> None:
    page.goto(ask_sign_in_address(server))
    camera.take(page, "sign-in")
    page.get_by_role("button").click()
    page.wait_for_url("**/contacts**")
    for name in OWNER_PAGES:
        page.goto(f"{server.address}/{name}")
        wait_until_settled(page)
        camera.take(page, name)
    for name, tab in CHART_TABS.items():
        page.goto(f"{server.address}/contacts?period=90d")
        page.get_by_role("tab", name=tab).click()
        wait_until_settled(page)
        # What is above them is the picture of the list.
        camera.take(page, name, part='[data-testid="stTabs"]')
    page.goto(f"{server.address}/contacts")
    page.get_by_role("button", name="Export").click()
    expect(page.get_by_role("combobox", name="Format or tool")).to_be_visible()
    wait_until_settled(page)
    camera.take(page, "export")
    _picture_saved_view(page, server, camera)
    _picture_compared(page, server, camera)
    busiest = _find_busiest_contact(page, server)
    for name, tab in DRAWER_TABS.items():
        page.goto(f"{server.address}/contacts?contact={busiest}")
        page.get_by_role("tab", name=tab).click()
        wait_until_settled(page)
        camera.take(page, name)


def _find_busiest_contact(page: Page, server: Server) -> str:
    page.goto(f"{server.address}/contacts?sort=access_count")
    chooser = page.get_by_role("combobox", name="Open a contact")
    wait_until_settled(page)
    # A list that has just been opened closes when the page still scrolls.
    chooser.scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    chooser.click()
    page.get_by_role("option").first.click()
    page.wait_for_url("**contact=*")
    return page.url.rpartition("contact=")[2]


def _picture_saved_view(page: Page, server: Server, camera: Camera) -> None:
    """A shared view of three filters, one of which is taken away again."""
    page.goto(f"{server.address}/contacts?type=whatsapp&country=DE,IN&quiet=30&sort=access_count")
    wait_until_settled(page)
    save_shared_view(page, SAVED_VIEWS[camera.look])
    # Loaded again, the page tells nothing of the saving.
    page.reload()
    page.locator(".st-key-contacts_chips").get_by_role("button", name="Quiet for").click()
    expect(page.get_by_text("Changed", exact=True)).to_be_visible()
    wait_until_settled(page)
    camera.take(page, "saved-view")


def _picture_compared(page: Page, server: Server, camera: Camera) -> None:
    page.goto(f"{server.address}/same_person")
    page.get_by_role("button", name="Compare and merge").first.click()
    expect(page.get_by_label("As one contact")).to_be_visible()
    expect(page.get_by_role("radio").first).to_be_attached()
    wait_until_settled(page)
    camera.take(page, "same-person-compared")


def _picture_signing_in(owner: Page, analyst: Page, server: Server, camera: Camera) -> None:
    """Invite, join, set up a second factor, and sign in with it; the member is removed again."""
    email = f"{camera.look}@example.com"
    link = invite_on_page(owner, server, email)
    camera.take(owner, "members-link")
    analyst.goto(link)
    camera.take(analyst, "join")
    join_by_link(analyst, link, "Ann Lyst")
    analyst.goto(f"{server.address}/profile")
    analyst.get_by_role("button", name="Set up an authenticator app").click()
    expect(analyst.get_by_alt_text("QR code with the key")).to_be_visible()
    camera.take(analyst, "second-factor")
    turn_totp_on_page(analyst)
    camera.take(analyst, "recovery-codes")
    sign_out_on_page(analyst)
    camera.take(analyst, "sign-in-password")
    give_password(analyst, server, email)
    expect(analyst.get_by_role("textbox", name="Code")).to_be_visible()
    camera.take(analyst, "sign-in-code")
    remove_on_page(owner, server, email)


def _wait_until_drawn(page: Page) -> None:
    # Charts and tables draw themselves a moment after the script has ended.
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(800)


def _copy_readme_pictures() -> None:
    README_PICTURES.mkdir(parents=True, exist_ok=True)
    readme = (ROOT / "README.md").read_text("utf-8")
    for name in re.findall(r"\(docs/pictures/([\w-]+\.png)\)", readme):
        with Image.open(ALL_PICTURES / name) as picture:
            tallest = NARROW_README_HEIGHT if picture.width == NARROW[0] else README_HEIGHT
            height = min(picture.height, round(picture.width * tallest))
            # 256 colours are plenty for flat pages, and a third of the bytes.
            small = picture.convert("RGB").crop((0, 0, picture.width, height)).quantize(256)
            small.save(README_PICTURES / name, optimize=True)


if __name__ == "__main__":
    main()
