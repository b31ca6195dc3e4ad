"""One request to our plain HTTP routes, as the server makes it, and the whole answer."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Scope


@dataclass(frozen=True)
class Answer:
    """What the browser receives."""

    status: int
    headers: Headers
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


def ask_route(
    app: ASGIApp, address: str, *, headers: Mapping[str, str], method: str = "GET"
) -> Answer:
    """The answer to one request without a body."""
    path, _, query = address.partition("?")
    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(name.lower().encode(), word.encode()) for name, word in headers.items()],
        "server": ("127.0.0.1", 8501),
        "client": ("127.0.0.1", 50_000),
    }
    return _gather(asyncio.run(_run(app, scope)))


async def _run(app: ASGIApp, scope: Scope) -> list[Message]:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return sent


def _gather(sent: list[Message]) -> Answer:
    start, *pieces = sent
    return Answer(
        status=start["status"],
        headers=Headers(raw=start["headers"]),
        body=b"".join(piece.get("body", b"") for piece in pieces),
    )
