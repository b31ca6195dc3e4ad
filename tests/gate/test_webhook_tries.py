"""A webhook's message is tried again, waits, is given up, sent again, and outlives a restart."""

import time
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from data.database import Database, StorageFailed
from data.records import ShareLink
from data.webhook_deliveries import HookState
from gate import webhook_post
from gate.delivery.webhook_request import HookSender
from gate.desk_errors import WebhookFault, WebhookRefused
from gate.limits import WEBHOOK_WAITS
from gate.webhook_events import announce_test
from gate.webhook_post import WebhookPost
from gate.webhooks import (
    WebhookWanted,
    add_webhook,
    change_webhook,
    redeliver_event,
    switch_webhook,
    try_webhook,
)
from tests.browser.running import find_free_port
from tests.gate.conftest import pass_unverified
from tests.gate.hooked import EVERY_KIND, Hooked, open_hook_post, states
from tests.gate.webhook_receiver import running_receiver


@pytest.mark.parametrize("trouble", ["refused", "slow", "dripping"])
def test_no_answer_is_a_failure_that_is_tried_again(hooked: Hooked, trouble: str) -> None:
    hooked.receiver.wait_seconds = 8 if trouble == "slow" else 0
    hooked.receiver.drips = trouble == "dripping"
    if trouble == "refused":
        address = f"http://127.0.0.1:{find_free_port()}/"
        wanted = WebhookWanted(address, EVERY_KIND, allows_loopback=True)
        change_webhook(hooked.db, hooked.webhook_id, wanted, hooked.owner, hooked.now)
    try_webhook(hooked.db, hooked.webhook_id, hooked.owner, hooked.now)
    begun = time.monotonic()
    hooked.send_after()
    assert time.monotonic() - begun < 5
    assert states(hooked) == [(HookState.WAITING, 1, None)]
    told = "It refused the connection" if trouble == "refused" else "It did not answer in time"
    assert hooked.log[0].reason == told


def test_a_redirect_is_not_followed(hooked: Hooked) -> None:
    with running_receiver() as elsewhere:
        hooked.receiver.statuses = [307]
        hooked.receiver.answer_headers = {"Location": elsewhere.address}
        try_webhook(hooked.db, hooked.webhook_id, hooked.owner, hooked.now)
        hooked.send_after()
        assert elsewhere.received == []
    assert states(hooked) == [(HookState.WAITING, 1, 307)]
    assert "redirect" in (hooked.log[0].reason or "")


def test_of_an_answer_only_a_short_clean_beginning_is_kept(hooked: Hooked) -> None:
    hooked.receiver.answer = "\x1b[31m<b>Thanks\u202e\r\n".encode() + b"x" * 5_000_000
    try_webhook(hooked.db, hooked.webhook_id, hooked.owner, hooked.now)
    hooked.send_after()
    told = hooked.log[0].told or ""
    assert told.startswith("[31m<b>Thanks x")
    assert len(told) == 120


def test_one_receiver_that_fails_holds_no_other_up(hooked: Hooked, link: ShareLink) -> None:
    with running_receiver() as other:
        wanted = WebhookWanted(other.address, EVERY_KIND, allows_loopback=True)
        add_webhook(hooked.gate, wanted, hooked.owner, hooked.now)
        hooked.receiver.statuses = [500]
        hooked.visit(link)
        hooked.send_after()
        assert other.kinds == ["contact.created", "session.started"]
        assert hooked.receiver.kinds == ["contact.created"]
        hooked.send_after(seconds=1)
        assert hooked.receiver.kinds == ["contact.created", "session.started"]


def test_what_waits_is_sent_by_the_next_process_and_once(hooked: Hooked, link: ShareLink) -> None:
    hooked.receiver.statuses = [500]
    hooked.visit(link)
    hooked.send_after()
    hooked.post.close()
    hooked.db.close()
    db = Database(hooked.db.path)
    gate = replace(hooked.gate, db=db)
    for _ in range(2):
        post = open_hook_post(gate, lambda: hooked.now + timedelta(seconds=5))
        post.work_off()
        post.close()
    kinds = hooked.receiver.kinds
    assert kinds == ["contact.created", "session.started", "contact.created"]
    left = db.rows("select count(*) from webhook_delivery where state <> 'delivered'")
    assert left == [(0,)]
    db.close()


def test_it_sends_by_itself_and_a_hanging_receiver_holds_no_stop_up(
    hooked: Hooked, link: ShareLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook_post, "POLL_SECONDS", 0.05)
    monkeypatch.setattr(webhook_post, "CLOSE_SECONDS", 0.2)
    sender = HookSender(allows_loopback=True)
    post = WebhookPost(hooked.db, hooked.gate.pepper, lambda: hooked.now, sender)
    hooked.visit(link)
    hooked.receiver.wait_for(2)
    hooked.receiver.wait_seconds = 8
    try_webhook(hooked.db, hooked.webhook_id, hooked.owner, hooked.now)
    hooked.receiver.wait_for(3)
    begun = time.monotonic()
    post.close()
    assert time.monotonic() - begun < 5
    assert hooked.log[0].state is HookState.WAITING


