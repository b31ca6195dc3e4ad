"""What every way of sending a code can do: the one protocol with several implementations."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from data.records import Identifier


class FailureKind(StrEnum):
    """What a failure means for whoever waits for the code.

    `ADDRESS`: this address will never get one; nothing is said at the gate. `BUSY`: told to come
    back, so nothing is said while more tries are left. `UNREACHABLE`: said at once, and tried
    again. `REFUSED`: the owner has to change something. `MESSAGE`: this one was refused, which
    says nothing of the next. `UNKNOWN`: it may have gone out, so it is never sent again by itself.
    `STOPPED`: the channel sends nothing more until the owner acts.
    """

    ADDRESS = "address"
    BUSY = "busy"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    MESSAGE = "message"
    UNKNOWN = "unknown"
    STOPPED = "stopped"


class SendingFailed(Exception):
    """The code was not handed over; `reason` is for the owner, never for the viewer.

    `retry_delays` are the seconds after which it is worth another try, one by one.
    """

    def __init__(
        self, reason: str, kind: FailureKind, *, retry_delays: tuple[float, ...] = ()
    ) -> None:
        """Keep why, what it means, and when another try could help."""
        super().__init__(reason)
        self.reason = reason
        self.kind = kind
        self.retry_delays = retry_delays


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeMessage:
    """One code on its way to one identifier.

    `share_link_name` and `account_name` are people's words: unsafe in a header until cleaned.
    `message_id` is unique for each sending. `language` is the viewer's, as two letters.
    """

    recipient: Identifier
    code: str
    share_link_name: str
    account_name: str
    sent_at: datetime
    expires_at: datetime
    message_id: str
    language: str = "en"


class Deliverer(Protocol):
    """Hands one code over for delivery."""

    def deliver(self, message: CodeMessage) -> str | None:
        """Hand the code over; returning means accepted, not arrived.

        The provider's own number of the message, if it gives one by which it tells more later.

        Raises:
            SendingFailed: it was refused, or nobody answered in time.
        """
        ...

    def probe(self) -> None:
        """Go the same way to the provider, and hand nothing over.

        Raises:
            SendingFailed: as `deliver` would, as far as it does not depend on the message.
        """
        ...
