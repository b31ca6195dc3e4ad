"""Webhooks: what is told of which act, how it is signed, and what an owner may change."""

import base64
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from data.accounts import update_account
from data.audit import AuditEvent
from data.records import Plan, ShareLink
from data.webhook_deliveries import HookState
from data.webhooks import WebhookKind, find_webhooks
from gate.challenges import answer_challenge
from gate.codes import Pepper
from gate.delivery.webhook_signing import sign_message
from gate.desk_errors import WebhookFault, WebhookRefused
from gate.entries import submit_entry
from gate.errors import NotPermitted
from gate.identifiers import parse_email
from gate.limits import MOST_WEBHOOKS
from gate.webhooks import (
    WebhookWanted,
    add_webhook,
    change_webhook,
    remove_webhook,
    renew_webhook_secret,
    switch_webhook,
    try_webhook,
)
from tests.gate.conftest import Desk, LinkMaker, ask_for_code, pass_unverified, visit_of
from tests.gate.hooked import EVERY_KIND, Hooked, hooked_desk, open_hook_post, states
from tests.gate.webhook_receiver import check_signature

DAY = 24 * 3600


def test_the_judge_of_these_tests_knows_the_specifications_own_example() -> None:
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    headers = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    assert check_signature(secret, headers, b'{"test": 2432232314}')
    assert not check_signature(secret, headers, b'{"test": 2432232315}')


def test_we_sign_as_the_specifications_own_example() -> None:
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    signed = sign_message(
        [key], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
    )
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_pass_and_its_session_are_told_signed_and_logged(hooked: Hooked, link: ShareLink) -> None:
    hooked.visit(link)
    assert hooked.receiver.received == []
    hooked.send_after()
    created, started = hooked.receiver.received
    assert (created.kind, started.kind) == ("contact.created", "session.started")
    assert all(one.is_signed_by(hooked.made.secret) for one in (created, started))
    assert created.path == "/hook?key=s3cret"
    assert created.headers["webhook-timestamp"] == str(int(hooked.now.timestamp()))
    assert created.told == {
        "type": "contact.created",
        "timestamp": "2026-03-18T12:00:00Z",
        "data": {
            "contact_id": 1,
            "identifier_id": 1,
            "channel": "email",
            "identifier": "bob@example.com",
            "verified": False,
            "identifiers": [
                {
                    "identifier_id": 1,
                    "channel": "email",
                    "identifier": "bob@example.com",
                    "verified": False,
                }
            ],
            "consent": {"state": "none"},
            "created_at": "2026-03-18T12:00:00Z",
            "share_link_id": link.share_link_id,
            "workspace_id": link.workspace_id,
        },
    }
    assert started.told["data"]["session_id"] == 1
    assert states(hooked) == [(HookState.DELIVERED, 1, 200)] * 2
    hooked.send_after(days=3)
    assert len(hooked.receiver.received) == 2


def test_a_code_tells_that_it_proved_an_address_only_the_first_time(
    hooked: Hooked, verified_link: ShareLink, now: datetime
) -> None:
    for browser, at in (("one", now), ("two", now + timedelta(hours=1))):
        visit = visit_of(browser, verified_link, at)
        number, code = ask_for_code(hooked.desk, visit)
        answer_challenge(hooked.gate, visit, number, code)
    hooked.send_after(hours=1)
    assert hooked.receiver.kinds == ["contact.created", "contact.verified"]
    verified = hooked.receiver.received[1].told["data"]
    assert (verified["identifier"], verified["verified"]) == ("ada@example.com", True)


def test_a_consent_is_told_with_its_contact(hooked: Hooked, link: ShareLink, now: datetime) -> None:
    visit = visit_of("bob", link, now)
    submit_entry(hooked.gate, visit, [parse_email("bob@example.com")], consent_wording="I agree.")
    hooked.send_after()
    consent = hooked.receiver.received[0].told["data"]["consent"]
    assert (consent["state"], consent["verified"]) == ("given", False)


def test_one_pass_with_two_addresses_tells_of_one_contact_with_both(
    hooked: Hooked, add_link: LinkMaker, now: datetime
) -> None:
    both = add_link("both", requires_email=True, requires_whatsapp=True)
    pass_unverified(hooked.desk, "bob", both, now, "bob@example.com", "+5491123456789")
    hooked.send_after()
    [created] = hooked.receiver.received
    channels = [one["channel"] for one in created.told["data"]["identifiers"]]
    assert channels == ["email", "whatsapp"]


def test_only_what_was_chosen_is_told(desk: Desk, link: ShareLink, now: datetime) -> None:
    with hooked_desk(desk, now, frozenset({WebhookKind.SESSION_STARTED})) as hooked:
        hooked.visit(link)
        hooked.send_after()
        assert hooked.receiver.kinds == ["session.started"]


def test_a_test_names_nobody_and_reaches_a_webhook_that_is_off(
    hooked: Hooked, link: ShareLink
) -> None:
    switch_webhook(hooked.db, hooked.webhook_id, hooked.owner, hooked.now, is_on=False)
    hooked.visit(link)
    try_webhook(hooked.db, hooked.webhook_id, hooked.owner, hooked.now)
    hooked.send_after()
    [test] = hooked.receiver.received
    assert (test.kind, test.told["data"]) == ("webhook.test", {"webhook_id": hooked.webhook_id})
    assert test.is_signed_by(hooked.made.secret)


