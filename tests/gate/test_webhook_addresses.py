"""Where a webhook may lead: nowhere but to the open internet, whatever its name says today."""

import socket
import ssl
import subprocess
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

from gate.delivery.webhook_address import (
    AddressMalformed,
    AddressNotHttps,
    AddressNotPublic,
    AddressRefused,
    is_public,
    parse_webhook_address,
    resolve_target,
)
from gate.delivery.webhook_request import HookFailed, HookSender
from tests.gate.webhook_receiver import running_receiver

PRIVATE = [
    "127.0.0.1",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.100.100.200",
    "168.63.129.16",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "198.18.0.1",
    "::1",
    "::",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::127.0.0.1",
    "64:ff9b::10.0.0.1",
    "64:ff9b:1::a00:1",
    "2002:a00:1::",
    "2001:0:a00:1::",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
]


def lead(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Let every name lead to these addresses."""

    def look_up(host: str, port: int, *_: object, **__: object) -> list[tuple[Any, ...]]:
        return [
            (socket.AF_INET6 if ":" in one else socket.AF_INET, 1, 6, "", (one, port))
            for one in addresses
        ]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


@pytest.mark.parametrize("address", PRIVATE)
def test_no_private_address_is_sent_to_by_number_or_by_name(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    assert not is_public(ip_address(address))
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(AddressNotPublic):
        parse_webhook_address(f"https://{host}/", allows_loopback=False)
    lead(monkeypatch, "93.184.215.14", address)
    with pytest.raises(HookFailed, match="private network"):
        HookSender().send("https://crm.example.com/", {}, b"")


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:4700::1111", "64:ff9b::5db8:d70e"])
def test_a_public_address_is_taken(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    lead(monkeypatch, address)
    target = parse_webhook_address("https://crm.example.com/", allows_loopback=False)
    assert resolve_target(target, allows_loopback=False) == [ip_address(address)]


@pytest.mark.parametrize("text", ["https://127.1/", "https://2130706433/", "https://0x7f000001/"])
def test_odd_ways_to_write_this_machine_lead_nowhere(text: str) -> None:
    with pytest.raises(HookFailed):
        HookSender().send(text, {}, b"")


def test_to_develop_this_machine_is_told_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    for text in ("http://localhost:8000/hook", "http://127.0.0.1/", "http://[::1]/"):
        assert parse_webhook_address(text, allows_loopback=True).host
        with pytest.raises(AddressRefused):
            parse_webhook_address(text, allows_loopback=False)
    for text in ("http://10.0.0.1/", "http://crm.example.com/"):
        with pytest.raises(AddressNotHttps):
            parse_webhook_address(text, allows_loopback=True)
    with pytest.raises(AddressNotPublic):
        parse_webhook_address("https://10.0.0.1/", allows_loopback=True)
    lead(monkeypatch, "93.184.215.14")
    target = parse_webhook_address("http://localhost/", allows_loopback=True)
    with pytest.raises(AddressNotHttps):
        resolve_target(target, allows_loopback=True)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "crm.example.com",
        "https://",
        "https:///hook",
        "https://crm.example.com:99999/",
        "https://me@crm.example.com/",
        "https://crm.example.com/#part",
        "https://crm.example.com/\r\nX: y",
        "https://crm.example.com/" + "x" * 2_000,
        "https://[::1",
        "https://crm_!.example.com/",
        "https://bücher.example/",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(AddressMalformed):
        parse_webhook_address(text, allows_loopback=True)


@pytest.mark.parametrize("text", ["ftp://crm.example.com/", "http://crm.example.com/"])
def test_what_is_not_https_is_refused(text: str) -> None:
    with pytest.raises(AddressNotHttps):
        parse_webhook_address(text, allows_loopback=False)


def test_a_name_that_leads_nowhere_is_told() -> None:
    with pytest.raises(HookFailed, match="could not be looked up"):
        HookSender().send("https://nowhere.invalid/", {}, b"")


@pytest.fixture
def https_receiver(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """The port of a receiver that speaks https as `crm.example.com`, and who vouches for it."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    asked = [
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "1",
        "-subj",
        "/CN=crm.example.com",
    ]
    asked += ["-addext", "subjectAltName=DNS:crm.example.com"]
    files = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run(["openssl", *asked, *files], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with running_receiver(context) as receiver:
        yield receiver.port, certificate


def test_the_address_that_was_looked_at_is_connected_to_under_its_own_name(
    monkeypatch: pytest.MonkeyPatch, https_receiver: tuple[int, Path]
) -> None:
    port, certificate = https_receiver
    lead(monkeypatch, "127.0.0.1")
    trusting = HookSender(allows_loopback=True, ca_file=certificate)
    assert trusting.send(f"https://crm.example.com:{port}/", {}, b"{}").status == 200
    with pytest.raises(HookFailed, match="certificate is not valid for this name"):
        trusting.send(f"https://other.example.com:{port}/", {}, b"{}")
    with pytest.raises(HookFailed, match="certificate is not valid for this name"):
        HookSender(allows_loopback=True).send(f"https://crm.example.com:{port}/", {}, b"{}")
