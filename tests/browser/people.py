"""People at their browsers: a page of their own, watched for errors and for foreign requests."""

import os
import shutil
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Request,
    expect,
)

from tests.browser.running import Server, ask_sign_in_address

# Two cores draw a page, run a server and drive them: what is waited for comes, if late.
expect.set_options(timeout=20_000)

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Headless Chromium calls itself a robot, and is one to the gate unless it says otherwise.
PERSONS_AGENT = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/156.0.0.0 Safari/537.36"
)
OWN_HOSTS = {"127.0.0.1", "localhost"}
WIDE = (1440, 900)
NARROW = (390, 844)


def find_chromium() -> str:
    """The path of the machine's Chromium: `CHROMIUM`, else the first of the usual names."""
    for name in (os.environ.get("CHROMIUM", ""), *CHROMIUM_NAMES):
        if path := shutil.which(name):
            return path
    raise AssertionError("There is no Chromium. `./run test` installs it or says how.")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at a browser that shares nothing with anybody else's."""

    context: BrowserContext
    page: Page
    troubles: list[str] = field(default_factory=list)

    def open_tab(self) -> Page:
        """One more tab of the same browser, watched like the first."""
        page = self.context.new_page()
        _watch_page(page, self.troubles)
        return page


def seat_person(
    browser: Browser, *, size: tuple[int, int] = WIDE, theme: str = "light", locale: str = "en-US"
) -> Person:
    """A person at a new browser window, with no cookie of anybody."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if theme == "dark" else "light",
        locale=locale,
        timezone_id="UTC",
        user_agent=PERSONS_AGENT,
    )
    person = Person(context, context.new_page())
    _watch_page(person.page, person.troubles)
    return person


def sign_in_owner(page: Page, server: Server) -> None:
    """Sign in with a new one-time address and its button, and arrive at the contacts."""
    page.goto(ask_sign_in_address(server))
    page.get_by_role("button").click()
    page.wait_for_url("**/contacts**")
    wait_until_settled(page)


def wait_until_settled(page: Page) -> None:
    """Return when Streamlit's script has run to its end and the fonts are there."""
    app = page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]')
    expect(app).to_be_visible(timeout=30_000)
    expect(page.locator('[data-testid="stSkeleton"]')).to_have_count(0)
    _wait_for_fonts(page)


def wait_until_drawn(page: Page) -> None:
    """Return when what was clicked just now is drawn too, and nothing is faded as outdated."""
    # The run that a click asks for begins a moment later.
    page.wait_for_timeout(500)
    wait_until_settled(page)
    expect(page.locator('[data-stale="true"]')).to_have_count(0)


def _wait_for_fonts(page: Page) -> None:
    # Not wait_for_function: it evaluates text in the page, which the page's policy forbids.
    for _ in range(100):
        try:
            if page.evaluate("document.fonts.status") == "loaded":
                return
        except Error:
            # The page was left for the next one in the meantime.
            page.wait_for_load_state()
        page.wait_for_timeout(100)


def _watch_page(page: Page, troubles: list[str]) -> None:
    def note_console(message: ConsoleMessage) -> None:
        address = message.location.get("url", "")
        # Streamlit looks for its server below the page's own address first, and gets a 404 there.
        is_its_search = urlsplit(address).path.endswith(("/_stcore/health", "/_stcore/host-config"))
        if message.type == "error" and not is_its_search:
            troubles.append(f"console: {message.text} ({address})")

    def note_request(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https"} and parts.hostname not in OWN_HOSTS:
            troubles.append(f"third party: {request.url}")

    page.on("console", note_console)
    page.on("pageerror", lambda error: troubles.append(f"page error: {error}"))
    page.on("request", note_request)
