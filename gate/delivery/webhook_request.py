"""One request to a webhook: to an address that was looked at first, and no longer than it may take.

Nothing is followed: what a receiver answers leads nowhere.
"""

import http.client
import re
import socket
import ssl
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from gate.delivery.webhook_address import (
    AddressRefused,
    IpAddress,
    WebhookTarget,
    parse_webhook_address,
    resolve_target,
)
from gate.names import clean_name

MOST_ANSWER_BYTES = 1_024
# To connect to each address, and for all of it together, from the name to the answer.
CONNECT_SECONDS = 5.0
WHOLE_SECONDS = 15.0
_MOST_ADDRESSES = 3
_LATE = "It did not answer in time"
_SECONDS = re.compile(r"\d{1,9}")


class HookFailed(Exception):
    """There was no answer; `reason` is for the owner. Another try may go better."""

    def __init__(self, reason: str) -> None:
        """Keep why."""
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class HookAnswer:
    """What a receiver answered: its status, the beginning of its text, and how long to wait."""

    status: int
    told: str
    retry_after_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class HookSender:
    """Sends to webhooks. With `allows_loopback` also to this machine, by http too, to develop with.

    `ca_file` is a certificate authority to trust besides the system's.
    """

    allows_loopback: bool = False
    whole_seconds: float = WHOLE_SECONDS
    connect_seconds: float = CONNECT_SECONDS
    ca_file: Path | None = None
    _open: dict[socket.socket, threading.Event] = field(default_factory=dict, repr=False)

    def cut_all(self) -> None:
        """End every request that is on its way, as if its time were over."""
        for cut, is_late in tuple(self._open.items()):
            _cut_off(cut, is_late)

    def send(self, address: str, headers: Mapping[str, str], body: bytes) -> HookAnswer:
        """What the receiver at this address answers.

        Raises:
            HookFailed: there is no answer, or the address is none that may be asked.
        """
        try:
            target = parse_webhook_address(address, allows_loopback=self.allows_loopback)
            found = resolve_target(target, allows_loopback=self.allows_loopback)
        except AddressRefused as refusal:
            raise HookFailed(f"Not sent. {refusal}") from None
        except (OSError, UnicodeError):
            raise HookFailed("Its name could not be looked up") from None
        return self._ask(target, found[:_MOST_ADDRESSES], headers, body)

    def _ask(
        self,
        target: WebhookTarget,
        addresses: Sequence[IpAddress],
        headers: Mapping[str, str],
        body: bytes,
    ) -> HookAnswer:
        plain = self._connect(addresses, target.port)
        # The same connection, to be cut from another thread: a drop of a byte now and then would
        # keep any single read from running out of time.
        cut = plain.dup()
        is_late = threading.Event()
        watch = threading.Timer(self.whole_seconds, _cut_off, (cut, is_late))
        watch.daemon = True
        watch.start()
        self._open[cut] = is_late
        try:
            answer = _exchange(target, self._secured(plain, target), headers, body)
        except (OSError, http.client.HTTPException, ValueError) as failure:
            reason = _LATE if is_late.is_set() else _explain_failure(failure)
            raise HookFailed(reason) from None
        finally:
            watch.cancel()
            self._open.pop(cut, None)
            cut.close()
            plain.close()
        # One that was cut within its headers reads as if it had none.
        if is_late.is_set():
            raise HookFailed(_LATE)
        return answer

    def _connect(self, addresses: Sequence[IpAddress], port: int) -> socket.socket:
        reason = "It could not be reached"
        for address in addresses:
            try:
                return socket.create_connection((str(address), port), self.connect_seconds)
            except OSError as failure:
                reason = _explain_failure(failure)
        raise HookFailed(reason)

    def _secured(self, plain: socket.socket, target: WebhookTarget) -> socket.socket:
        plain.settimeout(self.whole_seconds)
        if not target.is_https:
            return plain
        context = ssl.create_default_context()
        if self.ca_file is not None:
            context.load_verify_locations(self.ca_file)
        return context.wrap_socket(plain, server_hostname=target.host.rstrip("."))


def _exchange(
    target: WebhookTarget, connected: socket.socket, headers: Mapping[str, str], body: bytes
) -> HookAnswer:
    # It would connect by name; with a socket in place it takes that one.
    connection = http.client.HTTPConnection(target.host, target.port)
    connection.sock = connected
    try:
        connection.putrequest("POST", target.path, skip_host=True, skip_accept_encoding=True)
        connection.putheader("Host", _host_header(target))
        connection.putheader("Content-Length", str(len(body)))
        connection.putheader("Connection", "close")
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        text = answer.read(MOST_ANSWER_BYTES).decode("utf-8", "replace")
        return HookAnswer(answer.status, clean_name(text), _read_wait(answer))
    finally:
        connection.close()


def _host_header(target: WebhookTarget) -> str:
    host = f"[{target.host}]" if ":" in target.host else target.host
    usual = 443 if target.is_https else 80
    return host if target.port == usual else f"{host}:{target.port}"


def _read_wait(answer: http.client.HTTPResponse) -> int | None:
    text = (answer.getheader("Retry-After") or "").strip()
    return int(text) if _SECONDS.fullmatch(text) else None


def _cut_off(connected: socket.socket, is_late: threading.Event) -> None:
    is_late.set()
    # Who has gone already needs no cutting.
    with suppress(OSError):
        connected.shutdown(socket.SHUT_RDWR)


def _explain_failure(failure: Exception) -> str:
    match failure:
        case ssl.SSLCertVerificationError():
            return "Its certificate is not valid for this name"
        case ssl.SSLError():
            return "It speaks no https that we do"
        case TimeoutError():
            return _LATE
        case ConnectionRefusedError():
            return "It refused the connection"
        case http.client.HTTPException() | ConnectionError() | ValueError():
            return "It broke off, or did not answer as a web server does"
        case _:
            return "It could not be reached"
