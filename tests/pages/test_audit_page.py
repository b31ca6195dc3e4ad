"""The audit trail's page: newest first, in words, narrowed by what the owner asks for."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data.audit import ActorKind, AuditEntry, AuditEvent, insert_audit
from pages.ui.runtime import Runtime
from tests.factories import add_share_link, add_workspace

PAGE = str(Path(__file__).parents[2] / "pages/audit.py")


@pytest.fixture
def trail(signed_in: None, runtime: Runtime, now: datetime) -> Runtime:
    link = add_share_link(runtime.db, add_workspace(runtime.db), name="<b>Deck</b>")
    entries = [
        AuditEntry(
            created_at=now - timedelta(days=40),
            event=AuditEvent.LINK_ADDED,
            actor_kind=ActorKind.MEMBER,
            actor_id=1,
            share_link_id=link.share_link_id,
        ),
        AuditEntry(
            created_at=now - timedelta(hours=1),
            event=AuditEvent.CHALLENGE_FAILED,
            actor_kind=ActorKind.VIEWER,
            share_link_id=link.share_link_id,
            identifier_mask="e***@e***.org",
        ),
    ]
    with runtime.db.transaction() as tx:
        for entry in entries:
            insert_audit(tx, entry)
    return runtime


def open_trail() -> AppTest:
    page = AppTest.from_file(PAGE, default_timeout=30).run()
    assert not page.exception
    return page


def table(page: AppTest) -> str:
    return "".join(str(html.body) for html in page.html)


def choose(page: AppTest, label: str, value: object) -> AppTest:
    next(box for box in page.selectbox if box.label == label).select(value).run()
    assert not page.exception
    return page


def test_who_did_what_about_which_link_is_told_in_words(trail: Runtime) -> None:
    shown = table(choose(open_trail(), "Period", 365))
    assert shown.index("Gave a wrong code") < shown.index("Made a share link")
    assert "e***@e***.org" in shown
    assert "owner@localhost" in shown
    assert "&lt;b&gt;Deck&lt;/b&gt; · l1" in shown


def test_the_first_thirty_days_are_shown_and_no_more(trail: Runtime) -> None:
    shown = table(open_trail())
    assert "Gave a wrong code" in shown
    assert "Made a share link" not in shown


def test_it_can_be_narrowed_to_viewers_members_kinds_and_links(trail: Runtime) -> None:
    page = choose(open_trail(), "Period", 365)
    assert "Made a share link" not in table(choose(page, "Who", -1))
    assert "Gave a wrong code" not in table(choose(page, "Who", 1))
    page.multiselect[0].select(AuditEvent.LINK_REVOKED).run()
    assert "Nothing was done" in "".join(str(one.value) for one in page.markdown)
