"""The route of documents' bytes: only what its browser has open, and only while it may."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from starlette.applications import Starlette
from starlette.types import Message, Receive, Scope, Send

from data.links import get_share_link, revoke_share_link
from data.records import Document, SessionKind, ShareLink
from gate.codes import secret_hash
from gate.passes import open_unasked, read_pass
from gate.sessions import Opening, open_viewing_session
from gate.visits import Visit
from pages.routes.documents import document_routes
from pages.routes.watched import WatchedResponse
from pages.ui.asking import BROWSER_HEADER
from pages.ui.runtime import Runtime
from tests.factories import add_document, add_share_link, add_workspace
from tests.pages.asking_routes import Answer, ask_route

BROWSER = secret_hash("ada")
APP = Starlette(routes=document_routes)


@dataclass(frozen=True)
class Shelf:
    """A link that asks nothing, to a workspace with two documents."""

    link: ShareLink
    deck: Document
    terms: Document


@pytest.fixture
def shelf(runtime: Runtime) -> Shelf:
    workspace = add_workspace(runtime.db)
    deck, terms = add_document(runtime.db, workspace), add_document(runtime.db, workspace)
    runtime.documents.mkdir()
    for document in (deck, terms):
        (runtime.documents / document.storage_name).write_bytes(b"%PDF-" + b"x" * 200_000)
    return Shelf(add_share_link(runtime.db, workspace, channels=[]), deck, terms)


def rule(runtime: Runtime, change: str) -> None:
    with runtime.db.transaction() as tx:
        tx.run(f"update share_link set {change}")


def open_document(runtime: Runtime, shelf: Shelf, document: Document) -> None:
    """What the page does before it shows a document."""
    link = get_share_link(runtime.db, shelf.link.slug)
    assert link is not None
    now = runtime.clock()
    live = read_pass(runtime.db, runtime.pepper, BROWSER, link, now) or open_unasked(
        runtime.gate, Visit(BROWSER, link.slug, now)
    )
    opening = Opening(link, live, SessionKind.VIEWER, document.document_id)
    open_viewing_session(runtime.gate, opening, now)


def fetch(shelf: Shelf, document: Document, query: str = "", **headers: str) -> Answer:
    path = f"/d/{shelf.link.share_link_id}/{document.document_id}{query}"
    words = {name.replace("_", "-"): word for name, word in headers.items()}
    return ask_route(APP, path, headers={BROWSER_HEADER: BROWSER, **words})


def test_a_document_that_is_open_in_the_page_comes_whole_or_in_ranges(
    runtime: Runtime, shelf: Shelf
) -> None:
    open_document(runtime, shelf, shelf.deck)
    whole = fetch(shelf, shelf.deck)
    assert (whole.status, len(whole.body)) == (200, 200_005)
    assert whole.headers["cache-control"] == "private, no-store"
    part = fetch(shelf, shelf.deck, range="bytes=0-4")
    assert (part.status, part.body) == (206, b"%PDF-")


def test_a_name_with_slashes_is_saved_as_one_file_by_viewers(
    runtime: Runtime, shelf: Shelf
) -> None:
    with runtime.db.transaction() as tx:
        tx.run("update document set name = 'Terms 2025/2026.pdf'")
    open_document(runtime, shelf, shelf.deck)
    told = fetch(shelf, shelf.deck, "?download").headers["content-disposition"]
    assert told == "attachment; filename*=utf-8''Terms%202025-2026.pdf"


def test_a_pass_alone_fetches_nothing_so_no_view_goes_uncounted(
    runtime: Runtime, shelf: Shelf
) -> None:
    open_unasked(runtime.gate, Visit(BROWSER, shelf.link.slug, runtime.clock()))
    assert fetch(shelf, shelf.deck).status == 404
    open_document(runtime, shelf, shelf.terms)
    assert fetch(shelf, shelf.deck).status == 404
    assert fetch(shelf, shelf.terms).status == 200


def test_a_session_that_is_over_fetches_nothing(
    runtime: Runtime, shelf: Shelf, now: datetime
) -> None:
    open_document(runtime, shelf, shelf.deck)
    with runtime.db.transaction() as tx:
        tx.run("update viewing_session set last_seen_at = $at", at=now - timedelta(minutes=30))
    assert fetch(shelf, shelf.deck).status == 404


def test_a_new_pass_goes_on_with_the_session_of_the_one_before(
    runtime: Runtime, shelf: Shelf
) -> None:
    open_document(runtime, shelf, shelf.deck)
    with runtime.db.transaction() as tx:
        tx.run("update pass set revoked_at = issued_at")
    open_document(runtime, shelf, shelf.deck)
    assert runtime.db.rows("select count(*) from viewing_session") == [(1,)]
    assert fetch(shelf, shelf.deck).status == 200


def test_an_archived_document_is_shared_no_more(
    runtime: Runtime, shelf: Shelf, now: datetime
) -> None:
    open_document(runtime, shelf, shelf.deck)
    with runtime.db.transaction() as tx:
        tx.run("update document set archived_at = $now", now=now)
    assert fetch(shelf, shelf.deck).status == 404


@pytest.mark.parametrize(
    ("query", "headers", "status"),
    [("", {}, 200), ("?download", {}, 403), ("", {"sec_fetch_dest": "document"}, 403)],
)
def test_without_downloads_a_file_is_shown_in_the_page_and_nowhere_else(
    runtime: Runtime, shelf: Shelf, query: str, headers: dict[str, str], status: int
) -> None:
    rule(runtime, "allows_download = false")
    open_document(runtime, shelf, shelf.deck)
    assert fetch(shelf, shelf.deck, query, **headers).status == status


def test_numbers_that_no_row_has_are_not_found(runtime: Runtime, shelf: Shelf) -> None:
    for many in ("9" * 47, "1" * 4_301, "0" * 4_301):
        for path in (f"/d/{many}/1", f"/d/1/{many}"):
            assert ask_route(APP, path, headers={BROWSER_HEADER: BROWSER}).status == 404
    for path in ("/d/99/99", "/d/0/1", "/d/1/٣"):
        assert ask_route(APP, path, headers={BROWSER_HEADER: BROWSER}).status == 404


def test_a_download_under_way_ends_when_its_link_is_revoked(
    runtime: Runtime, shelf: Shelf, now: datetime
) -> None:
    sent: list[Message] = []

    async def slow_file(scope: Scope, receive: Receive, send: Send) -> None:
        for number in range(4):
            await send({"type": "http.response.body", "body": b"x", "more_body": number < 3})

    async def note(message: Message) -> None:
        sent.append(message)
        with runtime.db.transaction() as tx:
            revoke_share_link(tx, shelf.link.share_link_id, now)

    def is_permitted() -> bool:
        link = get_share_link(runtime.db, shelf.link.slug)
        return link is not None and link.revoked_at is None

    watched = WatchedResponse(slow_file, is_permitted, recheck_seconds=0)
    asyncio.run(watched({}, _nothing, note))
    assert len(sent) == 1


async def _nothing() -> Message:
    return {}
