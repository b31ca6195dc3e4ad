"""Access tokens on the pages: one's own under one's sign-in, everybody's among the members."""

from datetime import datetime

import pytest

from data.access_tokens import find_all_tokens
from data.accounts import update_account
from data.members import get_first_owner
from data.records import Plan
from gate.access_tokens import make_access_token, read_bearer
from gate.codes import secret_hash
from pages.ui import asking
from pages.ui.runtime import Runtime
from tests.gate.members_at_work import join
from tests.pages.test_member_pages import ANN, open_page, press, said


@pytest.mark.usefixtures("signed_in")
def test_a_token_is_shown_once_works_and_is_revoked(runtime: Runtime, now: datetime) -> None:
    page = open_page("profile")
    page.text_input(key="profile_token_name").input("Nightly import")
    page.selectbox(key="profile_token_days").select(365)
    press(page, "Make a token")
    text = page.code[0].value
    assert read_bearer(runtime.gate, text, "", now).member == get_first_owner(runtime.db)
    assert "Nightly import\nUntil 2027-03-18" in said(page)
    press(page, "I have copied it")
    assert text not in said(page)
    page.button(key="profile_token_1").click().run()
    assert find_all_tokens(runtime.db) == []
    assert "refused from now on" in page.success[0].value


@pytest.mark.usefixtures("signed_in")
def test_another_token_can_be_made_after_the_first_and_none_without_a_name(
    runtime: Runtime,
) -> None:
    page = open_page("profile")
    press(page, "Make a token")
    assert "Give the token a name" in page.error[0].value
    for name in ("One", "Two"):
        page.text_input(key="profile_token_name").input(name)
        press(page, "Make a token")
    assert [one.name for one in find_all_tokens(runtime.db)] == ["Two", "One"]


def test_an_analyst_makes_their_own_and_an_owner_revokes_it(
    runtime: Runtime, owner_browser: str, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, cookie = join(runtime.db, ANN, now)
    monkeypatch.setattr(asking, "get_browser_hash", lambda: secret_hash(cookie))
    page = open_page("profile")
    page.text_input(key="profile_token_name").input("Notebook")
    press(page, "Make a token")
    assert [one.member_id for one in find_all_tokens(runtime.db)] == [ann.member_id]
    monkeypatch.setattr(asking, "get_browser_hash", lambda: owner_browser)
    members = open_page("members")
    assert f"Notebook · {ANN}" in said(members)
    members.button(key="members_token_1").click().run()
    assert find_all_tokens(runtime.db) == []


@pytest.mark.usefixtures("signed_in")
def test_a_smaller_plan_is_told_what_to_do_and_keeps_its_tokens_in_sight(
    runtime: Runtime, now: datetime
) -> None:
    owner = get_first_owner(runtime.db)
    assert owner is not None
    make_access_token(runtime.db, "Old script", 30, owner, now)
    with runtime.db.transaction() as tx:
        update_account(tx, name="Northwind", plan=Plan.PRO, time_zone="UTC")
    page = open_page("profile")
    assert "come with the Business plan" in said(page)
    assert "Old script" in said(page)
    assert not any(one.label == "Make a token" for one in page.button)
