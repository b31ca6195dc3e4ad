"""Share addresses: whom they lead on to the gate, and whom they tell that nothing opens."""

from datetime import datetime, timedelta

import pytest
from starlette.applications import Starlette

from data.links import get_share_link
from data.records import SessionKind, ShareLink
from gate.codes import secret_hash
from gate.links import build_share_address
from gate.passes import open_unasked
from gate.sessions import Opening, open_viewing_session
from gate.visits import Visit
from pages.routes.shares import share_routes
from pages.ui.asking import BROWSER_HEADER
from pages.ui.runtime import Runtime
from tests.factories import add_document, add_share_link, add_workspace
from tests.pages.asking_routes import Answer, ask_route

ADA, EVE = secret_hash("ada"), secret_hash("eve")
APP = Starlette(routes=share_routes)
UNKNOWN = "/v/1-no-such-link-anywhere"


@pytest.fixture
def link(runtime: Runtime) -> ShareLink:
    """A link that asks nothing and may be viewed once."""
    workspace = add_workspace(runtime.db)
    document = add_document(runtime.db, workspace)
    add_share_link(runtime.db, workspace, document=document, channels=[])
    slug = "slug-of-the-one-view"
    with runtime.db.transaction() as tx:
        tx.run("update share_link set view_limit = 1, slug = $slug", slug=slug)
    found = get_share_link(runtime.db, slug)
    assert found is not None
    return found


def view(runtime: Runtime, link: ShareLink, browser_hash: str) -> None:
    now = runtime.clock()
    live = open_unasked(runtime.gate, Visit(browser_hash, link.slug, now))
    opening = Opening(link, live, SessionKind.VIEWER, link.document_id or 0)
    open_viewing_session(runtime.gate, opening, now)


def follow(link: ShareLink, browser_hash: str | None) -> Answer:
    headers = {} if browser_hash is None else {BROWSER_HEADER: browser_hash}
    return ask_route(APP, build_share_address("", link), headers=headers)


def test_whoever_took_the_last_view_follows_the_address_back_to_it(
    runtime: Runtime, link: ShareLink, now: datetime
) -> None:
    view(runtime, link, ADA)
    again = follow(link, ADA)
    assert (again.status, f"/gate?link={link.slug}" in again.text) == (200, True)
    with runtime.db.transaction() as tx:
        tx.run("update viewing_session set last_seen_at = $at", at=now - timedelta(minutes=30))
    assert follow(link, ADA).status == 404


@pytest.mark.parametrize("browser_hash", [EVE, None])
def test_a_link_whose_views_are_used_up_is_like_no_link_to_a_stranger(
    runtime: Runtime, link: ShareLink, browser_hash: str | None
) -> None:
    assert follow(link, browser_hash).status == 200
    view(runtime, link, ADA)
    told = follow(link, browser_hash)
    unknown = ask_route(APP, UNKNOWN, headers={})
    assert (told.status, told.body) == (404, unknown.body)
    assert told.headers.raw == unknown.headers.raw


def test_a_revoked_link_is_dead_for_who_was_reading_it_too(
    runtime: Runtime, link: ShareLink, now: datetime
) -> None:
    view(runtime, link, ADA)
    with runtime.db.transaction() as tx:
        tx.run("update share_link set revoked_at = $now", now=now)
    assert follow(link, ADA).status == 404
