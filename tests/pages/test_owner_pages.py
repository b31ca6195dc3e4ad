"""The owner's pages, each run as a file over a real database."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from streamlit.testing.v1 import AppTest

from data.accounts import get_account
from data.links import find_share_links
from data.records import Account, Channel, LinkState, Plan, Role
from data.workspaces import find_workspaces
from gate.deliveries import open_queues
from gate.delivery.deliverer import CodeMessage
from gate.delivery.outbox import OutboxDeliverer
from gate.links import build_share_address
from gate.members import sign_out
from pages.ui.runtime import Runtime, set_runtime
from tests.factories import add_document, add_share_link, add_workspace, make_identifier

PAGES = Path(__file__).parents[2] / "pages"
DESK = ("documents", "links", "settings", "outbox", "audit")


def open_page(name: str) -> AppTest:
    page = AppTest.from_file(str(PAGES / f"{name}.py"), default_timeout=30).run()
    assert not page.exception
    return page


def press(page: AppTest, label: str) -> AppTest:
    button = next(button for button in page.button if button.label == label)
    button.click().run()
    assert not page.exception
    return page


def said(page: AppTest) -> str:
    parts = [*page.title, *page.header, *page.markdown, *page.text, *page.code]
    parts += [*page.error, *page.success, *page.info]
    return "\n".join(str(part.value) for part in parts)


@pytest.fixture
def analyst(signed_in: None, runtime: Runtime) -> None:
    with runtime.db.transaction() as tx:
        tx.run("update member set role = $role", role=Role.ANALYST)


@pytest.fixture
def with_outbox(signed_in: None, runtime: Runtime, now: datetime) -> Runtime:
    deliverers = dict.fromkeys(Channel, OutboxDeliverer(runtime.outbox))
    queues = open_queues(runtime.db, deliverers, runtime.clock, workers=0)
    started = replace(runtime, queues=queues)
    set_runtime(started)
    return started


def put_code(runtime: Runtime, code: str, sent_at: datetime) -> None:
    message = CodeMessage(
        recipient=make_identifier("ada@example.com"),
        code=code,
        share_link_name="*Deck*",
        account_name="Northwind",
        sent_at=sent_at,
        expires_at=sent_at + timedelta(minutes=10),
        message_id=f"{code}@example.com",
    )
    OutboxDeliverer(runtime.outbox).deliver(message)


@pytest.mark.parametrize("name", DESK)
def test_a_stranger_sees_only_how_to_sign_in(
    runtime: Runtime, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_share_link(runtime.db, add_workspace(runtime.db, "Secret plans"))
    monkeypatch.setattr("pages.ui.asking.get_browser_hash", lambda: "eve")
    page = open_page(name)
    assert "Sign in" in said(page)
    assert "Secret" not in said(page)
    assert not page.button
    assert not page.dataframe


@pytest.mark.parametrize("name", ["settings", "outbox", "audit"])
def test_an_analyst_stays_outside_the_owners_rooms(analyst: None, name: str) -> None:
    page = open_page(name)
    assert "Only an owner" in said(page)
    assert not page.button


def test_an_analyst_sees_documents_and_links_and_changes_nothing(
    analyst: None, runtime: Runtime
) -> None:
    workspace = add_workspace(runtime.db)
    add_document(runtime.db, workspace)
    link = add_share_link(runtime.db, workspace)
    for name in ("documents", "links"):
        page = open_page(name)
        assert page.dataframe
        assert not page.button
        assert link.slug not in said(page)


def test_an_owner_without_a_workspace_is_told_to_begin_there(signed_in: None) -> None:
    assert "Begin with a workspace" in said(open_page("documents"))
    assert "make a workspace" in said(open_page("links"))


def test_a_workspace_is_made_and_its_form_is_empty_again(signed_in: None, runtime: Runtime) -> None:
    page = open_page("documents")
    page.text_input(key="documents_workspace_name").input("Sales *bold*")
    press(page, "Create workspace")
    assert [found.name for found in find_workspaces(runtime.db)] == ["Sales *bold*"]
    assert page.success[0].value == r"Workspace “Sales \*bold\*” is ready\."
    assert page.text_input(key="documents_workspace_name").value == ""


def test_a_taken_name_is_told_and_stays_typed(signed_in: None, runtime: Runtime) -> None:
    add_workspace(runtime.db, "Sales")
    page = open_page("documents")
    page.text_input(key="documents_workspace_name").input("SALES")
    press(page, "Create workspace")
    assert "already" in page.error[0].value
    assert page.text_input(key="documents_workspace_name").value == "SALES"
    assert len(find_workspaces(runtime.db)) == 1


def test_whoever_was_signed_out_meanwhile_changes_nothing(
    signed_in: None, owner_browser: str, runtime: Runtime, now: datetime
) -> None:
    page = open_page("documents")
    sign_out(runtime.db, owner_browser, now)
    page.text_input(key="documents_workspace_name").input("Sales")
    press(page, "Create workspace")
    assert find_workspaces(runtime.db) == []
    assert "Sign in" in said(page)


def test_documents_are_listed_with_where_they_open(signed_in: None, runtime: Runtime) -> None:
    document = add_document(runtime.db, add_workspace(runtime.db, "Sales"))
    table = open_page("documents").dataframe[0].value
    assert list(table["Document"]) == ["Deck.pdf"]
    assert list(table["Workspace"]) == ["Sales"]
    assert list(table["Open"]) == [f"/documents/{document.document_id}/file"]


def test_a_link_is_made_with_its_rules_and_its_address_shown(
    signed_in: None, runtime: Runtime, now: datetime
) -> None:
    document = add_document(runtime.db, add_workspace(runtime.db))
    page = open_page("links")
    page.selectbox(key="links_document").select(document.document_id).run()
    page.toggle(key="links_new_0_verify_email").set_value(True).run()
    page.selectbox(key="links_new_0_pass_life").select(3_600).run()
    page.date_input(key="links_new_0_last_day").set_value(date(2026, 3, 20)).run()
    press(page, "Create share link")
    (link,) = find_share_links(runtime.db)
    assert (link.name, link.document_id) == ("Deck.pdf", document.document_id)
    assert (link.requires_email, link.verifies_email) == (True, True)
    assert (link.requires_whatsapp, link.pass_seconds) == (False, 3_600)
    assert link.expires_at == datetime(2026, 3, 20, 18, 30, tzinfo=UTC)
    assert page.code[0].value == build_share_address(runtime.origin, link)


def test_dropping_a_requirement_drops_its_proof(signed_in: None, runtime: Runtime) -> None:
    add_workspace(runtime.db)
    page = open_page("links")
    page.toggle(key="links_new_0_verify_whatsapp").set_value(True).run()
    assert page.toggle(key="links_new_0_require_whatsapp").value
    page.toggle(key="links_new_0_require_whatsapp").set_value(False).run()
    assert not page.toggle(key="links_new_0_verify_whatsapp").value


def test_two_links_of_one_name_can_be_told_apart(signed_in: None, runtime: Runtime) -> None:
    workspace = add_workspace(runtime.db)
    links = [add_share_link(runtime.db, workspace, name="Deck") for _ in range(2)]
    options = open_page("links").selectbox(key="links_chosen").options
    assert sorted(options) == [f"Deck · l{link.share_link_id}" for link in links]


def test_a_chosen_link_is_revoked_and_the_other_is_not(
    signed_in: None, runtime: Runtime, now: datetime
) -> None:
    workspace = add_workspace(runtime.db)
    first, second = (add_share_link(runtime.db, workspace, name=name) for name in "ab")
    page = open_page("links")
    page.selectbox(key="links_chosen").select(first.share_link_id).run()
    press(page, "Revoke this link")
    states = {link.name: link.state(now) for link in find_share_links(runtime.db)}
    assert states == {first.name: LinkState.REVOKED, second.name: LinkState.ACTIVE}
    assert "revoked" in page.success[0].value
    assert "Revoke this link" not in [button.label for button in page.button]


def test_settings_are_saved_as_a_whole(signed_in: None, runtime: Runtime, now: datetime) -> None:
    page = open_page("settings")
    page.text_input(key="settings_name").input("Ada & Co")
    page.radio(key="settings_plan").set_value(Plan.FREE)
    page.selectbox(key="settings_time_zone").select("America/St_Johns")
    press(page, "Save")
    assert get_account(runtime.db) == Account("Ada & Co", Plan.FREE, "America/St_Johns", now)


def test_no_secret_is_on_the_settings_page(signed_in: None, runtime: Runtime) -> None:
    secrets = {"pepper": SecretStr("ab" * 32), "smtp_password": SecretStr("open sesame")}
    settings = runtime.settings.model_copy(update=secrets)
    set_runtime(replace(runtime, settings=settings))
    page = open_page("settings")
    shown = "".join(str(html.body) for html in page.html)
    facts = dict(re.findall(r"<dt>(GATEBOOK_\w+)</dt><dd>(.*?)</dd>", shown))
    assert facts["GATEBOOK_PEPPER"] == facts["GATEBOOK_SMTP_PASSWORD"]
    assert facts["GATEBOOK_PEPPER"] == "Set, not shown, set by the operator"
    assert facts["GATEBOOK_TIME_ZONE"] == "Asia/Kolkata, set by the operator"
    assert len(facts) == len(type(settings).model_fields)
    assert "sesame" not in shown + said(page)


def test_what_is_kept_and_each_plan_is_told_from_the_numbers_that_hold(signed_in: None) -> None:
    page = open_page("settings")
    shown = "".join(str(html.body) for html in page.html)
    for words in ("10 minutes", "25 hours", "12 months", "Up to 30 days", "Business (yours)"):
        assert words in shown


def test_the_outbox_shows_codes_newest_first_and_says_nobody_sends_them(
    with_outbox: Runtime, now: datetime
) -> None:
    put_code(with_outbox, "111111", now - timedelta(minutes=2))
    put_code(with_outbox, "222222", now - timedelta(minutes=1))
    page = open_page("outbox")
    assert [code.value for code in page.code] == ["222222", "111111"]
    assert "No sender is set up for email and WhatsApp" in page.info[0].value
    assert "For *Deck*, 1 minute ago" in said(page)


def test_an_expired_code_is_not_shown(with_outbox: Runtime, now: datetime) -> None:
    put_code(with_outbox, "111111", now - timedelta(minutes=10))
    page = open_page("outbox")
    assert "Expired" in said(page)
    assert "111111" not in said(page)


def test_looking_into_the_outbox_is_written_down_once_a_visit(with_outbox: Runtime) -> None:
    open_page("outbox").run()
    events = with_outbox.db.rows("select event from audit where event = 'outbox_read'")
    assert events == [("outbox_read",)]


def test_an_empty_outbox_says_what_will_come(with_outbox: Runtime) -> None:
    assert "No codes are waiting" in said(open_page("outbox"))


def test_the_way_in_is_told_to_a_stranger(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pages.ui.asking.get_browser_hash", lambda: "")
    assert "./run sign-in" in said(open_page("sign_in"))
