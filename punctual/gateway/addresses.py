"""Whose request it is, as far as addresses tell: the peer, or what trusted proxies in front of us report."""

import ipaddress
from collections.abc import Sequence

NOBODY = "unknown"


def client_chain(peer: str | None, forwarded: Sequence[str], trusted: int) -> list[str]:
    """The believed part of X-Forwarded-For with the peer at its end; the client's address comes first.

    Each of the `trusted` proxies in front of the gateway has appended the address it was called from. What
    stands before that was written by strangers, and whatever isn't an address was too.
    """
    chain = [peer or NOBODY]
    if trusted:
        entries = [entry.strip() for line in forwarded for entry in line.split(",")]
        for entry in reversed(entries[-trusted:]):
            if not _is_address(entry):
                break
            chain.insert(0, entry)
    return chain


def counted_as(address: str) -> str:
    """What rate limits count: the address, for IPv6 its /64, which is what one customer is given."""
    if ":" not in address:
        return address
    try:
        known = ipaddress.IPv6Address(address)
    except ValueError:
        return address
    if known.ipv4_mapped:
        return str(known.ipv4_mapped)
    return str(ipaddress.IPv6Network((known.packed[:8] + bytes(8), 64)))


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
