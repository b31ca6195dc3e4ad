"""What of Streamlit's own server stays shut, and what is said when a request breaks.

Stands behind `pages/routes/who.py`, which names the browser and adds the headers.
"""

from urllib.parse import urlsplit

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gate.members import read_member
from pages.ui.asking import BROWSER_HEADER
from pages.ui.runtime import get_runtime

# Streamlit's own counters are for whoever operates the server, not for everyone.
_CLOSED_PATHS = ("/_stcore/metrics", "/_stcore/agent")
# What comes here is kept in memory, as many files as come; only owners have a field for files.
_MEMBERS_PATH = "/_stcore/upload_file"

_NOT_FOUND = PlainTextResponse("Not found", status_code=404)
_FAILED = PlainTextResponse(
    "Something went wrong on our side. Load the page again; nothing you saved is lost.",
    status_code=500,
)

_log = structlog.get_logger(__name__)


class ClosedDoors:
    """Middleware that lets nobody where they have no business, and answers for what breaks."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand in front of this application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it here."""
        if scope["type"] == "websocket":
            if _is_foreign(Headers(scope=scope)):
                await send({"type": "websocket.close", "code": 1008})
            else:
                await self._app(scope, receive, send)
        elif scope["type"] == "http" and await _is_closed(scope):
            await _NOT_FOUND(scope, receive, send)
        else:
            await self._answer_failures(scope, receive, send)

    async def _answer_failures(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_answered = False

        async def note_answer(message: Message) -> None:
            nonlocal is_answered
            is_answered = True
            await send(message)

        try:
            await self._app(scope, receive, note_answer)
        except Exception as failure:
            if is_answered or scope["type"] != "http":
                raise
            _log.error("request_failed", exc_info=failure)
            await _FAILED(scope, receive, send)


def _is_foreign(headers: Headers) -> bool:
    """Whether a page of another address opens this websocket; cookies do not tell ports apart."""
    origin = headers.get("origin")
    ours = {headers.get("host"), urlsplit(get_runtime().settings.base_url()).netloc}
    return origin is not None and urlsplit(origin).netloc not in ours


async def _is_closed(scope: Scope) -> bool:
    path: str = scope["path"]
    if path.startswith(_MEMBERS_PATH):
        browser_hash = Headers(scope=scope).get(BROWSER_HEADER, "")
        return not await run_in_threadpool(_is_member, browser_hash)
    return any(path == closed or path.startswith(f"{closed}/") for closed in _CLOSED_PATHS)


def _is_member(browser_hash: str) -> bool:
    runtime = get_runtime()
    return read_member(runtime.db, browser_hash, runtime.clock()) is not None
