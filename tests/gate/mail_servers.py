"""Mail servers to send to: a real one that keeps what it got, and one that says anything."""

import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from gate.delivery.smtp import SmtpServer

SENDER = "codes@gatebook.example"


@dataclass
class Mailbox:
    """What a mail server received, and what it answers to each command when told to."""

    rcpt_answer: str | None = None
    data_answer: str = "250 OK"
    envelopes: list[Envelope] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.rcpt_answer is not None:
            return self.rcpt_answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        self.envelopes.append(envelope)
        return self.data_answer


@dataclass(frozen=True)
class Certificate:
    """A certificate for localhost, signed by itself, in files."""

    certificate: Path
    key: Path

    def context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        return context


def make_certificate(folder: Path) -> Certificate:
    """A certificate for the name localhost, and for no address."""
    made = Certificate(folder / "localhost.pem", folder / "localhost.key")
    command = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
        " -subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout localhost.key"
        " -out localhost.pem"
    )
    subprocess.run(command.split(), cwd=folder, check=True, capture_output=True)
    return made


def check_login(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, auth_data: object
) -> AuthResult:
    """Lets in the user gatebook with the password s3cret."""
    is_right = auth_data == LoginPassword(b"gatebook", b"s3cret")
    return AuthResult(success=is_right, handled=False)


def free_port() -> int:
    """A port of this machine on which nobody listens."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def mail_server(mailbox: Mailbox, **options: Any) -> Iterator[SmtpServer]:
    """A real mail server on loopback; `options` are those of aiosmtpd."""
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    try:
        yield SmtpServer(host="127.0.0.1", port=controller.port, sender=SENDER, tls="none")
    finally:
        controller.stop()


@contextmanager
def scripted_server(talk: Callable[[socket.socket], None]) -> Iterator[SmtpServer]:
    """A server that says what `talk` says to its one visitor, with short limits for the test."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with closing(connection):
                talk(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        yield SmtpServer(
            host="127.0.0.1", port=listener.getsockname()[1], sender=SENDER, tls="none",
            connect_seconds=0.3, timeout_seconds=0.3, total_seconds=1,
        )  # fmt: skip
        thread.join()


def accept_and_hang_up(connection: socket.socket) -> None:
    """Take one mail and leave without waiting for the goodbye."""
    connection.sendall(b"220 mx\r\n")
    reader = connection.makefile("rb")
    for answer in (b"250 mx\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n"):
        reader.readline()
        connection.sendall(answer)
    while reader.readline() != b".\r\n":
        pass
    connection.sendall(b"250 accepted\r\n")
    reader.close()
