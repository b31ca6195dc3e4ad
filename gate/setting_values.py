"""What single settings look like: how their text is read, and what is said of a wrong one."""

import re
from collections.abc import Mapping
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_network

from pydantic import HttpUrl

Network = IPv4Network | IPv6Network
_PLAIN_ADDRESS = re.compile(r"[!-;=?A-~]+@[A-Za-z0-9.-]+")
_ADDRESS = "must be an address, such as https://example.com"
# What Pydantic calls a fault, in our words.
_SENTENCES = {
    "int_parsing": "must be a whole number",
    "int_parsing_size": "must be a smaller number",
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
    "bool_parsing": "must be true or false",
    "enum": "must be {expected}",
    "literal_error": "must be {expected}",
    "too_short": "must have {min_length} characters or more",
    "url_parsing": _ADDRESS,
    "url_scheme": _ADDRESS,
}


def refuse_blank(value: object) -> object:
    """The same value, unless it is a text without anything in it.

    Raises:
        ValueError: it is.
    """
    if isinstance(value, str) and not value.strip():
        raise ValueError("is empty: give it a value, or leave it out")
    return value


def read_plain_address(text: str) -> str:
    """The same text, if it is an email address and nothing else.

    Raises:
        ValueError: it is not.
    """
    if not _PLAIN_ADDRESS.fullmatch(text):
        raise ValueError("must be a bare address, like ada@example.com")
    return text


def read_origin(address: HttpUrl) -> HttpUrl:
    """The same address, if links can begin with it.

    Raises:
        ValueError: it has a part that they could not keep.
    """
    others = (address.query, address.fragment, address.username, address.password)
    if address.path not in (None, "/") or any(part is not None for part in others):
        raise ValueError(f"{_ADDRESS}, with nothing after the name and its port")
    return address


@cache
def parse_networks(text: str) -> tuple[Network, ...]:
    """The addresses and networks that stand in this text, with commas between them.

    Raises:
        ValueError: something else does.
    """
    return tuple(_parse_network(piece.strip()) for piece in text.split(",") if piece.strip())


def parse_limits(text: str) -> dict[str, int]:
    """The limits that stand in this text as name=number, with commas between them.

    Raises:
        ValueError: something else does.
    """
    pairs = [piece.partition("=") for piece in text.split(",") if piece.strip()]
    if any(not number.strip().isdigit() for _, _, number in pairs):
        raise ValueError("Write limits as name=number, with commas between them")
    return {name.strip(): int(number) for name, _, number in pairs}


def say_fault(kind: str, message: str, context: Mapping[str, object]) -> str:
    """What is wrong with one setting, in our words, by what Pydantic says of it."""
    sentence = _SENTENCES.get(kind)
    if sentence is None:
        return message.removeprefix("Value error, ")
    return sentence.format(**context)


def _parse_network(piece: str) -> Network:
    try:
        return ip_network(piece)
    except ValueError as failure:
        raise ValueError(_say_no_network(piece)) from failure


def _say_no_network(piece: str) -> str:
    try:
        meant = ip_network(piece, strict=False)
    except ValueError:
        return f"{piece} is no address or network, such as 10.0.0.5 or 10.1.0.0/16"
    address = piece.partition("/")[0]
    return f"{piece} is an address within a network: write {meant} for all of it, or {address}"
