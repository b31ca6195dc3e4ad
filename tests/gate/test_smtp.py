"""Codes by email against a real mail server: TLS, sign-in, refusals, silence."""

import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gate.delivery.deliverer import CodeMessage, FailureKind, SendingFailed
from gate.delivery.smtp import SmtpDeliverer, SmtpServer
from gate.identifiers import parse_email, parse_whatsapp
from tests.gate.mail_servers import (
    SENDER,
    Certificate,
    Mailbox,
    accept_and_hang_up,
    check_login,
    free_port,
    mail_server,
    make_certificate,
    scripted_server,
)

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
TO_ADA = CodeMessage(
    recipient=parse_email("Ada@Mail.example"),
    code="012345",
    share_link_name="Deck 2026",
    account_name="Acme",
    sent_at=NOW,
    expires_at=NOW + timedelta(minutes=10),
    message_id="m1",
)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


def fail_to_send(server: SmtpServer, message: CodeMessage = TO_ADA) -> SendingFailed:
    with pytest.raises(SendingFailed) as failure:
        SmtpDeliverer(server).deliver(message)
    told = f"{failure.value} {failure.value.reason} {failure.value.__cause__}".lower()
    assert not [secret for secret in ("012345", "ada", "mail.example", "s3cret") if secret in told]
    return failure.value


def with_settings(server: SmtpServer, change: dict[str, Any]) -> SmtpServer:
    return replace(server, **change)


def test_a_code_reaches_a_server_on_this_machine() -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as server:
        SmtpDeliverer(server).deliver(TO_ADA)
    (envelope,) = mailbox.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == (SENDER, ["Ada@Mail.example"])
    assert isinstance(envelope.content, bytes)
    assert envelope.content.partition(b"\r\n\r\n")[2].startswith(b"012345\r\n")


def test_a_probe_begins_a_mail_and_sends_none() -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as server:
        SmtpDeliverer(server).probe()
    assert mailbox.envelopes == []
    with pytest.raises(SendingFailed) as failure:
        SmtpDeliverer(server).probe()
    assert failure.value.kind is FailureKind.UNREACHABLE


def test_a_mail_that_is_refused_for_what_it_says_is_no_trouble_of_the_channel() -> None:
    with mail_server(Mailbox(data_answer="554 looks like spam")) as server:
        assert fail_to_send(server).kind is FailureKind.MESSAGE
    with mail_server(Mailbox(data_answer="451 later")) as server:
        assert fail_to_send(server).kind is FailureKind.BUSY


def test_an_idn_domain_goes_over_the_wire_as_its_a_label() -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as server:
        to_ada = replace(TO_ADA, recipient=parse_email("Ada@Bücher.example"))
        SmtpDeliverer(server).deliver(to_ada)
    assert mailbox.envelopes[0].rcpt_tos == ["Ada@xn--bcher-kva.example"]


@pytest.mark.parametrize(
    "words", ["x\r\nBcc: eve@mail.example", "=?utf-8?q?=0ABcc:_e=40m.example?="]
)
def test_a_hostile_name_still_reaches_only_ada(words: str) -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as server:
        hostile = replace(TO_ADA, share_link_name=words, account_name=words, message_id=words)
        SmtpDeliverer(server).deliver(hostile)
    (envelope,) = mailbox.envelopes
    assert envelope.rcpt_tos == ["Ada@Mail.example"]
    assert isinstance(envelope.content, bytes)
    assert b"\nbcc:" not in envelope.content.lower()


@pytest.mark.parametrize("mechanisms", [[], ["PLAIN"], ["LOGIN"]])
def test_it_signs_in_only_after_starttls(certificate: Certificate, mechanisms: list[str]) -> None:
    mailbox = Mailbox()
    with mail_server(
        mailbox,
        tls_context=certificate.context(),
        require_starttls=True,
        auth_required=True,
        authenticator=check_login,
        auth_exclude_mechanism=mechanisms,
    ) as plain:
        server = replace(
            plain, host="localhost", tls="starttls", ca_file=certificate.certificate,
            user="gatebook", password="s3cret",
        )  # fmt: skip
        SmtpDeliverer(server).deliver(TO_ADA)
        failure = fail_to_send(replace(server, password="s3cret-but-wrong"))
    assert len(mailbox.envelopes) == 1
    assert failure.reason == "The mail server refused the user name or password (535)"
    assert failure.kind is FailureKind.REFUSED


def test_tls_from_the_first_byte(certificate: Certificate) -> None:
    mailbox = Mailbox()
    with mail_server(mailbox, ssl_context=certificate.context()) as plain:
        trusting = {"host": "localhost", "tls": "tls", "ca_file": certificate.certificate}
        SmtpDeliverer(with_settings(plain, trusting)).deliver(TO_ADA)
    assert len(mailbox.envelopes) == 1


@pytest.mark.parametrize("change", [{"ca_file": None}, {"host": "127.0.0.1"}])
def test_a_certificate_nobody_vouches_for_is_refused(
    certificate: Certificate, change: dict[str, Any]
) -> None:
    mailbox = Mailbox()
    with mail_server(mailbox, tls_context=certificate.context()) as plain:
        server = replace(plain, host="localhost", tls="starttls", ca_file=certificate.certificate)
        failure = fail_to_send(with_settings(server, change))
    assert failure.reason == "The mail server's certificate is not trusted"
    assert not mailbox.envelopes


