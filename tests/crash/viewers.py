"""Viewers who pass the gate over real WebSockets until their server is gone, and remember it."""

import http.client
import itertools
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from websockets.exceptions import WebSocketException

from benchmarks.gate_load import Page, ask
from tests.browser.mailbox import Mailbox
from tests.browser.running import Server
from tests.crash.home import MARK, UNVERIFIED, VERIFIED
from tests.crash.ledger import Ledger

# What a viewer meets when the server is gone.
GONE = (OSError, http.client.HTTPException, WebSocketException, TimeoutError)


@dataclass
class Crowd:
    """Viewers, one after another in each of a few threads, as long as there is a server.

    `wrong` is what no server should have shown to anybody.
    """

    server: Server
    mailbox: Mailbox
    ledger: Ledger
    numbers: Iterator[int]
    wrong: list[str]

    def come(self, is_over: threading.Event) -> None:
        """Pass the gate as one new viewer after another."""
        while not is_over.is_set():
            number = next(self.numbers)
            try:
                self.pass_gate(f"viewer{number}@example.com", verifies=number % 3 == 0)
            except GONE:
                return
            except AssertionError as surprise:
                if not is_over.is_set():
                    self.wrong.append(str(surprise))
                return

    def pass_gate(self, address: str, *, verifies: bool) -> None:
        """One viewer's whole way in a new browser, noted as far as it was told."""
        slug = VERIFIED if verifies else UNVERIFIED
        query = f"link={quote(slug)}"
        already_read = len(self.mailbox.find_messages(address))
        cookie = ask(self.server, "GET", f"/gate?{query}")
        with opened(Page(self.server, cookie, "gate", query)) as page:
            page.run()
            self.ledger.note(address, tries=1)
            field = page.find("text_input", "gate_email").id
            page.run({field: address}, page.find("button", "gate_address").id)
            if verifies:
                code = self.mailbox.wait_for_code(address, already_read=already_read)
                field = page.find("text_input", "gate_code").id
                page.run({field: code}, page.find("button", "gate_code").id)
            grant = read_grant(page)
        passed = ask(self.server, "POST", "/gate/claim", cookie, {"grant": grant, "link": slug})
        assert passed != cookie, f"{address} was given no pass"
        self.ledger.note(address, passes=1)
        self.open_document(passed, query, address)
        self.ledger.note(address, sessions=1)

    def open_document(self, cookie: str, query: str, address: str) -> None:
        """Open the document with a pass; whoever has one is shown it."""
        with opened(Page(self.server, cookie, "gate", query)) as page:
            page.run()
            shown = b"".join(element.SerializeToString() for element in page.elements)
            assert MARK.encode() in shown, f"{address} was not shown the document"

    def finish(self, most: int) -> None:
        """Let so many of those who were interrupted come again; nobody is refused."""
        for address in self.ledger.find_unfinished()[:most]:
            self.pass_gate(address, verifies=read_number(address) % 3 == 0)


@contextmanager
def opened(page: Page) -> Iterator[Page]:
    """The page, left in the end."""
    try:
        yield page
    finally:
        page.close()


@contextmanager
def crowded(crowd: Crowd, threads: int) -> Iterator[None]:
    """So many viewers at once while the block runs, which ends when all have left."""
    is_over = threading.Event()
    pool = [threading.Thread(target=crowd.come, args=(is_over,)) for _ in range(threads)]
    for thread in pool:
        thread.start()
    try:
        yield
    finally:
        is_over.set()
        for thread in pool:
            thread.join()


def read_grant(page: Page) -> str:
    """The one-time grant that the page hands to its browser."""
    for element in page.elements:
        if element.WhichOneof("type") == "bidi_component":
            found: Any = element.bidi_component
            if found.component_name.endswith("gatebook_claim"):
                return str(json.loads(found.json)["grant"])
    raise AssertionError(f"no grant among {[one.WhichOneof('type') for one in page.elements]}")


def read_number(address: str) -> int:
    """The number of the viewer with this address."""
    return int("".join(filter(str.isdigit, address.partition("@")[0])))


def make_numbers() -> Iterator[int]:
    """A number for each viewer; `next` on it is one step, so that threads may share it."""
    return itertools.count(1)
