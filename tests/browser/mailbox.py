"""A real SMTP server at 127.0.0.1 that keeps what it is sent, so that a test can read its codes."""

import email
import email.policy
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.browser.running import find_free_port

ARRIVAL_SECONDS = 20


class Mailbox:
    """Every message that arrived, oldest first, with the addresses it was sent to."""

    def __init__(self, port: int) -> None:
        """Keep the port that the server listens on."""
        self.port = port
        self.messages: list[tuple[list[str], EmailMessage]] = []

    async def handle_DATA(  # noqa: N802 - the name that aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Keep the message and accept it."""
        content = envelope.content
        assert isinstance(content, bytes)
        message = email.message_from_bytes(content, policy=email.policy.default)
        self.messages.append((list(envelope.rcpt_tos), message))
        return "250 Kept"

    @property
    def settings(self) -> dict[str, str]:
        """The environment that makes Gatebook send its mail here."""
        return {
            "GATEBOOK_SMTP_HOST": "127.0.0.1",
            "GATEBOOK_SMTP_PORT": str(self.port),
            "GATEBOOK_SMTP_TLS": "none",
        }

    def find_messages(self, address: str) -> list[EmailMessage]:
        """The messages to this address, oldest first."""
        wanted = address.lower()
        return [
            message
            for recipients, message in self.messages
            if wanted in [recipient.lower() for recipient in recipients]
        ]

    def wait_for_code(self, address: str, *, already_read: int = 0) -> str:
        """The code in the first message to `address` after those `already_read`."""
        deadline = time.monotonic() + ARRIVAL_SECONDS
        while time.monotonic() < deadline:
            messages = self.find_messages(address)
            if len(messages) > already_read:
                return read_code(messages[already_read])
            time.sleep(0.05)
        raise AssertionError(f"No code for {address}; there is mail for {self._recipients()}")

    def _recipients(self) -> list[str]:
        return [recipient for recipients, _ in self.messages for recipient in recipients]


def read_code(message: EmailMessage) -> str:
    """The six or eight digits on the first line of the message's text."""
    part = message.get_body(("plain",))
    assert part is not None
    first_line = str(part.get_content()).strip().splitlines()[0]
    found = re.search(r"(?<!\d)\d{3}[ -]?\d{3}(?:\d{2})?(?!\d)", first_line)
    assert found, first_line
    return re.sub(r"\D", "", found[0])


@contextmanager
def running_mailbox() -> Iterator[Mailbox]:
    """A mail server on a free port, stopped when the block ends."""
    mailbox = Mailbox(find_free_port())
    controller = Controller(mailbox, hostname="127.0.0.1", port=mailbox.port)
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()
