"""Where a request really comes from: the right-most hop that no proxy of ours is."""

from collections.abc import Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from starlette.datastructures import Headers
from starlette.types import Scope

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# An office's IPv6 address is a whole network: every device has 2^64 of them to spare.
_IPV6_PREFIX = 64
_MOST_HOPS = 50


def find_network(scope: Scope, trusted: Sequence[Network]) -> str:
    """The client's address as limits count it (IPv4 /32, IPv6 /64); empty if there is none.

    `X-Forwarded-For` is believed only as far as each hop was added by a trusted proxy.
    """
    host, port = scope.get("client") or ("", 0)
    # The server has put a hop of its own choice in place of a peer at loopback, without a port.
    peer = _parse(host if port else "127.0.0.1")
    forwarded = Headers(scope=scope).getlist("x-forwarded-for")
    client = find_client(peer, ",".join(forwarded), trusted)
    return "" if client is None or client.is_loopback else str(_widen(client))


def find_client(peer: Address | None, forwarded: str, trusted: Sequence[Network]) -> Address | None:
    """The right-most hop that is not trusted, beginning with the peer; None if one is no address.

    When every hop is a trusted one, it is the left-most.
    """
    hops = [hop.strip() for hop in forwarded.split(",") if hop.strip()][-_MOST_HOPS:]
    client = peer
    for hop in reversed(hops):
        if client is None or not _is_trusted(client, trusted):
            break
        client = _parse(hop)
    return client


def _is_trusted(address: Address, trusted: Sequence[Network]) -> bool:
    return any(address.version == network.version and address in network for network in trusted)


def _parse(text: str) -> Address | None:
    bare = text.strip().strip('"')
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _widen(address: Address) -> Network:
    length = _IPV6_PREFIX if address.version == 6 else 32
    return ip_network((address, length), strict=False)
