"""Codes by email: one conversation with the operator's mail server, and why it failed.

What the mail says is in `gate/delivery/letter.py`; trying again later is decided elsewhere.
"""

import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from data.records import Identifier
from gate.delivery.deliverer import CodeMessage, FailureKind, SendingFailed
from gate.delivery.letter import write_letter
from gate.errors import InvalidIdentifier
from gate.identifiers import parse_email

# Seconds after which a mail server is asked again, while the code lives (GATE.md §8).
RETRY_DELAYS = (15.0, 60.0)

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

# The first that fits is told to the owner. A server's own text may repeat the viewer's address,
# so it is never passed on.
_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (smtplib.SMTPAuthenticationError, "The mail server refused the user name or password"),
    (smtplib.SMTPNotSupportedError, "The mail server does not offer STARTTLS or a sign-in"),
    (smtplib.SMTPSenderRefused, "The mail server refused the sender address"),
    (smtplib.SMTPResponseException, "The mail server refused the message"),
    (smtplib.SMTPServerDisconnected, "The mail server did not answer in time or hung up"),
    (smtplib.SMTPException, "The mail server could not be signed in to"),
    (TimeoutError, "The mail server did not answer in time or hung up"),
    (ssl.SSLCertVerificationError, "The mail server's certificate is not trusted"),
    (ssl.SSLError, "No secure connection to the mail server could be made"),
    (OSError, "The mail server cannot be reached"),
    (ValueError, "The mail server's name, user or password has characters that mail cannot carry"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpServer:
    """The operator's mail server and how to talk to it.

    `sender` is a plain address. `ca_file` is trusted besides the system's authorities.
    `connect_seconds` bounds the connection and its greeting, `timeout_seconds` each answer after
    that, `total_seconds` the whole conversation.
    """

    host: str
    port: int
    sender: str
    tls: Literal["starttls", "tls", "none"] = "starttls"
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    ca_file: Path | None = None
    connect_seconds: float = 5
    timeout_seconds: float = 10
    total_seconds: float = 30


@dataclass(frozen=True, slots=True)
class SmtpDeliverer:
    """Sends each code as a mail of its own, over a connection of its own."""

    server: SmtpServer

    def deliver(self, message: CodeMessage) -> None:
        """Hand the code to the mail server; returning means accepted, not arrived.

        Raises:
            SendingFailed: permanent if the server refused this very address for good (5xx).
        """
        recipient = choose_recipient(message.recipient)
        self.send_letter(recipient, write_letter(message, self.server.sender, recipient))

    def send_letter(self, recipient: str, letter: bytes) -> None:
        """Hand a finished mail to the mail server, for this recipient.

        Raises:
            SendingFailed: as `deliver`.
        """
        try:
            with _converse(self.server) as smtp:
                smtp.sendmail(self.server.sender, [recipient], letter)
        # Not chained: these exceptions carry the viewer's address and the server's words.
        except smtplib.SMTPDataError as refusal:
            raise _judge_data_error(refusal) from None
        except smtplib.SMTPRecipientsRefused as refusal:
            code = refusal.recipients[recipient][0]
            reason = f"The mail server refused the recipient ({code})"
            if 500 <= code < 600:
                raise SendingFailed(reason, FailureKind.ADDRESS) from None
            raise SendingFailed(reason, FailureKind.BUSY, retry_delays=RETRY_DELAYS) from None
        except (OSError, ValueError) as failure:
            raise _judge(failure) from None

    def probe(self) -> None:
        """Begin a mail as `deliver` does, up to its sender, and break it off.

        Raises:
            SendingFailed: the server is out of reach, or refuses us or our sender address.
        """
        try:
            with _converse(self.server) as smtp:
                smtp.ehlo_or_helo_if_needed()
                code, answer = smtp.mail(self.server.sender)
                if code != 250:
                    raise smtplib.SMTPSenderRefused(code, answer, self.server.sender)
                smtp.rset()
        except (OSError, ValueError) as failure:
            raise _judge(failure) from None


def choose_recipient(identifier: Identifier) -> str:
    """The address as it was typed; an IDN domain as its A-label, which every server takes.

    Raises:
        SendingFailed: it is no email address.
    """
    typed = identifier.typed
    try:
        address = parse_email(typed).address
    except InvalidIdentifier:
        reason = "The recipient is not an email address"
        raise SendingFailed(reason, FailureKind.ADDRESS) from None
    return typed if typed.isascii() else address


@contextmanager
def _converse(server: SmtpServer) -> Iterator[smtplib.SMTP]:
    """A connection that is secured and signed in as the settings say, closed in every case."""
    if server.tls == "none" and server.host not in _LOOPBACK:
        reason = "Without TLS only a mail server on this machine may be used"
        raise SendingFailed(reason, FailureKind.REFUSED)
    trust = ssl.create_default_context()
    if server.ca_file is not None:
        trust.load_verify_locations(server.ca_file)
    smtp = _prepare(server, trust)
    # Each answer has its own limit; a server that drips single characters would meet none.
    hang_up = threading.Timer(server.total_seconds, _cut, [smtp])
    hang_up.daemon = True
    hang_up.start()
    try:
        _begin(smtp, server, trust)
        yield smtp
        # Accepted is accepted, however the goodbye goes.
        with suppress(OSError):
            smtp.quit()
    finally:
        hang_up.cancel()
        smtp.close()


def _prepare(server: SmtpServer, trust: ssl.SSLContext) -> smtplib.SMTP:
    """An unconnected conversation; our name in it is given, as finding it can take seconds."""
    own_name = server.sender.partition("@")[2]
    smtp = (
        smtplib.SMTP_SSL(local_hostname=own_name, timeout=server.connect_seconds, context=trust)
        if server.tls == "tls"
        else smtplib.SMTP(local_hostname=own_name, timeout=server.connect_seconds)
    )
    # smtplib checks the certificate against this name, and sets it only when it connects in its
    # constructor, where nothing could cut a slow greeting off.
    smtp._host = server.host  # type: ignore[attr-defined]
    return smtp


def _begin(smtp: smtplib.SMTP, server: SmtpServer, trust: ssl.SSLContext) -> None:
    code, _ = smtp.connect(server.host, server.port)
    if code != 220:
        raise smtplib.SMTPConnectError(code, b"")
    if smtp.sock is not None:
        smtp.sock.settimeout(server.timeout_seconds)
    if server.tls == "starttls":
        smtp.starttls(context=trust)
    if server.user is not None:
        smtp.login(server.user, server.password or "")


def _cut(smtp: smtplib.SMTP) -> None:
    """End the conversation from another thread: whoever waits for an answer gets none."""
    connection = smtp.sock
    if connection is not None:
        with suppress(OSError):
            socket.socket.shutdown(connection, socket.SHUT_RDWR)


def _judge_data_error(refusal: smtplib.SMTPDataError) -> SendingFailed:
    """What it means that the server read the mail and would not have it."""
    if 400 <= refusal.smtp_code < 500:
        return _judge(refusal)
    return SendingFailed(_explain(refusal), FailureKind.MESSAGE)


def _judge(failure: Exception) -> SendingFailed:
    """What the failure of a conversation means; greylisting and full servers answer 4xx."""
    reason = _explain(failure)
    if isinstance(failure, smtplib.SMTPResponseException) and 400 <= failure.smtp_code < 500:
        return SendingFailed(reason, FailureKind.BUSY, retry_delays=RETRY_DELAYS)
    is_for_the_owner = isinstance(failure, ssl.SSLError | ValueError) or (
        isinstance(failure, smtplib.SMTPException)
        and not isinstance(failure, smtplib.SMTPServerDisconnected | smtplib.SMTPConnectError)
    )
    if is_for_the_owner:
        return SendingFailed(reason, FailureKind.REFUSED)
    return SendingFailed(reason, FailureKind.UNREACHABLE, retry_delays=RETRY_DELAYS)


def _explain(failure: Exception) -> str:
    reason = next(words for kind, words in _REASONS if isinstance(failure, kind))
    if isinstance(failure, smtplib.SMTPResponseException):
        return f"{reason} ({failure.smtp_code})"
    return reason
