"""Codes and the keyed hashes that stand in for them: what is secret, and how it is compared."""

import base64
import hashlib
import hmac
import os
import re
import secrets
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

import pyotp

from data.records import Channel
from gate.errors import MalformedCode
from gate.limits import CODE_DIGITS

PEPPER_BYTES = 32
PEPPER_FILE = "pepper"

# Digits, and what people write between them; nothing else belongs to one run of digits.
_RUN = re.compile(r"[0-9](?:[\s\-‐‑‒–—−]*[0-9])*")
_NOT_A_DIGIT = re.compile(r"[^0-9]")
# More than a whole message with its code in it.
_LONGEST_PASTE = 2_000
# Zero-width marks that come along when a code is pasted from a message in a right-to-left script.
_INVISIBLE = dict.fromkeys(map(ord, "​‌‍‎‏⁠‪‫‬⁦⁧⁨⁩﻿"))


class PepperRefused(Exception):
    """The configured pepper cannot be used; the message says what it must look like."""


@dataclass(frozen=True, slots=True)
class Pepper:
    """The key of every stored hash: the current generation, and the one before if there is one."""

    current: bytes = field(repr=False)
    previous: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeBinding:
    """Everything that one code is good for; a code is worth nothing anywhere else."""

    challenge_id: int
    share_link_id: int
    identifier_key: str
    browser_id: int
    channel: Channel


def read_pepper(home: Path, configured: str | None) -> Pepper:
    """The pepper of the settings, or else of the home's own file, made on first run (0600).

    Raises:
        PepperRefused: it is not 64 hexadecimal digits, or two such generations with a comma.
    """
    if configured is not None:
        return _parse_pepper(configured, "GATEBOOK_PEPPER")
    path = home / PEPPER_FILE
    if not path.exists():
        _write_secret(path, secrets.token_hex(PEPPER_BYTES))
    return _parse_pepper(path.read_text(encoding="ascii").strip(), str(path))


def make_code(digits: int = CODE_DIGITS) -> str:
    """A fresh code: RFC 4226 over a secret and a counter that are thrown away."""
    secret = base64.b32encode(secrets.token_bytes(20)).decode()
    return pyotp.HOTP(secret, digits=digits).at(secrets.randbelow(2**31))


def parse_code(text: str, digits: int = CODE_DIGITS) -> str:
    """The ASCII digits of a typed or pasted code, in any script's digits, with any words around it.

    Raises:
        MalformedCode: it holds no run of so many digits, or several; no try should be counted.
    """
    shown = text[:_LONGEST_PASTE].translate(_INVISIBLE)
    folded = "".join(_ascii_digit(character) for character in shown)
    runs = [_NOT_A_DIGIT.sub("", run) for run in _RUN.findall(folded)]
    codes = [run for run in runs if len(run) == digits]
    if len(codes) != 1:
        raise MalformedCode(digits)
    return codes[0]


def code_mac(key: bytes, binding: CodeBinding, code: str) -> str:
    """The keyed hash that is stored in place of a code, in hexadecimal."""
    message = "|".join(
        (
            str(binding.challenge_id),
            str(binding.share_link_id),
            binding.identifier_key,
            str(binding.browser_id),
            binding.channel,
            code,
        )
    )
    return hmac.new(key, message.encode(), hashlib.sha256).hexdigest()


def is_right_code(pepper: Pepper, binding: CodeBinding, code: str, mac: str) -> bool:
    """Whether `mac` was made from this code for this binding, compared in constant time."""
    keys = [pepper.current] + ([pepper.previous] if pepper.previous else [])
    answers = [hmac.compare_digest(code_mac(key, binding, code), mac) for key in keys]
    return any(answers)


def keyed_hash(pepper: Pepper, text: str) -> str:
    """What the trail holds in place of an identifier or a search: the same text, the same hash."""
    return hmac.new(pepper.current, text.encode(), hashlib.sha256).hexdigest()


def keyed_hashes(pepper: Pepper, text: str) -> frozenset[str]:
    """What the text's keyed hash is, and what it was under the pepper before."""
    keys = [pepper.current] + ([pepper.previous] if pepper.previous else [])
    return frozenset(hmac.new(key, text.encode(), hashlib.sha256).hexdigest() for key in keys)


def make_secret() -> str:
    """A fresh random id for a cookie, grant or address: 256 bits, safe in a URL."""
    return secrets.token_urlsafe(32)


def secret_hash(secret: str) -> str:
    """What is stored in place of a random id: its SHA-256 in hexadecimal."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _ascii_digit(character: str) -> str:
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)


def _parse_pepper(text: str, source: str) -> Pepper:
    try:
        generations = [bytes.fromhex(part) for part in text.split(",")]
    except ValueError:
        generations = []
    if len(generations) not in (1, 2) or any(len(one) != PEPPER_BYTES for one in generations):
        message = (
            f"{source} must be 64 hexadecimal digits (openssl rand -hex 32), or the new and the "
            "previous one with a comma between them."
        )
        raise PepperRefused(message)
    return Pepper(*generations)


def _write_secret(path: Path, text: str) -> None:
    temporary = path.with_suffix(".new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
