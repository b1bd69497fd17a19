"""Whose address counts."""

import pytest

from punctual.gateway.addresses import client_chain, counted_as


def test_without_trusted_proxies_the_peer_is_the_client_whatever_it_claims():
    assert client_chain("192.0.2.1", ["10.0.0.1, 10.0.0.2"], 0) == ["192.0.2.1"]


@pytest.mark.parametrize(
    ("forwarded", "trusted", "client"),
    [
        (["198.51.100.7"], 1, "198.51.100.7"),
        (["6.6.6.6, 198.51.100.7"], 1, "198.51.100.7"),
        (["6.6.6.6", "198.51.100.7"], 1, "198.51.100.7"),
        (["6.6.6.6, 198.51.100.7, 10.0.0.1"], 2, "198.51.100.7"),
        (["198.51.100.7"], 2, "198.51.100.7"),
        (["2001:db8::1"], 1, "2001:db8::1"),
        ([], 1, "192.0.2.1"),
        ([""], 1, "192.0.2.1"),
        (["not an address"], 1, "192.0.2.1"),
        (["198.51.100.7, unknown, 10.0.0.1"], 3, "10.0.0.1"),
    ],
)
def test_trusted_proxies_are_believed_for_as_many_steps_as_there_are(forwarded, trusted, client):
    assert client_chain("192.0.2.1", forwarded, trusted)[0] == client


def test_the_chain_ends_with_the_peer():
    assert client_chain("10.0.0.2", ["198.51.100.7, 10.0.0.1"], 2) == ["198.51.100.7", "10.0.0.1", "10.0.0.2"]


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("unknown", "unknown"),
    ],
)
def test_an_ipv6_network_counts_as_one(address, counted):
    assert counted_as(address) == counted