def test_implicit_tls_checks_the_certificate_too(certificate: Certificate) -> None:
    mailbox = Mailbox()
    with mail_server(mailbox, ssl_context=certificate.context()) as plain:
        failure = fail_to_send(replace(plain, host="localhost", tls="tls"))
    assert failure.reason == "The mail server's certificate is not trusted"
    assert not mailbox.envelopes


def test_a_server_without_starttls_gets_neither_password_nor_code() -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as plain:
        failure = fail_to_send(replace(plain, tls="starttls", user="gatebook", password="s3cret"))
    assert failure.reason == "The mail server does not offer STARTTLS or a sign-in"
    assert not mailbox.envelopes


def test_without_tls_no_other_machine_is_spoken_to() -> None:
    failure = fail_to_send(SmtpServer(host="mx.example", port=25, sender=SENDER, tls="none"))
    assert failure.reason == "Without TLS only a mail server on this machine may be used"


@pytest.mark.parametrize(
    ("answer", "is_permanent"),
    [
        ("550 5.1.1 <Ada@Mail.example> no such user", True),
        ("553 Ada@Mail.example?", True),
        ("450 4.2.1 Ada@Mail.example is busy", False),
        ("421 Ada@Mail.example: later", False),
    ],
)
def test_a_refused_address_is_permanent_only_with_5xx(answer: str, is_permanent: bool) -> None:
    with mail_server(Mailbox(rcpt_answer=answer)) as server:
        failure = fail_to_send(server)
    assert (failure.kind is FailureKind.ADDRESS) is is_permanent
    assert is_permanent or failure.retry_delays == (15, 60)
    assert failure.reason == f"The mail server refused the recipient ({answer[:3]})"


@pytest.mark.parametrize("answer", ["554 5.7.1 spam to Ada@Mail.example", "451 later 012345"])
def test_a_refused_message_says_nothing_of_the_address(answer: str) -> None:
    with mail_server(Mailbox(data_answer=answer)) as server:
        failure = fail_to_send(server)
    assert failure.reason == f"The mail server refused the message ({answer[:3]})"
    assert failure.kind is not FailureKind.ADDRESS


def test_a_server_that_is_down() -> None:
    server = SmtpServer(host="127.0.0.1", port=free_port(), sender=SENDER, tls="none")
    assert fail_to_send(server).reason == "The mail server cannot be reached"


def wait_for_hang_up(connection: socket.socket) -> None:
    while connection.recv(1024):
        pass


def greet_and_fall_silent(connection: socket.socket) -> None:
    connection.sendall(b"220 mx\r\n")
    wait_for_hang_up(connection)


def drip(connection: socket.socket) -> None:
    with suppress(OSError):
        for _ in range(60):
            connection.sendall(b"220-wait\r\n")
            time.sleep(0.1)


def hang_up(connection: socket.socket) -> None:
    connection.sendall(b"220 mx\r\n")


@pytest.mark.parametrize("talk", [wait_for_hang_up, greet_and_fall_silent, drip, hang_up])
def test_a_server_that_never_answers_is_given_up(talk: Callable[[socket.socket], None]) -> None:
    begun = time.monotonic()
    with scripted_server(talk) as server:
        failure = fail_to_send(server)
    assert failure.reason == "The mail server did not answer in time or hung up"
    assert time.monotonic() - begun < 3


def turn_away(connection: socket.socket) -> None:
    connection.sendall(b"554 no service for Ada\r\n")


def test_a_server_that_turns_everyone_away() -> None:
    with scripted_server(turn_away) as server:
        assert fail_to_send(server).reason == "The mail server refused the message (554)"


def test_what_was_accepted_is_sent_even_if_the_goodbye_fails() -> None:
    with scripted_server(accept_and_hang_up) as server:
        SmtpDeliverer(server).deliver(TO_ADA)


@pytest.mark.parametrize(
    "change",
    [
        {"host": "a" * 300 + ".example", "tls": "tls"},
        {"ca_file": Path("/nowhere/ca.pem")},
    ],
)
def test_wrong_settings_are_a_failure_with_a_reason(change: dict[str, Any]) -> None:
    server = SmtpServer(host="127.0.0.1", port=free_port(), sender=SENDER, tls="starttls")
    assert fail_to_send(with_settings(server, change)).reason.startswith("The mail server")


def test_a_number_cannot_get_mail() -> None:
    server = SmtpServer(host="127.0.0.1", port=free_port(), sender=SENDER, tls="none")
    to_a_phone = replace(TO_ADA, recipient=parse_whatsapp("+44 7400 123456", None))
    assert fail_to_send(server, to_a_phone).kind is FailureKind.ADDRESS


def test_the_password_is_not_shown_with_the_server() -> None:
    server = SmtpServer(host="mx.example", port=465, sender=SENDER, password="s3cret")
    assert "s3cret" not in repr(SmtpDeliverer(server))
