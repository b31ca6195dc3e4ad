"""A stand-in for Meta's Cloud API over loopback: it takes what Meta takes and answers as told."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.gate.loopback import answering

CORPUS = json.loads(
    (Path(__file__).parents[1] / "corpora/whatsapp_cloud_api_examples.json").read_text("utf-8")
)
TOKEN = "EAAG-test-token"
NUMBER_ID = "106540352242922"
TEMPLATE = "verification_code"


@dataclass
class Stub:
    """What was asked of it, and how it answers from now on."""

    port: int = 0
    requests: list[dict[str, Any]] = field(default_factory=list)
    error_codes: list[tuple[int, int]] = field(default_factory=list)
    raw_answer: tuple[int, bytes] | None = None
    is_cutting: bool = False
    wait_seconds: float = 0
    descriptions: int = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def settings(self) -> dict[str, str]:
        """The environment that makes Gatebook send its WhatsApp codes here."""
        return {
            "GATEBOOK_WHATSAPP_BASE_URL": self.address,
            "GATEBOOK_WHATSAPP_PHONE_NUMBER_ID": NUMBER_ID,
            "GATEBOOK_WHATSAPP_TOKEN": TOKEN,
            "GATEBOOK_WHATSAPP_TEMPLATE": TEMPLATE,
        }

    def wait_for_code(self, number: str) -> str:
        """The newest code that was sent to this number, without its plus."""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            for body in reversed(self.requests):
                if body["to"] == number:
                    return str(body["template"]["components"][0]["parameters"][0]["text"])
            time.sleep(0.05)
        raise AssertionError(f"No code for {number}")

    def describe(self, path: str, token: str) -> tuple[int, bytes]:
        """As Meta tells of the sending number, to whoever may send with it."""
        if token != f"Bearer {TOKEN}":
            return _error(401, 190)
        if not path.endswith(f"/{NUMBER_ID}"):
            return _error(404, 100)
        if self.error_codes:
            return _error(*self.error_codes.pop(0))
        self.descriptions += 1
        told = {"id": NUMBER_ID, "display_phone_number": "+1 555-079-1177"}
        return 200, json.dumps(told).encode()

    def answer(self, path: str, token: str, body: dict[str, Any]) -> tuple[int, bytes]:
        """As Meta would: who asks, for what, and then whether the body is one of a template."""
        if token != f"Bearer {TOKEN}":
            return _error(401, 190)
        if not path.endswith(f"/{NUMBER_ID}/messages"):
            return _error(404, 100)
        if shape(body) != shape(CORPUS["send_auth_template_request"]["json"]):
            return _error(400, 100)
        self.requests.append(body)
        if self.error_codes:
            return _error(*self.error_codes.pop(0))
        if self.raw_answer is not None:
            return self.raw_answer
        told = dict(CORPUS["success_responses"][0])
        told["messages"] = [{"id": f"wamid.{len(self.requests)}"}]
        return 200, json.dumps(told).encode()


def shape(value: object) -> object:
    """The same JSON with every text made equal: what is compared is how it is built."""
    if isinstance(value, dict):
        return {key: shape(one) for key, one in value.items()}
    if isinstance(value, list):
        return [shape(one) for one in value]
    return type(value).__name__


def _error(status: int, code: int) -> tuple[int, bytes]:
    told = {"error": {"message": "to +12015553931 failed", "type": "OAuthException", "code": code}}
    return status, json.dumps(told).encode()


class _Handler(BaseHTTPRequestHandler):
    stub: Stub

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if not self.breaks_off():
            token = self.headers["Authorization"]
            self.tell(*self.stub.answer(self.path, token, json.loads(body)))

    def do_GET(self) -> None:
        if not self.breaks_off():
            self.tell(*self.stub.describe(self.path, self.headers["Authorization"]))

    def breaks_off(self) -> bool:
        if self.stub.wait_seconds:
            time.sleep(self.stub.wait_seconds)
        if self.stub.is_cutting:
            self.connection.close()
        return self.stub.is_cutting

    def tell(self, status: int, content: bytes) -> None:
        # Who has waited long enough is gone.
        with suppress(ConnectionError):
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@contextmanager
def running_stub() -> Iterator[Stub]:
    """A stub that answers on a free port until the block ends."""
    stub = Stub()
    handler = type("_BoundHandler", (_Handler,), {"stub": stub})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    stub.port = server.server_address[1]
    with answering(server):
        yield stub
