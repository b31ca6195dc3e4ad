"""A download on its way, as its member sees it: counted as it is read, gone with its reader."""

import re
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from data.database import Database
from tests.browser.forked import forked_server
from tests.browser.people import Person, sign_in_owner, wait_until_settled
from tests.browser.running import Server
from tests.data.exports import add_many

CONTACTS = 100_000


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An account of so many people that their file does not fit between server and reader."""
    home = Path(tmp_path_factory.mktemp("running")) / "home"
    with forked_server(home, demo=False):
        pass
    db = Database(home / "gatebook.duckdb")
    add_many(db, CONTACTS)
    db.close()
    with forked_server(home, demo=False) as server:
        yield server


def start_slow_download(person: Person, server: Server, path: str) -> socket.socket:
    """A reader with the person's cookies, who takes nothing by itself."""
    where = urlsplit(server.address)
    cookies = "; ".join(f"{one['name']}={one['value']}" for one in person.context.cookies())
    reader = socket.socket()
    reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
    reader.settimeout(30)
    reader.connect((where.hostname, where.port))
    head = (f"GET {path} HTTP/1.1", f"Host: {where.netloc}", f"Cookie: {cookies}", "")
    reader.sendall("".join(f"{line}\r\n" for line in head).encode())
    assert reader.recv(64).startswith(b"HTTP/1.1 200")
    return reader


def open_popover(page: Page, server: Server) -> Locator:
    page.goto(f"{server.address}/contacts")
    wait_until_settled(page)
    page.get_by_role("button", name="Export…").click()
    return page.get_by_test_id("stPopoverBody")


def rows_told(line: Locator) -> int:
    found = re.search(r": ([\d,]+) of 100,000 rows", line.inner_text())
    assert found
    return int(found[1].replace(",", ""))


def test_a_download_is_counted_while_it_runs_and_gone_when_its_reader_leaves(
    desk: Server, owner: Person
) -> None:
    sign_in_owner(owner.page, desk)
    popover = open_popover(owner.page, desk)
    line = popover.get_by_test_id("stProgress")
    expect(popover.get_by_role("link", name="Download (100,000 contacts)")).to_be_visible()
    expect(line).to_have_count(0)
    with closing(start_slow_download(owner, desk, "/export/contacts.jsonl")) as reader:
        expect(line).to_contain_text(re.compile(r"gatebook-contacts-.*\.jsonl: [\d,]+ of 100,000"))
        before = rows_told(line)
        assert before < CONTACTS
        taken = 0
        while taken < 6_000_000:
            taken += len(reader.recv(1 << 16))
        expect(line).not_to_contain_text(f": {before:,} of")
        assert before < rows_told(line) < CONTACTS
    expect(line).to_have_count(0)
