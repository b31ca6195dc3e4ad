"""The routes that take documents in and give them back to the members who keep them."""

import asyncio
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace

import pytest
from starlette.applications import Starlette
from starlette.types import Message, Scope

from data.database import Database
from data.documents import find_documents
from data.records import Role
from gate.members import sign_out
from pages.routes.uploads import MEBIBYTE, upload_routes
from pages.ui.asking import BROWSER_HEADER
from pages.ui.runtime import Runtime, set_runtime
from tests.factories import add_workspace

APP = Starlette(routes=upload_routes)
OURS = {"host": "desk.example", "origin": "https://desk.example", "sec-fetch-site": "same-origin"}
NO_MORE: Mapping[str, str] = {}
UPLOAD = "workspace=1&name=Deck.pdf"


async def ask(scope: Scope, messages: list[Message]) -> list[Message]:
    waiting, sent = iter(messages), list[Message]()

    async def receive() -> Message:
        return next(waiting, {"type": "http.disconnect"})

    async def send(message: Message) -> None:
        sent.append(message)

    await APP(scope, receive, send)
    return sent


def call(
    method: str, path: str, query: str, headers: dict[str, str], body: list[Message]
) -> tuple[int, dict[str, str], bytes]:
    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": method,
        "scheme": "https",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
    }
    start, *pieces = asyncio.run(ask(scope, body))
    answered = {name.decode(): value.decode() for name, value in start["headers"]}
    return start["status"], answered, b"".join(piece.get("body", b"") for piece in pieces)


