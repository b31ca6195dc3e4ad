"""A receiver of webhooks over loopback: it takes what comes and answers as told.

`check_signature` is written from the specification's text and its test vector alone (Standard
Webhooks 1.0.0), and knows nothing of how we sign.
"""

import base64
import binascii
import hashlib
import hmac
import json
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.gate.loopback import answering


@dataclass(frozen=True)
class Received:
    """One request as it came."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def told(self) -> dict[str, Any]:
        return dict(json.loads(self.body))

    @property
    def kind(self) -> str:
        return str(self.told["type"])

    def is_signed_by(self, secret: str) -> bool:
        return check_signature(secret, self.headers, self.body)


@dataclass
class Receiver:
    """What came, and how it answers from now on; `statuses` are used up one by one."""

    port: int = 0
    received: list[Received] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    answer: bytes = b"ok"
    answer_headers: dict[str, str] = field(default_factory=dict)
    wait_seconds: float = 0
    drips: bool = False

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?key=s3cret"

    @property
    def kinds(self) -> list[str]:
        return [one.kind for one in self.received]

    def wait_for(self, count: int) -> list[Received]:
        """What came, once it is so many."""
        deadline = time.monotonic() + 30
        while len(self.received) < count and time.monotonic() < deadline:
            time.sleep(0.05)
        assert len(self.received) >= count, self.kinds
        return self.received


def check_signature(secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether one of the signatures is right, as a receiver of any maker would judge."""
    key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    given = {name.lower(): value for name, value in headers.items()}
    content = f"{given['webhook-id']}.{given['webhook-timestamp']}.".encode() + body
    for versioned in given["webhook-signature"].split(" "):
        version, _, signature = versioned.partition(",")
        with suppress(binascii.Error):
            wanted = hmac.new(key, content, hashlib.sha256).digest()
            mac = base64.b64decode(signature, validate=True)
            if version == "v1" and hmac.compare_digest(mac, wanted):
                return True
    return False


class _Handler(BaseHTTPRequestHandler):
    receiver: Receiver

    def do_POST(self) -> None:
        receiver = self.receiver
        body = self.rfile.read(int(self.headers["Content-Length"]))
        receiver.received.append(Received(self.path, dict(self.headers.items()), body))
        time.sleep(receiver.wait_seconds)
        # Who has waited long enough is gone.
        with suppress(ConnectionError):
            self.drip() if receiver.drips else self.tell()

    def tell(self) -> None:
        receiver = self.receiver
        self.send_response(receiver.statuses.pop(0) if receiver.statuses else 200)
        for name, value in receiver.answer_headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(receiver.answer)))
        self.end_headers()
        self.wfile.write(receiver.answer)

    def drip(self) -> None:
        """A header that never ends, a byte at a time."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        for _ in range(200):
            self.wfile.write(b"a")
            self.wfile.flush()
            time.sleep(0.05)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@contextmanager
def running_receiver(tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """A receiver that answers on a free port until the block ends, over https with `tls`."""
    receiver = Receiver()
    handler = type("_BoundHandler", (_Handler,), {"receiver": receiver})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    receiver.port = server.server_address[1]
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    with answering(server):
        yield receiver
