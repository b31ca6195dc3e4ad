"""Meta's webhook: who may tell us something, and what is kept of it."""

import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.testclient import TestClient

from data.deliveries import DeliveryState, insert_delivery, update_delivery
from data.gate_history import HistoryFilter
from data.past_deliveries import find_past_deliveries
from data.records import Channel
from pages.routes.hooks import MOST_BYTES, hook_routes
from pages.ui.runtime import Runtime, set_runtime

SECRET, WORD = "the app's secret", "the agreed token"
ALL_YEAR = HistoryFilter(since=datetime(2026, 1, 1, tzinfo=UTC))


def make_body(number: str, status: str, code: int | None = None) -> bytes:
    told: dict[str, object] = {
        "id": number,
        "status": status,
        "timestamp": "1749416383",
        "recipient_id": "16505551234",
    }
    if code is not None:
        told["errors"] = [{"code": code, "title": "to +16505551234"}]
    value = {"messaging_product": "whatsapp", "statuses": [told]}
    change = {"value": value, "field": "messages"}
    entry = {"id": "419561257915477", "changes": [change]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


def sign(body: bytes) -> dict[str, str]:
    signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    return {"X-Hub-Signature-256": f"sha256={signature}"}


@pytest.fixture
def client(runtime: Runtime) -> TestClient:
    secrets = {
        "whatsapp_app_secret": SecretStr(SECRET),
        "whatsapp_verify_token": SecretStr(WORD),
    }
    set_runtime(replace(runtime, settings=runtime.settings.model_copy(update=secrets)))
    return TestClient(Starlette(routes=hook_routes))


def test_the_question_is_answered_to_who_knows_the_token(client: TestClient) -> None:
    asked = {"hub.mode": "subscribe", "hub.verify_token": WORD, "hub.challenge": "1158201444"}
    assert client.get("/hooks/whatsapp", params=asked).text == "1158201444"
    wrong = asked | {"hub.verify_token": "eve"}
    assert client.get("/hooks/whatsapp", params=wrong).status_code == 403


def test_without_settings_there_is_no_hook(runtime: Runtime) -> None:
    client = TestClient(Starlette(routes=hook_routes))
    assert client.get("/hooks/whatsapp").status_code == 404
    assert client.post("/hooks/whatsapp", content=b"{}").status_code == 404


def test_only_what_meta_signed_is_kept(client: TestClient, runtime: Runtime) -> None:
    body = make_body("wamid.1", "delivered")
    for headers in ({}, {"X-Hub-Signature-256": "sha256=00"}, sign(body + b" ")):
        assert client.post("/hooks/whatsapp", content=body, headers=headers).status_code == 403
    assert runtime.db.rows("select * from delivery_status") == []
    assert client.post("/hooks/whatsapp", content=body, headers=sign(body)).status_code == 200
    assert runtime.db.rows("select count(*) from delivery_status") == [(1,)]


def add_delivery(runtime: Runtime, now: datetime) -> None:
    with runtime.db.transaction() as tx:
        number = insert_delivery(
            tx,
            challenge_id=1,
            share_link_id=1,
            channel=Channel.WHATSAPP,
            identifier_hash="hash-of-ada",
            identifier_mask="+1***234",
            now=now,
        )
        accepted = DeliveryState.ACCEPTED
        update_delivery(tx, number, accepted, provider_message_id="wamid.1", now=now)


def test_statuses_in_any_order_and_twice_say_the_furthest(
    client: TestClient, runtime: Runtime, now: datetime
) -> None:
    add_delivery(runtime, now)
    for status in ("read", "sent", "delivered", "read"):
        body = make_body("wamid.1", status)
        client.post("/hooks/whatsapp", content=body, headers=sign(body))
    assert runtime.db.rows("select count(*) from delivery_status") == [(3,)]
    [delivery] = find_past_deliveries(runtime.db, ALL_YEAR, most=9)
    assert delivery.state is DeliveryState.READ


def test_a_failure_that_is_told_later_says_why_without_the_number(
    client: TestClient, runtime: Runtime, now: datetime
) -> None:
    add_delivery(runtime, now)
    body = make_body("wamid.1", "failed", 131042)
    client.post("/hooks/whatsapp", content=body, headers=sign(body))
    [delivery] = find_past_deliveries(runtime.db, ALL_YEAR, most=9)
    assert delivery.state is DeliveryState.FAILED
    assert delivery.reason is not None
    assert "payment" in delivery.reason
    assert "1650" not in delivery.reason


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"entry": 3}', b'{"entry": [{"changes": [{"value": []}]}]}']
)
def test_a_body_that_says_nothing_is_taken_and_forgotten(
    client: TestClient, runtime: Runtime, body: bytes
) -> None:
    assert client.post("/hooks/whatsapp", content=body, headers=sign(body)).status_code == 200
    assert runtime.db.rows("select * from delivery_status") == []


def test_a_body_without_end_is_not_read_to_its_end(client: TestClient) -> None:
    body = b" " * (MOST_BYTES + 1)
    assert client.post("/hooks/whatsapp", content=body, headers=sign(body)).status_code == 413
