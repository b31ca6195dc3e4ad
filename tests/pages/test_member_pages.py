"""Members, one's own sign-in, and the page to sign in, each run as a file over a real database."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from starlette.applications import Starlette
from streamlit.testing.v1 import AppTest

from data.invitations import find_open_invitations
from data.members import find_members
from data.records import Role
from gate.browser_names import guess_browser_name
from gate.codes import secret_hash
from gate.members import sign_out
from pages.routes.application import find_routes
from pages.routes.who import WhoIsAsking
from pages.ui.member_words import signed_out_words
from pages.ui.runtime import Runtime, set_runtime
from tests.gate.members_at_work import PASSWORD, join
from tests.pages.asking_routes import ask_route

PAGES = Path(__file__).parents[2] / "pages"
ANN = "ann@example.com"


def open_page(name: str) -> AppTest:
    page = AppTest.from_file(str(PAGES / f"{name}.py"), default_timeout=60).run()
    assert not page.exception
    return page


def press(page: AppTest, label: str) -> AppTest:
    next(one for one in page.button if one.label == label).click().run()
    assert not page.exception
    return page


def said(page: AppTest) -> str:
    parts = [*page.title, *page.markdown, *page.text, *page.code]
    return "\n".join(str(one.value) for one in [*parts, *page.error, *page.success])


@pytest.mark.usefixtures("signed_in")
def test_a_link_is_shown_until_it_is_copied_and_withdrawn_with_one_click(runtime: Runtime) -> None:
    page = open_page("members")
    page.text_input(key="members_email").input(ANN)
    press(page, "Invite")
    assert "/join/" in page.code[0].value
    assert page.text_input(key="members_email").value == ""
    press(page, "I have copied it")
    assert not page.code
    press(page, "Withdraw")
    assert find_open_invitations(runtime.db, runtime.clock()) == []


@pytest.mark.usefixtures("signed_in")
def test_a_member_is_made_owner_given_a_link_and_removed(runtime: Runtime, now: datetime) -> None:
    join(runtime.db, ANN, now)
    page = open_page("members")
    page.button(key="members_role_2").click().run()
    assert [one.role for one in find_members(runtime.db)] == [Role.OWNER, Role.OWNER]
    page.button(key="members_password_2").click().run()
    assert "/join/" in page.code[0].value
    page.button(key="members_remove_2").click().run()
    assert len(find_members(runtime.db)) == 1
    page.button(key="members_remove_1").click().run()
    assert "last owner" in page.error[0].value


@pytest.mark.usefixtures("signed_in")
def test_who_is_signed_out_meanwhile_changes_nothing(
    runtime: Runtime, owner_browser: str, now: datetime
) -> None:
    page = open_page("members")
    page.text_input(key="members_email").input(ANN)
    sign_out(runtime.db, owner_browser, now)
    press(page, "Invite")
    assert find_open_invitations(runtime.db, now) == []
    assert not page.code


@pytest.mark.usefixtures("signed_in")
def test_a_new_password_says_whether_other_browsers_were_signed_out(runtime: Runtime) -> None:
    page = open_page("profile")
    next(one for one in page.text_input if one.label == "New password").input(PASSWORD)
    press(page, "Set password")
    assert "No other browser was signed in." in page.success[0].value.replace("\\", "")
    assert "Current password" in [one.label for one in page.text_input]


def test_those_signed_out_are_counted() -> None:
    told = [signed_out_words(number) for number in (1, 2)]
    assert told == ["Signed out: 1 other browser.", "Signed out: 2 other browsers."]


@pytest.mark.usefixtures("signed_in")
def test_a_wrong_code_turns_no_second_factor_on(runtime: Runtime) -> None:
    page = open_page("profile")
    assert "Set a password first." in said(page)
    new = next(one for one in page.text_input if one.label == "New password")
    new.input(PASSWORD)
    press(page, "Set password")
    press(page, "Set up an authenticator app")
    next(one for one in page.text_input if one.label == "Code").input("000000")
    press(page, "Turn it on")
    assert "The code is not right" in page.error[0].value
    assert runtime.db.rows("select 1 from member_totp where confirmed_at is not null") == []


def test_an_analyst_has_a_sign_in_and_no_members(
    runtime: Runtime, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, cookie = join(runtime.db, ANN, now)
    monkeypatch.setattr("pages.ui.asking.get_browser_hash", lambda: secret_hash(cookie))
    assert "Only an owner" in said(open_page("members"))
    assert ANN in said(open_page("profile"))


def test_looking_at_an_invitation_uses_nothing_and_a_strangers_post_is_refused(
    runtime: Runtime, now: datetime
) -> None:
    set_runtime(replace(runtime))
    app = WhoIsAsking(Starlette(routes=find_routes()))
    answer = ask_route(app, "/join/unknown", headers={"host": "127.0.0.1"})
    assert answer.status == 410
    foreign = {"host": "127.0.0.1", "origin": "https://evil.example"}
    for path in ("/join/unknown", "/desk/claim"):
        assert ask_route(app, path, headers=foreign, method="POST").status == 403


def test_a_browsers_own_words_are_shown_nowhere() -> None:
    assert guess_browser_name("<b>Firefox</b> on ![x](y)") == "Firefox"
