"""Who is asking, decided once per request: cookie in, identity header and safety headers out.

Pure ASGI, for HTTP and the websocket alike.
"""

import re

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gate.codes import make_secret, secret_hash
from gate.limits import LONGEST_PASS
from gate.visits import has_lost_its_id
from pages.routes.policy import content_policy
from pages.routes.proxies import find_network
from pages.ui.asking import BROWSER_HEADER, NETWORK_HEADER
from pages.ui.runtime import get_runtime

COOKIE = "gatebook"
HOST_COOKIE = "__Host-gatebook"

_OURS = b"x-gatebook-"
# A POST of our own form then carries `Origin: null`; Sec-Fetch-Site tells where it comes from.
_SAFETY = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_COOKIE_VALUE = re.compile(r"[A-Za-z0-9_-]{43}")
# What a search engine may look at, as there is nothing in it.
_FOR_ANYONE = ("/static/", "/app/static/", "/healthz", "/readyz")
_STREAMLITS = ("/_stcore/", "/static/", "/media/", "/component/", "/app/")
_NOT_PAGES = (*_STREAMLITS, "/export/", "/healthz", "/readyz", "/metrics", "/control/")
_FILE = re.compile(r"\.[a-z0-9]{1,5}$")


class WhoIsAsking:
    """Middleware that names the browser behind each request, and gives a new one its cookie."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand in front of this application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its identity, and the answer back with its headers."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        cookie = read_cookie(Headers(scope=scope).getlist("cookie"))
        is_page = _is_page(scope)
        if is_page and cookie is not None and await run_in_threadpool(_is_of_the_past, cookie):
            cookie = None
        fresh = make_secret() if cookie is None and is_page else None
        scope = {**scope, "headers": _identified(scope, cookie or fresh)}

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                is_private = not scope["path"].startswith(_FOR_ANYONE)
                _add_headers(MutableHeaders(scope=message), fresh, is_private=is_private)
            await send(message)

        await self._app(scope, receive, send_with_headers)


def read_cookie(cookie_headers: list[str]) -> str | None:
    """The browser's random id, or None if it has none of the right form.

    Other programs of the host, or of the domain above it, set cookies as untidy as they please
    beside it, for which Python's own reader would give up the whole header.
    """
    for header in cookie_headers:
        value = cookie_parser(header).get(_cookie_name(), "")
        if _COOKIE_VALUE.fullmatch(value):
            return value
    return None


def format_cookie(value: str) -> str:
    """The Set-Cookie line that gives a browser this id."""
    secure = "; Secure" if get_runtime().settings.is_https() else ""
    age = int(LONGEST_PASS.total_seconds())
    return f"{_cookie_name()}={value}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax{secure}"


def _cookie_name() -> str:
    return HOST_COOKIE if get_runtime().settings.is_https() else COOKIE


def _is_page(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET":
        return False
    path: str = scope["path"]
    return not path.startswith(_NOT_PAGES) and _FILE.search(path) is None


def _is_of_the_past(cookie: str) -> bool:
    runtime = get_runtime()
    return has_lost_its_id(runtime.db, secret_hash(cookie), runtime.clock())


def _identified(scope: Scope, cookie: str | None) -> list[tuple[bytes, bytes]]:
    headers = [
        (name, value) for name, value in scope["headers"] if not name.lower().startswith(_OURS)
    ]
    if cookie is not None:
        headers.append((BROWSER_HEADER.lower().encode(), secret_hash(cookie).encode()))
    if network := find_network(scope, get_runtime().settings.find_trusted_proxies()):
        headers.append((NETWORK_HEADER.lower().encode(), network.encode()))
    return headers


def _add_headers(headers: MutableHeaders, fresh: str | None, *, is_private: bool) -> None:
    if fresh is not None:
        headers.append("set-cookie", format_cookie(fresh))
        # Whoever stored this answer would hand one browser's id to the next.
        headers["cache-control"] = "private, no-store"
    for name, value in _SAFETY.items():
        headers.setdefault(name, value)
    headers.setdefault("content-security-policy", content_policy())
    if get_runtime().settings.is_https():
        headers.setdefault("strict-transport-security", "max-age=31536000")
    if is_private:
        headers.setdefault("x-robots-tag", "noindex, nofollow")
