"""What every way of sending a code can do: the one protocol with several implementations."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from data.records import Identifier


class SendingFailed(Exception):
    """The code was not handed over; `reason` is for the owner, never for the viewer.

    `is_permanent` means that this address will not work later either.
    """

    def __init__(self, reason: str, *, is_permanent: bool = False) -> None:
        """Keep why, and whether another try could help."""
        super().__init__(reason)
        self.reason = reason
        self.is_permanent = is_permanent


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeMessage:
    """One code on its way to one identifier.

    `share_link_name` and `account_name` are people's words: unsafe in a header until cleaned.
    `message_id` is unique for each sending.
    """

    recipient: Identifier
    code: str
    share_link_name: str
    account_name: str
    sent_at: datetime
    expires_at: datetime
    message_id: str


class Deliverer(Protocol):
    """Hands one code over for delivery."""

    def deliver(self, message: CodeMessage) -> None:
        """Hand the code over; returning means accepted, not arrived.

        Raises:
            SendingFailed: it was refused, or nobody answered in time.
        """
        ...
