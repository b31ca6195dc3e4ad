"""A gate with a real database and a real outbox, and the people who stand at it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from data.accounts import insert_account
from data.database import Database
from data.links import NewShareLink, insert_share_link
from data.records import Account, Channel, Plan, ShareLink
from data.workspaces import insert_workspace
from gate.challenges import find_awaited_challenge
from gate.codes import Pepper, secret_hash
from gate.deliveries import open_queues
from gate.delivery.deliverer import Deliverer
from gate.delivery.outbox import OutboxDeliverer, find_outbox_messages
from gate.entries import read_entry, submit_entry
from gate.identifiers import parse_email, parse_whatsapp
from gate.passes import Grant, claim_grant
from gate.visits import Gate, Visit

if TYPE_CHECKING:
    from tests.gate.hooked import Hooked

LinkMaker = Callable[..., ShareLink]


@dataclass(frozen=True)
class Desk:
    """The gate, and where its codes arrive."""

    gate: Gate
    outbox: Path

    def newest_code(self, now: datetime, address: str = "") -> str:
        self.send()
        messages = find_outbox_messages(self.outbox, now)
        return next(one.code for one in messages if address in one.address)

    def send(self) -> None:
        """Carry out what the queues hold."""
        for queue in self.gate.queues.values():
            queue.work_off()


@pytest.fixture
def desk(db: Database, tmp_path: Path, now: datetime) -> Desk:
    outbox = tmp_path / "outbox"
    outbox.mkdir(mode=0o700)
    deliverer = OutboxDeliverer(outbox)
    with db.transaction() as tx:
        insert_account(tx, Account("Northwind", Plan.BUSINESS, "UTC", now))
    return Desk(open_gate(db, deliverer, now), outbox)


def open_gate(db: Database, deliverer: Deliverer, now: datetime) -> Gate:
    """A gate whose queues send only when they are told to."""
    deliverers = {Channel.EMAIL: deliverer, Channel.WHATSAPP: deliverer}
    queues = open_queues(db, deliverers, lambda: now, workers=0)
    return Gate(db, Pepper(b"p" * 32), queues)


@pytest.fixture
def add_link(db: Database, now: datetime) -> LinkMaker:
    with db.transaction() as tx:
        workspace = insert_workspace(tx, "Fundraising", now)

    def add(slug: str, **rules: object) -> ShareLink:
        new = NewShareLink(
            slug=slug, name="Deck", workspace_id=workspace.workspace_id, pass_seconds=86_400
        )
        with db.transaction() as tx:
            return insert_share_link(tx, replace(new, **rules), now)  # type: ignore[arg-type]

    return add


@pytest.fixture
def verified_link(add_link: LinkMaker) -> ShareLink:
    return add_link("verified", requires_email=True, verifies_email=True)


@pytest.fixture
def link(add_link: LinkMaker) -> ShareLink:
    """A link that asks for an email and proves nothing."""
    return add_link("open", requires_email=True)


@pytest.fixture
def hooked(desk: Desk, now: datetime) -> "Iterator[Hooked]":
    """The desk with a webhook that is told of everything."""
    # It stands on this module itself.
    from tests.gate.hooked import hooked_desk

    with hooked_desk(desk, now) as made:
        yield made


def visit_of(browser: str, link: ShareLink, now: datetime) -> Visit:
    """A visit of the browser with this cookie."""
    return Visit(secret_hash(browser), link.slug, now)


def ask_for_code(desk: Desk, visit: Visit, email: str = "ada@example.com") -> tuple[int, str]:
    """The challenge that an email address starts, and the code that arrives for it."""
    submit_entry(desk.gate, visit, [parse_email(email)])
    return awaited(desk, visit), desk.newest_code(visit.now, email)


def awaited(desk: Desk, visit: Visit) -> int:
    """The challenge that this browser has to answer now."""
    entry = read_entry(desk.gate, visit)
    assert entry is not None
    challenge = find_awaited_challenge(desk.gate, entry)
    assert challenge is not None
    return challenge.challenge_id


def wrong(code: str) -> str:
    """Six digits that are not this code."""
    return f"{(int(code) + 1) % 1_000_000:06}"


def pass_unverified(
    desk: Desk, browser: str, link: ShareLink, now: datetime, *addresses: str
) -> str:
    """The cookie of a browser that went through a gate that verifies nothing."""
    identifiers = [
        parse_email(text) if "@" in text else parse_whatsapp(text, None) for text in addresses
    ]
    grant = submit_entry(desk.gate, visit_of(browser, link, now), identifiers)
    assert isinstance(grant, Grant)
    return claim_grant(desk.gate.db, secret_hash(browser), grant.token, now)


def later(now: datetime, **span: float) -> datetime:
    """`now` and a span such as `seconds=60`."""
    return now + timedelta(**span)
