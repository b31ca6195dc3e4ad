"""A gate with a webhook and its receiver, whose clock goes only when told, for tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from data.database import Database
from data.members import get_first_owner, insert_member
from data.records import Member, Role, SessionKind, ShareLink
from data.webhook_deliveries import HookDelivery, HookState, find_hook_deliveries
from data.webhooks import Webhook, WebhookKind, get_webhook
from gate.codes import secret_hash
from gate.delivery.webhook_request import HookSender
from gate.passes import read_pass
from gate.sessions import Opening, open_viewing_session
from gate.visits import Gate
from gate.webhook_post import WebhookPost
from gate.webhooks import OFFERED_KINDS, MadeSecret, WebhookWanted, add_webhook
from tests.gate.conftest import Desk, pass_unverified
from tests.gate.webhook_receiver import Receiver, running_receiver

EVERY_KIND = frozenset(OFFERED_KINDS)


@dataclass
class Hooked:
    """A desk, a receiver, the webhook that leads there, and the time."""

    desk: Desk
    receiver: Receiver
    owner: Member
    made: MadeSecret
    now: datetime
    post: WebhookPost

    @property
    def gate(self) -> Gate:
        return self.desk.gate

    @property
    def db(self) -> Database:
        return self.desk.gate.db

    @property
    def webhook_id(self) -> int:
        return self.made.webhook.webhook_id

    @property
    def webhook(self) -> Webhook:
        found = get_webhook(self.db, self.webhook_id)
        assert found is not None
        return found

    @property
    def log(self) -> list[HookDelivery]:
        return find_hook_deliveries(self.db, self.webhook_id, most=50)

    def send_after(self, **span: float) -> None:
        """Let time pass, and send what is due."""
        self.now += timedelta(**span)
        self.post.work_off()

    def visit(self, link: ShareLink, address: str = "bob@example.com") -> None:
        """Somebody passes a gate that verifies nothing, and opens the document."""
        cookie = secret_hash(pass_unverified(self.desk, address, link, self.now, address))
        live = read_pass(self.db, self.gate.pepper, cookie, link, self.now)
        assert live is not None
        open_viewing_session(self.gate, Opening(link, live, SessionKind.VIEWER, 1), self.now)


def find_owner(db: Database, now: datetime) -> Member:
    """The first owner, who is there from now on if not before."""
    owner = get_first_owner(db)
    if owner is None:
        with db.transaction() as tx:
            owner = insert_member(
                tx, email="owner@example.com", name="Owner", role=Role.OWNER, now=now
            )
    return owner


def open_hook_post(gate: Gate, clock: object, **sender: float) -> WebhookPost:
    """What sends webhooks to this machine when told to."""
    return WebhookPost(
        gate.db,
        gate.pepper,
        clock,  # type: ignore[arg-type]
        HookSender(allows_loopback=True, **sender),  # type: ignore[arg-type]
        polls=False,
    )


@contextmanager
def hooked_desk(
    desk: Desk, now: datetime, kinds: frozenset[WebhookKind] = EVERY_KIND
) -> Iterator[Hooked]:
    """The desk with a webhook that is told of these kinds."""
    with running_receiver() as receiver:
        owner = find_owner(desk.gate.db, now)
        wanted = WebhookWanted(receiver.address, kinds, allows_loopback=True)
        made = add_webhook(desk.gate, wanted, owner, now)
        hooked = Hooked(desk, receiver, owner, made, now, open_hook_post(desk.gate, lambda: now))
        hooked.post = open_hook_post(desk.gate, lambda: hooked.now, whole_seconds=0.5)
        yield hooked
        hooked.post.close()


def states(hooked: Hooked) -> list[tuple[HookState, int, int | None]]:
    """Of each delivery, newest first, how far it came, in how many tries, and the last answer."""
    return [(one.state, one.tries, one.status) for one in hooked.log]
