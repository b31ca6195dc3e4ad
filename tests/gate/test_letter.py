"""The mail that carries a code: what it says, and that nobody's words can add to it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gate.delivery.deliverer import CodeMessage, SendingFailed
from gate.delivery.letter import _has_only_our_headers, clean_header_text, write_letter
from gate.identifiers import parse_email

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SENDER = "codes@gatebook.example"
ADA = "Ada@mail.example"
TO_ADA = CodeMessage(
    recipient=parse_email(ADA),
    code="012345",
    share_link_name="Deck 2026",
    account_name="Acme",
    sent_at=NOW,
    expires_at=NOW + timedelta(minutes=10),
    message_id="m1",
)
HEADERS = {
    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted",
    "Content-Type", "Content-Transfer-Encoding", "MIME-Version",
}  # fmt: skip
HOSTILE = [
    "x\r\nBcc: eve@mail.example",
    "x\nBcc: eve@mail.example\n\nHello",
    "x\x85Bcc: eve@mail.example",
    "x\u2028Bcc: eve@mail.example",
    "=?utf-8?q?x=0D=0ABcc:_eve=40mail.example?=",
    "=\u202e?utf-8?q?=0ABcc:_eve=40mail.example?=",
    "eve@mail.example, x",
    'x" <eve@mail.example>, "y',
    "ü, eve@mail.example",
    "ü\\\" <eve@mail.example>; group: eve@mail.example;",
    "\u202egpj.exe\u2066",
    "\ud800\0\x1b[31m",
    "{code.__class__} %s {0}",
    "https://evil.example/login",
    "é x" * 200,
]  # fmt: skip


def read(letter: bytes) -> EmailMessage:
    received = message_from_bytes(letter, policy=SMTP)
    assert isinstance(received, EmailMessage)
    return received


def test_the_code_is_the_first_line_and_the_rest_says_whose_it_is() -> None:
    text = read(write_letter(TO_ADA, SENDER, ADA)).get_content()
    assert text.splitlines()[0] == "012345"
    assert "Deck 2026" in text
    assert "Acme" in text
    assert "10 minutes" in text
    assert "://" not in text


def test_the_headers_are_ours() -> None:
    letter = read(write_letter(TO_ADA, SENDER, ADA))
    assert letter["From"] == "Acme <codes@gatebook.example>"
    assert letter["To"] == ADA
    assert letter["Subject"] == "012345 is your code for Deck 2026"
    assert letter["Date"].datetime == NOW
    assert letter["Message-ID"] == "<m1@gatebook.example>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_content_type() == "text/plain"
    assert set(letter.keys()) == HEADERS


def test_the_bytes_are_what_every_mail_server_takes() -> None:
    letter = write_letter(replace(TO_ADA, share_link_name="Über “uns” 🚀"), SENDER, ADA)
    assert letter.isascii()
    assert b"\n" not in letter.replace(b"\r\n", b"")
    assert read(letter)["Subject"] == "012345 is your code for Über “uns” 🚀"


@pytest.mark.parametrize("words", HOSTILE)
def test_mail_header_injection_adds_no_header_and_no_recipient(words: str) -> None:
    hostile = replace(TO_ADA, share_link_name=words, account_name=words, message_id=words)
    letter = read(write_letter(hostile, SENDER, ADA))
    assert set(letter.keys()) == HEADERS
    assert len(letter.keys()) == len(HEADERS)
    assert [address.addr_spec for address in letter["To"].addresses] == [ADA]
    assert [address.addr_spec for address in letter["From"].addresses] == [SENDER]
    assert letter.get_content().splitlines()[0] == "012345"


@given(st.text(max_size=200), st.text(max_size=200))
@example("ü" * 130 + ", eve@mail.example", '"\\')
@settings(max_examples=300, deadline=None)
def test_any_name_can_be_sent(link: str, account: str) -> None:
    named = replace(TO_ADA, share_link_name=link, account_name=account)
    letter = read(write_letter(named, SENDER, ADA))
    assert letter["Subject"].startswith("012345 is your code for ")
    assert letter.get_content().splitlines()[0] == "012345"


@pytest.mark.parametrize(
    ("words", "cleaned"),
    [
        ("  Deck\t2026 ", "Deck 2026"),
        ("De\u0301ck", "Déck"),
        ("x\r\nBcc: eve", "x Bcc: eve"),
        ("a\u202eb\u2066c\u200fd\u061ce", "abcde"),
        ("a\ud800\ufeff\u200bb", "ab"),
        ("=?utf-8?q?x?=", ""),
        ("=\u200b?utf-8", ""),
        ("http://evil.example", ""),
        ("x" * 500, "x" * 120),
        ("👩\u200d💻", "👩\u200d💻"),
        ("\r\n", ""),
    ],
)
def test_words_are_cleaned_for_a_header(words: str, cleaned: str) -> None:
    assert clean_header_text(words) == cleaned


def test_a_name_that_cannot_be_shown_becomes_neutral_words() -> None:
    nameless = replace(TO_ADA, share_link_name="=?utf-8?q?x?=", account_name="\u202e")
    letter = read(write_letter(nameless, SENDER, ADA))
    assert letter["Subject"] == "012345 is your code for a document"
    assert letter["From"] == SENDER
    assert "shared by the sender" in letter.get_content()


@pytest.mark.parametrize(
    "address",
    [
        "a" * 64 + "@" + ".".join(["b" * 60] * 3)[:181] + ".example",
        "a!#$%&'*+/=^_`{|}~-@m.example",
        ".".join("abcdefghijklmnopqrstuvwxyz") + "@m.example",
        "ada@xn--bcher-kva.example",
    ],
)
def test_any_address_stays_what_it_is(address: str) -> None:
    letter = read(write_letter(TO_ADA, SENDER, parse_email(address).address))
    assert [found.addr_spec for found in letter["To"].addresses] == [address]


@pytest.mark.parametrize(
    "sender",
    ["", "codes", "Acme <a@m.example>", "a@m.example\r\nBcc: e@m.example", "a@b@c", "ä@m.example"],
)
def test_a_sender_that_is_no_plain_address_is_refused(sender: str) -> None:
    with pytest.raises(SendingFailed, match="sender address"):
        write_letter(TO_ADA, sender, ADA)


@pytest.mark.parametrize(
    "recipient", ["a@m.example, eve@m.example", "a@m.example\nBcc: e@m.example"]
)
def test_a_second_recipient_is_refused(recipient: str) -> None:
    with pytest.raises(SendingFailed) as failure:
        write_letter(TO_ADA, SENDER, recipient)
    assert "012345" not in str(failure.value)
    assert "m.example" not in str(failure.value)


@pytest.mark.parametrize(
    "extra",
    [
        b"Bcc: e@m.example",
        b"To: e@m.example",
        b"X-Eve: 1",
        b"",
        b"Subject: x\r\n\r\nTo: e@m.example",
    ],
)
def test_the_last_look_finds_a_header_too_many_or_too_few(extra: bytes) -> None:
    letter = write_letter(TO_ADA, SENDER, ADA)
    assert _has_only_our_headers(letter, SENDER, ADA)
    added = letter.replace(b"Auto-Submitted: auto-generated", extra)
    assert not _has_only_our_headers(added, SENDER, ADA)
    assert not _has_only_our_headers(
        letter.replace(b"To: Ada@", b"To: e@m.example, Ada@"), SENDER, ADA
    )
