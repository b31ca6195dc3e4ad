"""Webhooks in the settings, as an owner sets them up, tries them and looks into their log."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from streamlit.testing.v1 import AppTest

from data.accounts import update_account
from data.records import Plan
from data.webhooks import WebhookKind, find_webhooks
from pages.ui.runtime import Runtime
from tests.gate.hooked import open_hook_post
from tests.gate.webhook_receiver import Receiver, running_receiver
from tests.pages.test_member_pages import open_page, press, said

pytestmark = pytest.mark.usefixtures("signed_in")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with running_receiver() as started:
        yield started


def add(page: AppTest, address: str) -> str:
    """The secret of a webhook that the owner adds to the page."""
    page.text_input(key="settings_webhook_new_address").input(address)
    press(page, "Add webhook")
    assert not page.error
    secret = next(one.value for one in page.code if one.value.startswith("whsec_"))
    press(page, "I have copied it")
    assert secret not in said(page)
    return str(secret)


def send(runtime: Runtime, now: datetime) -> None:
    post = open_hook_post(runtime.gate, lambda: now)
    post.work_off()
    post.close()


def test_a_webhook_is_added_tried_and_its_answer_read(
    loopback_runtime: Runtime, receiver: Receiver, now: datetime
) -> None:
    page = open_page("settings")
    secret = add(page, receiver.address)
    assert page.text_input(key="settings_webhook_new_address").value == ""
    press(page, "Send a test")
    send(loopback_runtime, now)
    assert receiver.received[0].is_signed_by(secret)
    press(page, "Look again")
    assert "webhook.test · 2026-03-18 17:30 · Delivered\n1 try · answer 200\n“ok”" in said(page)
    press(page, "Redeliver")
    assert "on its way once more" in page.success[0].value
    send(loopback_runtime, now)
    assert receiver.kinds == ["webhook.test"] * 2


def test_two_tests_in_a_row_are_two(
    loopback_runtime: Runtime, receiver: Receiver, now: datetime
) -> None:
    page = open_page("settings")
    add(page, receiver.address)
    for _ in range(2):
        press(page, "Send a test")
    send(loopback_runtime, now)
    assert len(receiver.received) == 2


def test_a_webhook_is_changed_turned_off_given_a_new_secret_and_removed(
    loopback_runtime: Runtime, receiver: Receiver
) -> None:
    db = loopback_runtime.db
    page = open_page("settings")
    first = add(page, receiver.address)
    page.checkbox(key="settings_webhook_1_contact_created").uncheck()
    page.checkbox(key="settings_webhook_1_contact_verified").uncheck()
    press(page, "Save webhook")
    [webhook] = find_webhooks(db)
    assert webhook.kinds == {WebhookKind.SESSION_STARTED}
    press(page, "Turn off")
    assert not find_webhooks(db)[0].is_on
    press(page, "Turn on")
    assert find_webhooks(db)[0].is_on
    press(page, "New secret")
    assert page.code[0].value not in (first, "")
    press(page, "Remove webhook")
    assert find_webhooks(db) == []
    assert not any(one.value.startswith("whsec_") for one in page.code)


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("", "Enter an address like"),
        ("http://crm.example.com/", "begin with https"),
        ("https://10.0.0.1/hook", "private network"),
        ("http://127.0.0.1:9000/", "begin with https"),
    ],
)
def test_an_address_that_cannot_be_says_what_to_do(
    runtime: Runtime, address: str, told: str
) -> None:
    page = open_page("settings")
    page.text_input(key="settings_webhook_new_address").input(address)
    press(page, "Add webhook")
    assert told in page.error[0].value
    assert find_webhooks(runtime.db) == []


def test_a_smaller_plan_sees_the_offer_and_no_form(runtime: Runtime) -> None:
    with runtime.db.transaction() as tx:
        update_account(tx, name="Northwind", plan=Plan.PRO, time_zone="UTC")
    page = open_page("settings")
    assert "Webhooks come with the Business plan" in said(page)
    assert not any(one.label == "Add webhook" for one in page.button)
