"""The gate alone in a process of its own, without pages: viewers pass it many times a second.

    python -m tests.crash.gate_process HOME FIRST_NUMBER

Prints a line as soon as a viewer was told something: the kind, a space, the address.
"""

import itertools
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue

from data.database import Database
from data.links import get_share_link
from data.records import Channel, SessionKind
from gate.challenges import answer_challenge, find_awaited_challenge
from gate.codes import read_pepper, secret_hash
from gate.deliveries import open_queues, void_unsent
from gate.delivery.deliverer import CodeMessage
from gate.entries import submit_entry
from gate.identifiers import parse_email
from gate.limits import adjust_limits
from gate.passes import Grant, claim_grant, read_pass
from gate.sessions import Opening, open_viewing_session
from gate.visits import Gate, Visit
from pages.terminal.log import quiet_logs
from pages.ui.runtime import read_wall_clock
from tests.crash.home import RAISED, UNVERIFIED, VERIFIED
from tests.crash.ledger import DATABASE

THREADS = 4


class Postman:
    """Hands each code to whoever waits for it, in this process."""

    def __init__(self) -> None:
        """Begin with nobody waiting."""
        self._codes: dict[str, SimpleQueue[str]] = {}

    def deliver(self, message: CodeMessage) -> str | None:
        """Hand the code over."""
        self._codes[message.recipient.address].put(message.code)
        return None

    def probe(self) -> None:
        """There is nothing to try."""

    def expect(self, address: str) -> "SimpleQueue[str]":
        """Where this address's code will arrive."""
        return self._codes.setdefault(address, SimpleQueue())


def tell(kind: str, address: str) -> None:
    """Say that this viewer was told so: one write, whole or not at all."""
    os.write(sys.stdout.fileno(), f"{kind} {address}\n".encode())


def pass_through(gate: Gate, postman: Postman, number: int) -> None:
    """One viewer's whole way, each step told as soon as it is answered."""
    address, browser = f"viewer{number}@example.com", secret_hash(f"browser {number}")
    visit = Visit(browser, VERIFIED if number % 3 == 0 else UNVERIFIED, read_wall_clock())
    code = postman.expect(address)
    tell("tries", address)
    entered = submit_entry(gate, visit, [parse_email(address)])
    if not isinstance(entered, Grant):
        challenge = find_awaited_challenge(gate, entered)
        assert challenge is not None
        answered = answer_challenge(gate, visit, challenge.challenge_id, code.get(timeout=10))
        assert isinstance(answered, Grant)
        entered = answered
    cookie = claim_grant(gate.db, browser, entered.token, read_wall_clock())
    tell("passes", address)
    link = get_share_link(gate.db, visit.slug)
    assert link is not None
    now = read_wall_clock()
    live = read_pass(gate.db, gate.pepper, secret_hash(cookie), link, now)
    assert live is not None
    open_viewing_session(gate, Opening(link, live, SessionKind.VIEWER, 1), now)
    tell("sessions", address)


def come_and_go(gate: Gate, postman: Postman, numbers: Iterator[int]) -> None:
    """One viewer after another; whatever breaks is told and ends this process."""
    try:
        while True:
            pass_through(gate, postman, next(numbers))
    except BaseException as failure:
        tell("broke", repr(failure))
        os._exit(1)


def main() -> None:
    """Let viewers pass until the process is killed."""
    quiet_logs()
    home, first = Path(sys.argv[1]), int(sys.argv[2])
    db, postman = Database(home / DATABASE), Postman()
    void_unsent(db, read_wall_clock())
    queues = open_queues(db, {Channel.EMAIL: postman}, read_wall_clock)
    gate = Gate(db, read_pepper(home, None), queues, adjust_limits(RAISED))
    numbers = itertools.count(first)
    for _ in range(THREADS):
        threading.Thread(target=come_and_go, args=(gate, postman, numbers)).start()


if __name__ == "__main__":
    main()
