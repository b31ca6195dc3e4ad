"""Where a request comes from: only trusted proxies are believed."""

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Scope

from gate.settings import Settings
from pages.routes.proxies import find_client, find_network

PROXIES = (ip_network("10.0.0.0/8"), ip_network("127.0.0.1/32"), ip_network("fd00::/8"))


def scope_of(peer: tuple[str, int] | None, *forwarded: str) -> Scope:
    headers = [(b"x-forwarded-for", one.encode()) for one in forwarded]
    return {"type": "http", "client": peer, "headers": headers}


@pytest.mark.parametrize(
    ("peer", "forwarded", "network"),
    [
        (("203.0.113.9", 4711), "", "203.0.113.9/32"),
        (("203.0.113.9", 4711), "198.51.100.1", "203.0.113.9/32"),
        (("10.0.0.5", 4711), "198.51.100.1, 10.0.0.7", "198.51.100.1/32"),
        (("10.0.0.5", 4711), "1.1.1.1, 198.51.100.1", "198.51.100.1/32"),
        (("127.0.0.1", 4711), "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (("127.0.0.1", 4711), "::ffff:198.51.100.1", "198.51.100.1/32"),
        (("127.0.0.1", 4711), "[2001:db8::1]:443", "2001:db8::/64"),
        (("127.0.0.1", 4711), "198.51.100.1:99", "198.51.100.1/32"),
        # The server's own rewriting of a peer at loopback: it leaves no port.
        (("6.6.6.6", 0), "198.51.100.1", "198.51.100.1/32"),
        (("127.0.0.1", 4711), "nonsense", ""),
        (("127.0.0.1", 4711), "", ""),
        (None, "", ""),
    ],
)
def test_the_client_is_the_right_most_hop_that_is_not_ours(
    peer: tuple[str, int] | None, forwarded: str, network: str
) -> None:
    assert find_network(scope_of(peer, forwarded), PROXIES) == network


def test_without_trusted_proxies_nobodys_word_is_believed() -> None:
    assert find_network(scope_of(("127.0.0.1", 4711), "198.51.100.1"), ()) == ""
    assert find_network(scope_of(("6.6.6.6", 0), "198.51.100.1"), ()) == ""


@given(st.lists(st.ip_addresses(), max_size=6), st.ip_addresses())
def test_what_stands_left_of_an_untrusted_hop_changes_nothing(
    spoofed: list[object], client: object
) -> None:
    hop = ip_address(str(client))
    if any(hop.version == one.version and hop in one for one in PROXIES):
        return
    said = ", ".join([*map(str, spoofed), str(client)])
    found = find_client(ip_address("10.0.0.5"), said, PROXIES)
    mapped = getattr(hop, "ipv4_mapped", None)
    assert found == (mapped or hop) or (mapped and find_client(mapped, "", PROXIES) == mapped)


@pytest.mark.parametrize("wrong", ["everyone", "10.0.0.5/8", "10.0.0.300", "*"])
def test_a_wrong_proxy_is_named_at_start(wrong: str) -> None:
    with pytest.raises(ValueError, match="trusted_proxies"):
        Settings(trusted_proxies=wrong)
