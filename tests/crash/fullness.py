"""A server whose disk is filled while viewers pass its gate, and emptied again."""

import time
from html import escape
from pathlib import Path
from urllib.parse import quote

from benchmarks.gate_load import Page, ask
from pages.ui.words import say
from tests.browser.mailbox import Mailbox
from tests.crash.home import UNVERIFIED, furnish, start_server
from tests.crash.ledger import Ledger, compare_home
from tests.crash.small_disk import filled
from tests.crash.viewers import Crowd, crowded, make_numbers, opened, read_grant

VIEWERS_AT_ONCE = 3
REFUSED = 5


def fill_while_viewers_come(disk: Path, mailbox: Mailbox) -> tuple[list[str], int]:
    """What is wrong in the end, and how many viewers read that nothing could be saved."""
    home, ledger = disk / "home", Ledger()
    furnish(home)
    running = start_server(home, mailbox.settings)
    try:
        running.wait_until_ready()
        crowd = Crowd(running.server, mailbox, ledger, make_numbers(), [])
        with crowded(crowd, VIEWERS_AT_ONCE):
            time.sleep(1)
        with filled(disk):
            told = sum(meet_full_disk(crowd) for _ in range(REFUSED))
        crowd.finish(most=3)
    finally:
        running.kill()
    return crowd.wrong + compare_home(home, ledger, disk.with_name("copy")), told


def meet_full_disk(crowd: Crowd) -> bool:
    """Whether a new viewer read that it could not be saved; else it was, in what space was left."""
    address, query = f"viewer{next(crowd.numbers)}@example.com", f"link={quote(UNVERIFIED)}"
    cookie = ask(crowd.server, "GET", f"/gate?{query}")
    with opened(Page(crowd.server, cookie, "gate", query)) as page:
        page.run()
        crowd.ledger.note(address, tries=1)
        field = page.find("text_input", "gate_email").id
        page.run({field: address}, page.find("button", "gate_address").id)
        shown = b"".join(element.SerializeToString() for element in page.elements)
        is_told = escape(say("refused.storage_failed")).encode() in shown
        # The log's last page may still have had room: then the viewer was let in.
        return is_told or not read_grant(page)
