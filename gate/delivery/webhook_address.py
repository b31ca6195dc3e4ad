"""Where a webhook may lead: to a public address over https, whatever its name says today.

A server that sends to any address an owner types could be made to ask the machines around it.
"""

import re
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

LONGEST_ADDRESS = 2_000

IpAddress = IPv4Address | IPv6Address

_PLAIN = re.compile(r"[!-~]+")
_HOST = re.compile(r"(?!-)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*\.?|[0-9a-f:.]+")
_UNICAST = ip_network("2000::/3")
# An IPv4 address within an IPv6 one, as translators write it (RFC 6052).
_TRANSLATED = ip_network("64:ff9b::/96")
# Public by its number, and yet a machine's own provider answers there (Azure).
_PROVIDERS_OWN = frozenset({ip_address("168.63.129.16")})


class AddressRefused(Exception):
    """Nothing is sent to this address; the text says why, for the owner."""


class AddressMalformed(AddressRefused):
    """It is no address of the web, or carries what none should."""


class AddressNotHttps(AddressRefused):
    """What is sent there could be read on its way."""


class AddressNotPublic(AddressRefused):
    """It is a machine's own network, where nothing of ours has to ask."""


@dataclass(frozen=True, slots=True)
class WebhookTarget:
    """An address in its parts; `path` is with its query."""

    is_https: bool
    host: str
    port: int
    path: str


def parse_webhook_address(text: str, *, allows_loopback: bool) -> WebhookTarget:
    """The parts of an address that may be told something; where its name leads is not asked yet.

    Raises:
        AddressRefused: it is malformed, not https, or names a network's own machine.
    """
    try:
        parts = urlsplit(text)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        host, port = "", None
    if not host or len(text) > LONGEST_ADDRESS or not _PLAIN.fullmatch(text):
        raise AddressMalformed("It is no address of the web")
    if parts.username is not None or parts.fragment or not _HOST.fullmatch(host):
        raise AddressMalformed("It carries a user name, a fragment or an odd host")
    if parts.scheme not in ("https", "http"):
        raise AddressNotHttps("It does not begin with https://")
    is_https = parts.scheme == "https"
    if not is_https and not (allows_loopback and _names_loopback(host)):
        raise AddressNotHttps("It does not begin with https://")
    numeric = _read_ip(host)
    if numeric is not None or _names_loopback(host):
        _require_allowed(numeric or ip_address("127.0.0.1"), allows_loopback=allows_loopback)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return WebhookTarget(is_https, host, port or (443 if is_https else 80), path)


def resolve_target(target: WebhookTarget, *, allows_loopback: bool) -> list[IpAddress]:
    """Where the name leads now, every one of it allowed; to be connected to as they are.

    Raises:
        AddressRefused: it leads nowhere, or one of it is no public address.
        OSError: the name could not be looked up.
    """
    found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(ip_address(str(one[4][0]).partition("%")[0]) for one in found))
    if not addresses:
        raise AddressRefused("Its name leads nowhere")
    for address in addresses:
        _require_allowed(address, allows_loopback=allows_loopback)
        # What is not encrypted stays on this machine, wherever a name leads by now.
        if not target.is_https and not _unwrap(address).is_loopback:
            raise AddressNotHttps("It does not begin with https://")
    return addresses


def is_public(address: IpAddress) -> bool:
    """Whether this is a machine of the open internet, to anybody anywhere."""
    bare = _unwrap(address)
    if bare in _PROVIDERS_OWN or bare.is_multicast or bare.is_reserved:
        return False
    if isinstance(bare, IPv6Address):
        # 6to4 and Teredo hide an IPv4 address, which nobody routes so any more.
        is_tunnel = bare.sixtofour is not None or bare.teredo is not None
        return bare in _UNICAST and bare.is_global and not is_tunnel
    return bare.is_global


def _require_allowed(address: IpAddress, *, allows_loopback: bool) -> None:
    if allows_loopback and _unwrap(address).is_loopback:
        return
    if not is_public(address):
        raise AddressNotPublic("It leads into a private network, which is never asked")


def _unwrap(address: IpAddress) -> IpAddress:
    """The IPv4 address that an IPv6 one stands for; else the address itself."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address in _TRANSLATED:
            return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _names_loopback(host: str) -> bool:
    number = _read_ip(host)
    named = host.rstrip(".")
    return (
        number.is_loopback
        if number is not None
        else named == "localhost" or named.endswith(".localhost")
    )


def _read_ip(host: str) -> IpAddress | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
