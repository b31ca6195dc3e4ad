"""What a started Gatebook prints: a share link only where nobody keeps it, or of the demo."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from data.database import Database
from data.demo.stage import insert_stage, write_document_files
from data.records import ShareLink
from pages.terminal.greeting import print_addresses
from pages.ui.runtime import Runtime
from tests.factories import add_document, add_share_link, add_workspace


def add_own_link(db: Database) -> ShareLink:
    """An owner's own link, which verifies an email address."""
    workspace = add_workspace(db)
    made = add_share_link(db, workspace, document=add_document(db, workspace))
    with db.transaction() as tx:
        tx.run(
            "update share_link set verifies_email = true where share_link_id = $number",
            number=made.share_link_id,
        )
    return made


def greet(runtime: Runtime, capsys: pytest.CaptureFixture[str]) -> str:
    print_addresses(runtime)
    return capsys.readouterr().out


@pytest.fixture
def demo(runtime: Runtime, tmp_path: Path, now: datetime) -> Iterator[Runtime]:
    """The demo's account and links, under a name that its owner gave it."""
    db = Database(tmp_path / "demo.duckdb")
    files = write_document_files(tmp_path / "documents")
    begun_at = now - timedelta(days=700)
    with db.transaction() as tx:
        insert_stage(tx, files, begun_at=begun_at, owner_email="owner@localhost")
        tx.run("update account set name = 'Renamed'")
    yield replace(runtime, db=db)
    db.close()


def test_an_owners_own_link_is_in_nothing_that_is_kept(
    runtime: Runtime, capsys: pytest.CaptureFixture[str]
) -> None:
    link = add_own_link(runtime.db)
    told = greet(runtime, capsys)
    assert "Owner sign-in:" in told
    assert link.slug not in told


def test_a_terminal_is_shown_a_link_to_try(
    runtime: Runtime, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    link = add_own_link(runtime.db)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert f"Try the gate:   {runtime.origin}/v/1-{link.slug}" in greet(runtime, capsys)


def test_the_demos_link_is_printed_anywhere_and_no_other_in_its_place(
    demo: Runtime, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "Try the gate:" in greet(demo, capsys)
    with demo.db.transaction() as tx:
        tx.run("update share_link set revoked_at = $now", now=now)
    add_own_link(demo.db)
    assert "Try the gate:" not in greet(demo, capsys)
