"""What a stranger finds shut in front of Streamlit, and what a browser of the past is given."""

import asyncio
from datetime import datetime, timedelta

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from data.browsers import insert_browser, replace_browser_key
from gate.codes import make_secret, secret_hash
from pages.routes.doors import ClosedDoors
from pages.routes.who import COOKIE, WhoIsAsking
from pages.ui.asking import BROWSER_HEADER
from pages.ui.runtime import Runtime
from tests.pages.asking_routes import Answer, ask_route


async def break_down(scope: Scope, receive: Receive, send: Send) -> None:
    raise ZeroDivisionError


async def name_browser(scope: Scope, receive: Receive, send: Send) -> None:
    named = dict(scope["headers"]).get(BROWSER_HEADER.lower().encode(), b"").decode()
    answer = PlainTextResponse(named, headers={"cache-control": "public, immutable"})
    await answer(scope, receive, send)


def ask(app: ASGIApp, path: str, cookie: str = "", method: str = "GET") -> Answer:
    headers = {"cookie": f"{COOKIE}={cookie}"} if cookie else {}
    return ask_route(WhoIsAsking(ClosedDoors(app)), path, headers=headers, method=method)


def replace_id(runtime: Runtime, old: str, at: datetime) -> None:
    with runtime.db.transaction() as tx:
        browser_id = insert_browser(tx, secret_hash(old), at)
        replace_browser_key(tx, browser_id, secret_hash(make_secret()), at)


def test_a_browser_that_never_got_its_newer_id_is_given_a_fresh_start(
    runtime: Runtime, now: datetime
) -> None:
    old = make_secret()
    replace_id(runtime, old, now - timedelta(seconds=30))
    answer = ask(name_browser, "/gate", old)
    fresh = answer.headers["set-cookie"].partition(";")[0].partition("=")[2]
    assert fresh != old
    assert answer.text == secret_hash(fresh)


@pytest.mark.parametrize(
    "beside",
    [
        'consent={"ads": false}',
        "name=Jürgen",
        "path=/app",
        "a/b=c",
        "x y=1",
        "flag",
        'q="',
        "=",
        "",
    ],
)
def test_a_browser_is_known_whatever_cookies_others_set(runtime: Runtime, beside: str) -> None:
    ours = make_secret()
    for cookies in (f"{beside}; {COOKIE}={ours}", f"{COOKIE}={ours}; {beside}"):
        answer = ask_route(WhoIsAsking(name_browser), "/gate", headers={"cookie": cookies})
        assert answer.text == secret_hash(ours)
        assert "set-cookie" not in answer.headers


def test_a_newer_id_that_may_still_be_on_its_way_is_not_overtaken(
    runtime: Runtime, now: datetime
) -> None:
    old = make_secret()
    replace_id(runtime, old, now - timedelta(seconds=29))
    answer = ask(name_browser, "/gate", old)
    assert "set-cookie" not in answer.headers
    assert answer.text == secret_hash(old)


@pytest.mark.parametrize("path", ["/favicon.png", "/app/static/icon.svg", "/manifest.json"])
def test_a_file_that_anybody_may_store_gives_no_browser_its_id(runtime: Runtime, path: str) -> None:
    assert "set-cookie" not in ask(name_browser, path).headers


def test_an_answer_that_gives_an_id_is_stored_by_nobody(runtime: Runtime) -> None:
    answer = ask(name_browser, "/gate")
    assert "set-cookie" in answer.headers
    assert answer.headers["cache-control"] == "private, no-store"


def test_only_members_upload_into_the_servers_memory(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = "/_stcore/upload_file/session/file"
    assert ask(name_browser, path, make_secret(), "PUT").status == 404
    monkeypatch.setattr("pages.routes.doors.read_member", lambda *_: object())
    assert ask(name_browser, path, make_secret(), "PUT").status == 200


def test_what_breaks_is_answered_with_the_safety_headers(runtime: Runtime) -> None:
    answer = ask(break_down, "/d/1/1")
    assert answer.status == 500
    assert "nothing you saved is lost" in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("origin", "is_let_in"),
    [
        (b"http://127.0.0.1:8501", True),
        (None, True),
        (b"http://127.0.0.1:9999", False),
        (b"https://evil.example", False),
        (b"null", False),
    ],
)
def test_a_page_of_another_address_opens_no_websocket(
    runtime: Runtime, origin: bytes | None, is_let_in: bool
) -> None:
    sent: list[Message] = []

    async def accept(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "websocket.accept"})

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"host", b"127.0.0.1:8501")] + ([(b"origin", origin)] if origin else [])
    scope: Scope = {"type": "websocket", "path": "/_stcore/stream", "headers": headers}
    asyncio.run(WhoIsAsking(ClosedDoors(accept))(scope, receive, send))
    assert [one["type"] == "websocket.accept" for one in sent] == [is_let_in]
