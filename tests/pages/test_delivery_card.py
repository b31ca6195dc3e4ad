"""The owner tries a channel from the settings page, and hears what the provider said."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data.records import Channel
from gate.deliveries import open_queues
from gate.delivery.deliverer import Deliverer, FailureKind
from gate.delivery.outbox import OutboxDeliverer
from gate.delivery.queue import Trouble
from gate.delivery.whatsapp import WhatsAppAccount, WhatsAppDeliverer
from pages.ui.runtime import Runtime, get_runtime, set_runtime
from tests.gate.whatsapp_stub import NUMBER_ID, TEMPLATE, TOKEN, Stub, running_stub

PAGE = str(Path(__file__).parents[2] / "pages/settings.py")


@pytest.fixture
def stub(signed_in: None, runtime: Runtime) -> Iterator[Stub]:
    with running_stub() as started:
        account = WhatsAppAccount(
            phone_number_id=NUMBER_ID, token=TOKEN, template=TEMPLATE, base_url=started.address
        )
        deliverers: dict[Channel, Deliverer] = {
            Channel.EMAIL: OutboxDeliverer(runtime.outbox),
            Channel.WHATSAPP: WhatsAppDeliverer(account),
        }
        queues = open_queues(runtime.db, deliverers, runtime.clock, workers=0)
        set_runtime(replace(runtime, queues=queues))
        yield started


def try_number(number: str) -> AppTest:
    page = AppTest.from_file(PAGE, default_timeout=30).run()
    page.text_input(key="settings_trial_whatsapp").set_value(number)
    page.button(key="settings_try_whatsapp").click().run()
    assert not page.exception
    return page


def test_a_test_message_goes_out_and_says_that_accepted_is_not_arrived(
    stub: Stub, runtime: Runtime
) -> None:
    page = try_number("+44 7400 123456")
    assert "See whether it arrives" in page.success[0].value
    assert stub.wait_for_code("447400123456") == "000000"
    rows = runtime.db.rows("select event, identifier_mask from audit where event = 'test_sent'")
    assert rows == [("test_sent", "+44***456")]


def test_a_refusal_of_the_provider_says_what_to_do(stub: Stub) -> None:
    stub.error_codes = [(400, 132001)]
    assert "template" in try_number("+44 7400 123456").error[0].value


def test_a_bad_number_is_told_and_nothing_is_sent(stub: Stub) -> None:
    assert "with \\+ and the country code" in try_number("07400 123456").error[0].value
    assert stub.requests == []


def test_three_tests_in_ten_minutes_are_enough(stub: Stub) -> None:
    for _ in range(3):
        try_number("+44 7400 123456")
    sentence = try_number("+44 7400 123456").error[0].value
    assert "3 test messages in 10 minutes are the most" in sentence
    assert len(stub.requests) == 3


def test_the_last_trouble_is_told_until_a_message_goes_out(stub: Stub) -> None:
    get_runtime().queues[Channel.WHATSAPP].trouble = Trouble(FailureKind.REFUSED, "Wrong token")
    page = AppTest.from_file(PAGE, default_timeout=30).run()
    assert "Wrong token" in page.warning[0].value
    try_number("+44 7400 123456")
    assert not AppTest.from_file(PAGE, default_timeout=30).run().warning


def test_an_analyst_resumes_nothing(stub: Stub, runtime: Runtime) -> None:
    queue = get_runtime().queues[Channel.WHATSAPP]
    queue.trouble = Trouble(FailureKind.STOPPED, "locked")
    page = AppTest.from_file(PAGE, default_timeout=30).run()
    with runtime.db.transaction() as tx:
        tx.run("update member set role = 'analyst'")
    page.button(key="settings_resume_whatsapp").click().run()
    assert queue.stopped_because == "locked"


def test_a_stopped_channel_says_why_and_sends_again_on_request(
    stub: Stub, runtime: Runtime
) -> None:
    page = AppTest.from_file(PAGE, default_timeout=30).run()
    queue = get_runtime().queues[Channel.WHATSAPP]
    queue.trouble = Trouble(FailureKind.STOPPED, "Meta has locked this account")
    page.run()
    assert "Meta has locked this account" in page.error[0].value
    page.button(key="settings_resume_whatsapp").click().run()
    assert queue.stopped_because is None
