"""The owner chooses how long contacts are kept, and sees whom that removes before it is saved."""

from datetime import datetime

import pytest

from data.retention import get_retention_months
from gate.retention import months_before
from pages.ui.plain import as_plain
from pages.ui.runtime import Runtime
from tests.factories import add_contact, add_session, add_share_link, add_workspace
from tests.pages.test_owner_pages import open_page, said

SAVE = "settings_retention_save"


@pytest.fixture
def with_ada(signed_in: None, runtime: Runtime, now: datetime) -> Runtime:
    """Ada's last visit was 7 months ago."""
    link = add_share_link(runtime.db, add_workspace(runtime.db))
    ada = add_contact(runtime.db, "ada@example.com")
    add_session(runtime.db, ada, link, months_before(now, 7))
    with runtime.db.transaction() as tx:
        tx.run("update contact_link set linked_at = $then", then=months_before(now, 7))
    return runtime


def test_whom_a_period_removes_is_shown_before_it_is_saved(with_ada: Runtime) -> None:
    page = open_page("settings")
    assert page.button(key=SAVE).disabled
    page.selectbox(key="settings_retention").select(6).run()
    assert "This removes 1 contact within minutes" in said(page)
    assert any("ada@example.com" in html.proto.body for html in page.get("html"))
    assert page.button(key=SAVE).label == "Save and remove 1 contact"
    assert get_retention_months(with_ada.db) is None
    page.button(key=SAVE).click().run()
    (notice,) = page.success
    assert notice.value == as_plain("Saved. Contacts are kept 6 months after their last visit.")
    assert get_retention_months(with_ada.db) == 6
    assert page.button(key=SAVE).disabled


def test_a_period_that_nobody_is_over_says_so_and_can_be_ended(with_ada: Runtime) -> None:
    page = open_page("settings")
    page.selectbox(key="settings_retention").select(12).run()
    assert "Nobody's time is over" in said(page)
    page.button(key=SAVE).click().run()
    assert get_retention_months(with_ada.db) == 12
    page.selectbox(key="settings_retention").select(0).run()
    page.button(key=SAVE).click().run()
    assert get_retention_months(with_ada.db) is None