def test_a_new_secret_counts_at_once_and_the_old_one_for_a_day(hooked: Hooked) -> None:
    renewed = renew_webhook_secret(hooked.gate, hooked.webhook_id, hooked.owner, hooked.now)
    assert renewed.secret != hooked.made.secret
    for seconds in (DAY - 1, 1):
        hooked.now += timedelta(seconds=seconds)
        try_webhook(hooked.db, hooked.webhook_id, hooked.owner, hooked.now)
        hooked.send_after()
    before, after = hooked.receiver.received
    assert before.is_signed_by(renewed.secret)
    assert before.is_signed_by(hooked.made.secret)
    assert after.is_signed_by(renewed.secret)
    assert not after.is_signed_by(hooked.made.secret)


def test_a_secret_outlives_a_new_pepper_beside_the_old_one_and_is_in_no_file(
    hooked: Hooked,
) -> None:
    newer = replace(hooked.gate, pepper=Pepper(b"q" * 32, previous=b"p" * 32))
    post = open_hook_post(newer, lambda: hooked.now)
    try_webhook(hooked.db, hooked.webhook_id, hooked.owner, hooked.now)
    post.work_off()
    post.close()
    assert hooked.receiver.received[0].is_signed_by(hooked.made.secret)
    hooked.db.checkpoint()
    assert hooked.made.secret[6:].encode() not in hooked.db.path.read_bytes()
    assert hooked.made.secret not in repr(hooked.made)


def test_a_smaller_plan_tells_nothing_until_it_is_left(hooked: Hooked, link: ShareLink) -> None:
    def choose(plan: Plan) -> None:
        with hooked.db.transaction() as tx:
            update_account(tx, name="Northwind", plan=plan, time_zone="UTC")

    hooked.visit(link)
    choose(Plan.PRO)
    hooked.visit(link, "carol@example.com")
    hooked.send_after()
    wanted = WebhookWanted("https://crm.example.com/", EVERY_KIND)
    with pytest.raises(NotPermitted):
        add_webhook(hooked.gate, wanted, hooked.owner, hooked.now)
    with pytest.raises(NotPermitted):
        try_webhook(hooked.db, hooked.webhook_id, hooked.owner, hooked.now)
    assert hooked.receiver.received == []
    choose(Plan.BUSINESS)
    hooked.send_after()
    names = {one.told["data"]["identifier"] for one in hooked.receiver.received}
    assert names == {"bob@example.com"}


def test_a_webhook_is_changed_and_removed_and_the_trail_names_no_address(
    hooked: Hooked, link: ShareLink
) -> None:
    hooked.visit(link)
    elsewhere = WebhookWanted("https://crm.example.com/hook", EVERY_KIND)
    change_webhook(hooked.db, hooked.webhook_id, elsewhere, hooked.owner, hooked.now)
    assert hooked.webhook.address == "https://crm.example.com/hook"
    remove_webhook(hooked.db, hooked.webhook_id, hooked.owner, hooked.now)
    counts = hooked.db.rows(
        "select (select count(*) from webhook_event), (select count(*) from webhook_delivery)"
    )
    assert counts == [(0, 0)]
    trail = hooked.db.rows("select event, detail from audit where event like 'webhook%'")
    assert [row[0] for row in trail] == [
        AuditEvent.WEBHOOK_ADDED,
        AuditEvent.WEBHOOK_CHANGED,
        AuditEvent.WEBHOOK_REMOVED,
    ]
    assert {row[1] for row in trail} == {f"webhook {hooked.webhook_id}, on"}
    with pytest.raises(WebhookRefused):
        remove_webhook(hooked.db, hooked.webhook_id, hooked.owner, hooked.now)


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("crm.example.com/hook", WebhookFault.ADDRESS_MALFORMED),
        ("https://user:word@crm.example.com/", WebhookFault.ADDRESS_MALFORMED),
        ("https://crm.example.com/a b", WebhookFault.ADDRESS_MALFORMED),
        ("http://crm.example.com/", WebhookFault.ADDRESS_NOT_HTTPS),
        ("https://169.254.169.254/latest", WebhookFault.ADDRESS_NOT_PUBLIC),
        ("https://localhost/", WebhookFault.ADDRESS_NOT_PUBLIC),
    ],
)
def test_an_address_that_cannot_be_is_refused_when_it_is_typed(
    hooked: Hooked, address: str, fault: WebhookFault
) -> None:
    with pytest.raises(WebhookRefused) as refused:
        add_webhook(hooked.gate, WebhookWanted(address, EVERY_KIND), hooked.owner, hooked.now)
    assert refused.value.fault is fault


def test_a_webhook_needs_an_event_and_there_are_ten_at_most(hooked: Hooked) -> None:
    address = "https://crm.example.com/"
    with pytest.raises(WebhookRefused) as refused:
        add_webhook(hooked.gate, WebhookWanted(address, frozenset()), hooked.owner, hooked.now)
    assert refused.value.fault is WebhookFault.NO_EVENTS
    wanted = WebhookWanted(address, EVERY_KIND)
    for _ in range(MOST_WEBHOOKS - 1):
        add_webhook(hooked.gate, wanted, hooked.owner, hooked.now)
    with pytest.raises(WebhookRefused) as refused:
        add_webhook(hooked.gate, wanted, hooked.owner, hooked.now)
    assert refused.value.fault is WebhookFault.TOO_MANY
    assert len(find_webhooks(hooked.db)) == MOST_WEBHOOKS