def test_nobody_at_the_gate_waits_for_a_receiver(
    hooked: Hooked, link: ShareLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook_post, "POLL_SECONDS", 0.05)
    monkeypatch.setattr(webhook_post, "CLOSE_SECONDS", 0.0)
    hooked.receiver.wait_seconds = 8
    sender = HookSender(allows_loopback=True)
    post = WebhookPost(hooked.db, hooked.gate.pepper, lambda: hooked.now, sender)
    hooked.visit(link)
    hooked.receiver.wait_for(1)
    hooked.visit(link, "carol@example.com")
    assert states(hooked) == [(HookState.WAITING, 0, None)] * 4
    post.close()


def test_what_is_not_committed_is_not_told(hooked: Hooked, link: ShareLink) -> None:
    with suppress(ZeroDivisionError), hooked.db.transaction() as tx:
        announce_test(tx, hooked.webhook_id, hooked.now)
        raise ZeroDivisionError
    hooked.send_after()
    assert hooked.receiver.received == []


def test_a_failure_is_tried_again_at_the_times_of_the_specification_until_it_is_given_up(
    hooked: Hooked, link: ShareLink
) -> None:
    hooked.receiver.statuses = [500] * 10
    pass_unverified(hooked.desk, "bob", link, hooked.now, "bob@example.com")
    hooked.send_after()
    for wait in WEBHOOK_WAITS:
        assert hooked.log[0].next_try_at == hooked.now + wait
        hooked.send_after(seconds=wait.total_seconds() - 1)
        tried = len(hooked.receiver.received)
        hooked.send_after(seconds=1)
        assert len(hooked.receiver.received) == tried + 1
    assert states(hooked) == [(HookState.FAILED, 10, 500)]
    assert hooked.log[0].reason == "It answered 500"
    hooked.send_after(days=20)
    received = hooked.receiver.received
    assert len({one.headers["webhook-id"] for one in received}) == 1
    assert len({one.body for one in received}) == 1
    assert len({one.headers["webhook-timestamp"] for one in received}) == 10
    assert all(one.is_signed_by(hooked.made.secret) for one in received)


def test_what_was_given_up_or_delivered_is_sent_again_as_it_was(
    hooked: Hooked, link: ShareLink
) -> None:
    hooked.receiver.statuses = [410]
    pass_unverified(hooked.desk, "bob", link, hooked.now, "bob@example.com")
    hooked.send_after()
    number = hooked.log[0].webhook_delivery_id
    switch_webhook(hooked.db, hooked.webhook_id, hooked.owner, hooked.now, is_on=True)
    for _ in range(2):
        redeliver_event(hooked.db, number, hooked.owner, hooked.now)
        with pytest.raises(WebhookRefused) as refused:
            redeliver_event(hooked.db, number, hooked.owner, hooked.now)
        assert refused.value.fault is WebhookFault.STILL_WAITING
        hooked.send_after(seconds=1)
    assert states(hooked) == [(HookState.DELIVERED, 1, 200)]
    assert len({(one.headers["webhook-id"], one.body) for one in hooked.receiver.received}) == 1


def test_a_receiver_that_is_gone_is_turned_off_and_its_owner_told(
    hooked: Hooked, link: ShareLink
) -> None:
    hooked.receiver.statuses = [410]
    hooked.visit(link)
    hooked.send_after()
    assert not hooked.webhook.is_on
    assert "410" in (hooked.webhook.trouble or "")
    assert [one.state for one in hooked.log] == [HookState.WAITING, HookState.FAILED]


def test_a_receiver_that_asks_for_time_gets_it(hooked: Hooked) -> None:
    hooked.receiver.statuses = [429, 503]
    hooked.receiver.answer_headers = {"Retry-After": "120"}
    try_webhook(hooked.db, hooked.webhook_id, hooked.owner, hooked.now)
    hooked.send_after()
    assert hooked.log[0].next_try_at == hooked.now + timedelta(seconds=120)
    hooked.receiver.answer_headers = {"Retry-After": "999999999"}
    hooked.send_after(seconds=120)
    assert hooked.log[0].next_try_at == hooked.now + timedelta(hours=24)


def test_what_waits_when_it_is_turned_off_waits_until_it_is_on(
    hooked: Hooked, link: ShareLink
) -> None:
    hooked.visit(link)
    switch_webhook(hooked.db, hooked.webhook_id, hooked.owner, hooked.now, is_on=False)
    hooked.send_after(hours=1)
    assert hooked.receiver.received == []
    switch_webhook(hooked.db, hooked.webhook_id, hooked.owner, hooked.now, is_on=True)
    hooked.send_after()
    assert len(hooked.receiver.received) == 2


def test_a_full_disk_lets_a_message_be_sent_twice_but_not_again_and_again(
    hooked: Hooked, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise StorageFailed

    monkeypatch.setattr(webhook_post, "POLL_SECONDS", 0.02)
    monkeypatch.setattr(webhook_post, "note_hook_try", refuse)
    try_webhook(hooked.db, hooked.webhook_id, hooked.owner, hooked.now)
    sender = HookSender(allows_loopback=True)
    post = WebhookPost(hooked.db, hooked.gate.pepper, lambda: hooked.now, sender)
    hooked.receiver.wait_for(1)
    time.sleep(0.5)
    post.close()
    assert len(hooked.receiver.received) == 1
    assert states(hooked) == [(HookState.WAITING, 0, None)]
    monkeypatch.undo()
    hooked.send_after()
    assert states(hooked) == [(HookState.DELIVERED, 1, 200)]
