"""Codes by WhatsApp: what is asked of Meta, and what each of its answers means."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from gate.delivery.deliverer import CodeMessage, FailureKind, SendingFailed
from gate.delivery.whatsapp import WhatsAppAccount, WhatsAppDeliverer
from gate.identifiers import parse_whatsapp
from tests.gate.mail_servers import free_port
from tests.gate.whatsapp_stub import CORPUS, NUMBER_ID, TEMPLATE, TOKEN, Stub, running_stub, shape

SENT_AT = datetime(2026, 3, 18, 12, tzinfo=UTC)
TO_ADA = CodeMessage(
    recipient=parse_whatsapp("+5491123456789", None),
    code="012345",
    share_link_name="Deck",
    account_name="Northwind",
    sent_at=SENT_AT,
    expires_at=SENT_AT + timedelta(minutes=10),
    message_id="1.a",
)


@pytest.fixture
def stub() -> Iterator[Stub]:
    with running_stub() as started:
        yield started


def account_at(address: str) -> WhatsAppAccount:
    return WhatsAppAccount(
        phone_number_id=NUMBER_ID,
        token=TOKEN,
        template=TEMPLATE,
        base_url=address,
        connect_seconds=1,
        read_seconds=0.5,
    )


def fail_to_send(stub: Stub) -> SendingFailed:
    with pytest.raises(SendingFailed) as failure:
        WhatsAppDeliverer(account_at(stub.address)).deliver(TO_ADA)
    said = failure.value.reason
    assert not any(secret in said for secret in (TOKEN, "012345", "1123456789", "12015553931"))
    assert failure.value.__cause__ is None
    return failure.value


def test_the_request_is_the_one_that_meta_documents(stub: Stub) -> None:
    assert WhatsAppDeliverer(account_at(stub.address)).deliver(TO_ADA) == "wamid.1"
    [body] = stub.requests
    assert shape(body) == shape(CORPUS["send_auth_template_request"]["json"])
    assert body["to"] == "5491123456789"
    texts = [part["parameters"][0]["text"] for part in body["template"]["components"]]
    assert texts == ["012345", "012345"]


CONFIGURATION = (0, 3, 10, 190, 200, 250, 299, 131005, 100, 131008, 131009, 131030)
TEMPLATES = (132000, 132001, 132005, 132007, 132012, 132015, 132016)


@pytest.mark.parametrize("status", [200, 400, 500])
@pytest.mark.parametrize(
    ("codes", "kind", "retries"),
    [
        (CONFIGURATION, FailureKind.REFUSED, 0),
        (TEMPLATES, FailureKind.REFUSED, 0),
        ((4, 80007, 130429, 131056), FailureKind.BUSY, 1),
        ((131048, 131031, 368, 131042), FailureKind.STOPPED, 0),
        ((131026,), FailureKind.ADDRESS, 0),
        ((1, 2, 131000, 131016), FailureKind.UNREACHABLE, 1),
    ],
)
def test_each_error_means_what_its_code_says_whatever_the_status(
    stub: Stub, status: int, codes: tuple[int, ...], kind: FailureKind, retries: int
) -> None:
    for code in codes:
        stub.error_codes = [(status, code)]
        failure = fail_to_send(stub)
        assert (failure.kind, len(failure.retry_delays)) == (kind, retries), code


def test_a_throttled_message_waits_six_seconds(stub: Stub) -> None:
    stub.error_codes = [(429, 130429)]
    assert fail_to_send(stub).retry_delays == (6.0,)


@pytest.mark.parametrize("answer", [(503, b"<html>"), (500, b"{}"), (502, b'{"error": 3}')])
def test_an_answer_that_is_no_json_of_meta_is_an_outage(
    stub: Stub, answer: tuple[int, bytes]
) -> None:
    stub.raw_answer = answer
    assert fail_to_send(stub).kind is FailureKind.UNREACHABLE


def test_an_unknown_error_is_for_the_owner(stub: Stub) -> None:
    stub.error_codes = [(400, 999_999)]
    failure = fail_to_send(stub)
    assert failure.kind is FailureKind.MESSAGE
    assert "999999" in failure.reason


@pytest.mark.parametrize("trouble", [{"wait_seconds": 1.0}, {"is_cutting": True}])
def test_an_answer_that_never_comes_is_uncertain_and_never_repeated(
    stub: Stub, trouble: dict[str, float]
) -> None:
    for name, value in trouble.items():
        setattr(stub, name, value)
    failure = fail_to_send(stub)
    assert (failure.kind, failure.retry_delays) == (FailureKind.UNKNOWN, ())


def test_a_probe_meets_what_a_message_would_and_sends_none(stub: Stub) -> None:
    deliverer = WhatsAppDeliverer(account_at(stub.address))
    deliverer.probe()
    assert (stub.requests, stub.descriptions) == ([], 1)
    stub.error_codes = [(401, 190)]
    with pytest.raises(SendingFailed) as failure:
        deliverer.probe()
    assert failure.value.kind is FailureKind.REFUSED
    stub.is_cutting = True
    with pytest.raises(SendingFailed) as failure:
        deliverer.probe()
    assert failure.value.kind is FailureKind.UNKNOWN


def test_nobody_at_the_address_is_tried_once_more(stub: Stub) -> None:
    nobody = replace(stub, port=free_port())
    failure = fail_to_send(nobody)
    assert failure.kind is FailureKind.UNREACHABLE
    assert len(failure.retry_delays) == 1


def test_a_wrong_token_is_told_without_the_token(stub: Stub) -> None:
    account = replace(account_at(stub.address), token="wrong")
    with pytest.raises(SendingFailed, match=r"access token has expired.*\(190\)"):
        WhatsAppDeliverer(account).deliver(TO_ADA)
    assert TOKEN not in repr(WhatsAppDeliverer(account_at(stub.address)))
