"""What browser tests begin with: servers, a mailbox, and people who share no cookie."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.forked import forked_server, start_forked
from tests.browser.mailbox import Mailbox, running_mailbox
from tests.browser.people import CHROMIUM_FLAGS, Person, find_chromium, seat_person
from tests.browser.running import Server, Starter, running_server

FOLDER = Path(__file__).parent

NewServer = Callable[..., Server]
NewPerson = Callable[..., Person]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run these last: quick tests fail first, and Playwright keeps an event loop to the end."""
    for item in items:
        if item.path.is_relative_to(FOLDER):
            item.add_marker(pytest.mark.browser)
    items.sort(key=lambda item: item.path.is_relative_to(FOLDER))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Launch the machine's own Chromium, which asks nobody anything by itself."""
    return {
        **browser_type_launch_args,
        "executable_path": find_chromium(),
        "args": CHROMIUM_FLAGS,
    }


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a demo account, to be copied: it takes seconds to make."""
    home = tmp_path_factory.mktemp("demo") / "home"
    with running_server(home, demo=True):
        return home


@pytest.fixture(scope="session")
def start_server(tmp_path_factory: pytest.TempPathFactory, demo_home: Path) -> Iterator[NewServer]:
    """Start a Gatebook in a home of its own: `start_server(demo=False, environment={…})`."""
    with ExitStack() as servers:

        def start(
            *,
            demo: bool = False,
            environment: dict[str, str] | None = None,
            start: Starter = start_forked,
        ) -> Server:
            home = tmp_path_factory.mktemp("gatebook") / "home"
            if demo:
                shutil.copytree(demo_home, home)
            server = running_server(home, demo=demo, environment=environment, start=start)
            return servers.enter_context(server)

        yield start


@pytest.fixture(scope="session")
def mailbox() -> Iterator[Mailbox]:
    """The mail server that `mailing_server` sends its codes to."""
    with running_mailbox() as box:
        yield box


@pytest.fixture(scope="session")
def demo_server(start_server: NewServer) -> Server:
    """A Gatebook with the demo account, whose codes go to the outbox."""
    return start_server(demo=True)


@pytest.fixture
def mailing_server(tmp_path: Path, mailbox: Mailbox) -> Iterator[Server]:
    """An empty Gatebook, new for each test, that mails its codes to `mailbox`, emptied before."""
    # A code that another test's Gatebook sent to the same address opens nothing here.
    mailbox.messages.clear()
    with forked_server(tmp_path / "home", demo=False, environment=mailbox.settings) as server:
        yield server


@pytest.fixture
def new_person(browser: Browser) -> Iterator[NewPerson]:
    """Seat somebody at a new browser; at the end, no page may have had an error."""
    people: list[Person] = []

    def seat(**choices: Any) -> Person:
        people.append(seat_person(browser, **choices))
        return people[-1]

    yield seat
    for person in people:
        person.context.close()
    troubles = [trouble for person in people for trouble in person.troubles]
    assert not troubles, "\n".join(troubles)


@pytest.fixture
def owner(new_person: NewPerson) -> Person:
    """The owner at her own browser, not signed in yet."""
    return new_person()


@pytest.fixture
def viewer(new_person: NewPerson) -> Person:
    """A viewer at his own browser."""
    return new_person()
