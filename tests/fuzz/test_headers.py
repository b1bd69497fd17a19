"""Headers, addresses and paths, as strangers write them."""

import ipaddress
import re

from aiohttp.test_utils import make_mocked_request
from hypothesis import given, strategies as st

from punctual.gateway.addresses import client_chain, counted_as
from punctual.gateway.headers import request_id_of
from punctual.gateway.matching import Matcher
from punctual.gateway.routes import ROWS
from punctual.http.auth.devices import LONGEST, Device
from punctual.kit import ids
from punctual.kit.dispatch import MAX_WAIT_SECONDS, check_headers, if_match, preferred_wait
from punctual.kit.openapi.components import HEADERS
from punctual.kit.tokens import bearer
from tests.fuzz.texts import attempt, headers, text

IF_MATCH, KEY = (HEADERS[name]["schema"]["pattern"] for name in ("IfMatch", "IdempotencyKey"))
MATCHER = Matcher(ROWS)
addresses = st.ip_addresses().map(str)
parts = st.sampled_from(
    ["api", "v1", "tasks", "OPS-1", "projects", "..", ".", "", "%2e", "members", "me", "\\", "é", "\x00"]
)


@given(headers | st.from_regex(r"(respond-async|wait=[0-9]{1,8}|, ?)*", fullmatch=True))
def test_prefer_asks_for_a_wait_within_the_limit(tried: str) -> None:
    assert 0 <= preferred_wait(tried) <= MAX_WAIT_SECONDS


@given(headers | st.from_regex(IF_MATCH.strip("^$"), fullmatch=True))
def test_if_match_is_taken_if_the_document_says_so(tried: str) -> None:
    version, error = attempt(if_match, make_mocked_request("PUT", "/", headers={"If-Match": tried}))

    assert (error is None) == bool(re.fullmatch(IF_MATCH, tried.strip()))
    assert version is None or version == (0 if tried.strip().startswith("W") else int(tried.strip().strip('"')))


@given(headers)
def test_an_idempotency_key_is_taken_if_the_document_says_so(tried: str) -> None:
    _, error = attempt(check_headers, make_mocked_request("PUT", "/", headers={"Idempotency-Key": tried}))

    assert error is None or not re.fullmatch(KEY, tried)
    assert error or tried


@given(headers | headers.map("Bearer {}".format) | headers.map("bearer  {}".format))
def test_a_bearer_is_one_token_or_refused(tried: str) -> None:
    token, error = attempt(bearer, tried)

    assert error is None or error.status == 401
    assert token is None or (token == token.strip() != "" and tried.rstrip().endswith(token))


@given(headers | st.uuids().map(str) | st.from_regex(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", fullmatch=True))
def test_a_request_id_is_the_clients_if_harmless_and_ours_if_not(tried: str) -> None:
    given_back = request_id_of(make_mocked_request("GET", "/", headers={"X-Request-ID": tried}))

    assert given_back == tried or ids.parse(given_back)
    assert given_back.isprintable()
    assert len(given_back) <= 64
    assert " " not in given_back


@given(st.lists(addresses | headers, max_size=4), st.lists(addresses, min_size=1, max_size=3), addresses)
def test_what_strangers_say_of_addresses_is_never_believed(forged: list[str], real: list[str], peer: str) -> None:
    said = [", ".join([*forged, *real])]

    assert client_chain(peer, said, len(real)) == [*real, peer]
    assert client_chain(peer, said, 0) == [peer]


@given(addresses, st.integers(0, 2**64 - 1))
def test_a_whole_network_of_version_6_counts_as_one(address: str, host: int) -> None:
    known = ipaddress.ip_address(address)
    if known.version == 6 and not known.ipv4_mapped:
        neighbour = ipaddress.IPv6Address(int(known) >> 64 << 64 | host)
        assert neighbour.ipv4_mapped or counted_as(str(neighbour)) == counted_as(address)
    else:
        assert ipaddress.ip_address(counted_as(address)).version == 4


@given(headers | st.text(st.characters(max_codepoint=0x2100), max_size=250), headers)
def test_a_device_is_a_short_printable_line(agent: str, forwarded: str) -> None:
    device = Device.of(make_mocked_request("GET", "/", headers={"User-Agent": agent, "X-Forwarded-For": forwarded}))

    for said in (device.name, device.address):
        assert 1 <= len(said) <= LONGEST
        assert said.isprintable()


@given(text | st.lists(parts, max_size=8).map("/".join))
def test_a_path_is_matched_as_it_is_or_not_at_all(tried: str) -> None:
    rows, error = attempt(MATCHER.find, "/" + tried)

    assert error is None or error.status == 400
    for row in (rows or {}).values():
        assert re.fullmatch(re.sub(r"{[^/]+}", "[A-Za-z0-9._~-]+", row.path), "/" + tried)
