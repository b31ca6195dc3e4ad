"""What the whole process shares: settings, database, clock, secrets and queues.

Made once, at start. Nobody else reads the wall clock or opens the database.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from data.database import Database
from data.kept_answers import KeptAnswers
from data.records import Channel
from gate.codes import Pepper
from gate.delivery.deliverer import Deliverer
from gate.delivery.post import MemberPost
from gate.delivery.queue import SendingQueue
from gate.settings import Settings
from gate.visits import Gate
from gate.webhook_post import WebhookPost


@dataclass(frozen=True, slots=True)
class Runtime:
    """Everything that a request or a page needs from the process.

    `clock` gives the present instant in UTC. Whoever has `control_key`, which only this home's
    owner can read, may ask the running server for a sign-in address. `post` mails invitations,
    where a mail server is set up. `webhooks` sends what they are to be told. `started_at` is when
    the process began to serve.
    """

    settings: Settings
    db: Database
    clock: Callable[[], datetime]
    pepper: Pepper
    queues: Mapping[Channel, SendingQueue]
    control_key: str = field(repr=False)
    post: MemberPost | None = None
    webhooks: WebhookPost | None = None
    started_at: datetime | None = None

    @property
    def gate(self) -> Gate:
        """What the gate's decisions need of the process."""
        return Gate(self.db, self.pepper, self.queues, self.settings.gate_limits())

    @property
    def deliverers(self) -> Mapping[Channel, Deliverer]:
        """What sends the codes of each channel."""
        return {channel: queue.deliverer for channel, queue in self.queues.items()}

    @property
    def documents(self) -> Path:
        """The folder that holds documents' bytes."""
        return self.settings.home / "documents"

    @property
    def outbox(self) -> Path:
        """The folder that holds codes when no sender is configured."""
        return self.settings.home / "outbox"

    @property
    def backups(self) -> Path:
        """The folder that holds backups."""
        return self.settings.find_backup_folder()

    @property
    def origin(self) -> str:
        """The address that share links begin with, without a slash at its end."""
        return self.settings.base_url()


def read_wall_clock() -> datetime:
    """The present instant in UTC: the only call of its kind in the product."""
    return datetime.now(UTC)


_lock = threading.Lock()
_shared: Runtime | None = None
_answers: KeptAnswers | None = None


class NotStarted(Exception):
    """A page ran outside a started server."""


def set_runtime(runtime: Runtime | None) -> None:
    """Share this runtime with every page and route; None ends the sharing."""
    global _shared, _answers
    with _lock:
        _shared = runtime
        _answers = None if runtime is None else KeptAnswers(runtime.db)


def get_runtime() -> Runtime:
    """The runtime of this process.

    Raises:
        NotStarted: the server has not started it.
    """
    if _shared is None:
        raise NotStarted
    return _shared


def get_reader() -> KeptAnswers:
    """What a page asks; an answer holds until something is saved.

    Raises:
        NotStarted: the server has not started it.
    """
    if _answers is None:
        raise NotStarted
    return _answers


def is_started() -> bool:
    """Whether this process has a runtime to share."""
    return _shared is not None