def upload(
    browser: str,
    chunks: Iterable[bytes],
    query: str = UPLOAD,
    *,
    is_cut: bool = False,
    more: Mapping[str, str] = NO_MORE,
) -> tuple[int, dict[str, object]]:
    """The status and the words of one upload; a cut one ends with the browser gone."""
    body: list[Message] = [
        {"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks
    ]
    if not is_cut:
        body.append({"type": "http.request", "body": b"", "more_body": False})
    headers = {**OURS, BROWSER_HEADER: browser, **more}
    status, _, answer = call("POST", "/documents/upload", query, headers, body)
    return status, json.loads(answer or b"{}")


def read(browser: str, document_id: int, **more: str) -> tuple[int, dict[str, str], bytes]:
    headers = {BROWSER_HEADER: browser, **more}
    asked: list[Message] = [{"type": "http.request", "body": b"", "more_body": False}]
    return call("GET", f"/documents/{document_id}/file", "", headers, asked)


@pytest.fixture
def owner(owner_browser: str, db: Database) -> str:
    add_workspace(db, "Sales")
    return owner_browser


def assert_nothing_was_kept(runtime: Runtime) -> None:
    assert find_documents(runtime.db) == []
    assert not runtime.documents.exists() or list(runtime.documents.iterdir()) == []


def test_an_upload_in_pieces_becomes_one_document(owner: str, runtime: Runtime) -> None:
    status, answer = upload(owner, [b"%PDF-", b"1.7 ", b"pages"])
    (document,) = find_documents(runtime.db)
    assert (status, answer) == (201, {"document_id": document.document_id, "name": "Deck.pdf"})
    assert (runtime.documents / document.storage_name).read_bytes() == b"%PDF-1.7 pages"


def test_a_stranger_uploads_nothing(owner: str, runtime: Runtime) -> None:
    for eve in ("", "eve"):
        status, answer = upload(eve, [b"x"])
        assert status == 401
        assert "sign in again" in str(answer["error"])
    assert_nothing_was_kept(runtime)


def test_another_site_uploads_nothing_in_the_owners_name(owner: str, runtime: Runtime) -> None:
    foreign = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    assert upload(owner, [b"x"], more=foreign)[0] == 403
    assert upload(owner, [b"x"], more={"sec-fetch-site": "same-site"})[0] == 403
    assert_nothing_was_kept(runtime)


def test_an_analyst_uploads_nothing(owner: str, runtime: Runtime) -> None:
    with runtime.db.transaction() as tx:
        tx.run("update member set role = $role", role=Role.ANALYST)
    status, answer = upload(owner, [b"x"])
    assert (status, answer["error"]) == (
        403,
        "Only an owner can do this. Ask an owner of this account.",
    )
    assert_nothing_was_kept(runtime)


def test_an_empty_upload_is_told_so(owner: str, runtime: Runtime) -> None:
    status, answer = upload(owner, [])
    assert (status, answer["error"]) == (422, "This file is empty. Choose one with content.")
    assert_nothing_was_kept(runtime)


def test_an_upload_over_the_limit_is_told_the_limit(owner: str, runtime: Runtime) -> None:
    set_runtime(
        replace(runtime, settings=runtime.settings.model_copy(update={"upload_limit_mb": 1}))
    )
    status, answer = upload(owner, [b"x" * MEBIBYTE, b"x"])
    assert status == 413
    assert "1.0 MB" in str(answer["error"])
    assert_nothing_was_kept(runtime)


def test_a_small_promised_length_does_not_widen_the_limit(owner: str, runtime: Runtime) -> None:
    set_runtime(
        replace(runtime, settings=runtime.settings.model_copy(update={"upload_limit_mb": 1}))
    )
    chunks = [b"x" * MEBIBYTE, b"x"]
    assert upload(owner, chunks, more={"content-length": "5"})[0] == 413
    assert_nothing_was_kept(runtime)


@pytest.mark.parametrize("workspace", ["", "0", "99", "-1", "1.5", "²", "9" * 40, "1;drop"])
def test_an_unknown_workspace_is_refused(owner: str, runtime: Runtime, workspace: str) -> None:
    query = f"workspace={workspace.replace('²', '%C2%B2')}&name=a"
    assert upload(owner, [b"x"], query)[0] == 404
    assert_nothing_was_kept(runtime)


def test_an_upload_that_breaks_off_leaves_nothing(owner: str, runtime: Runtime) -> None:
    assert upload(owner, [b"half"], is_cut=True)[0] == 400
    assert_nothing_was_kept(runtime)


def test_a_full_disk_is_told(owner: str, runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", refuse)
    status, answer = upload(owner, [b"x"])
    assert status == 507
    assert "disk is full" in str(answer["error"])
    assert_nothing_was_kept(runtime)


def test_a_member_gets_the_bytes_and_no_cache_keeps_them(owner: str, runtime: Runtime) -> None:
    upload(owner, [b"%PDF-1.7"])
    status, headers, body = read(owner, 1)
    assert (status, body) == (200, b"%PDF-1.7")
    assert headers["content-type"] == "application/pdf"
    assert headers["content-disposition"] == 'inline; filename="Deck.pdf"'
    assert headers["cache-control"] == "private, no-store"
    assert headers["x-content-type-options"] == "nosniff"


def test_a_member_gets_a_range_of_the_bytes(owner: str, runtime: Runtime) -> None:
    upload(owner, [b"%PDF-1.7"])
    status, _, body = read(owner, 1, range="bytes=1-3")
    assert (status, body) == (206, b"PDF")


def test_a_page_that_was_uploaded_is_never_shown(owner: str, runtime: Runtime) -> None:
    upload(owner, [b"<html><script>alert(1)</script>"], "workspace=1&name=a.html")
    _, headers, _ = read(owner, 1)
    assert headers["content-type"] == "application/octet-stream"
    assert headers["content-disposition"].startswith("attachment")
    assert headers["content-security-policy"].startswith("default-src 'none'")


def test_a_stranger_gets_no_byte(owner: str, runtime: Runtime) -> None:
    upload(owner, [b"%PDF-1.7"])
    sign_out(runtime.db, owner, runtime.clock())
    for browser in ("", "eve", owner):
        status, _, body = read(browser, 1)
        assert (status, body) == (404, b"Not found")
