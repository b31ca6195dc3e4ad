"""A started process with a real database, and an owner who is signed in at one browser."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner

from data.database import Database
from data.records import Member
from gate.access_tokens import MadeToken, make_access_token
from gate.codes import Pepper, secret_hash
from gate.members import complete_sign_in, create_account, start_sign_in
from gate.settings import Settings
from pages.ui import asking
from pages.ui.runtime import Runtime, set_runtime
from tests.gate.members_at_work import first_owner
from tests.pages.visits import Visits, add_visits


@pytest.fixture(scope="session", autouse=True)
def _components_looked_for_once() -> Iterator[None]:
    # AppTest reads what every installed package says of itself, anew for each run of a page.
    found = manifest_scanner.scan_component_manifests()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(manifest_scanner, "scan_component_manifests", lambda: list(found))
        yield


@pytest.fixture
def runtime(db: Database, tmp_path: Path, now: datetime) -> Iterator[Runtime]:
    """The shared runtime of a new account in Kolkata, at noon UTC."""
    settings = Settings(home=tmp_path, time_zone="Asia/Kolkata", account_name="Northwind")
    create_account(db, settings, now)
    started = Runtime(
        settings=settings,
        db=db,
        clock=lambda: now,
        pepper=Pepper(b"p" * 32),
        queues={},
        control_key="",
    )
    set_runtime(started)
    yield started
    set_runtime(None)


@pytest.fixture
def loopback_runtime(runtime: Runtime) -> Runtime:
    """The shared runtime, whose webhooks may lead to this machine."""
    settings = runtime.settings.model_copy(update={"webhook_loopback": True})
    started = replace(runtime, settings=settings)
    set_runtime(started)
    return started


@pytest.fixture
def owner_browser(runtime: Runtime, now: datetime) -> str:
    """The hash of a browser's cookie where the owner is signed in."""
    token = start_sign_in(runtime.db, now)
    return secret_hash(complete_sign_in(runtime.db, token, secret_hash("before"), now))


@pytest.fixture
def signed_in(owner_browser: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every page runs for the signed-in owner: only the websocket's header is made up."""
    monkeypatch.setattr(asking, "get_browser_hash", lambda: owner_browser)


@pytest.fixture
def owner(runtime: Runtime) -> Member:
    """The account's owner."""
    return first_owner(runtime.db)


@pytest.fixture
def visits(db: Database, runtime: Runtime, now: datetime) -> Visits:
    """Contacts who came, and those who did not."""
    return add_visits(db, now)


@pytest.fixture
def made(runtime: Runtime, owner: Member, visits: Visits, now: datetime) -> MadeToken:
    """An access token of the owner's, for 30 days."""
    return make_access_token(runtime.db, "Script", 30, owner, now)
