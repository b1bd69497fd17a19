"""Which headers pass the door, inwards and outwards, and which ones it adds."""

import re
from collections.abc import Iterable

from aiohttp import web
from multidict import CIMultiDict, CIMultiDictProxy

from punctual.gateway.routes import SAFE_METHODS
from punctual.kit import ids
from punctual.kit.errors import BadRequest

# Everything else stays outside, above all what could be taken for an identity or another address.
_INWARDS = frozenset(
    {
        "accept",
        "accept-encoding",
        "accept-language",
        "authorization",
        "content-type",
        "idempotency-key",
        "if-match",
        "if-modified-since",
        "if-none-match",
        "last-event-id",
        "prefer",
        "traceparent",
        "tracestate",
        "user-agent",
    }
)
_SINGLE = ("Authorization", "Idempotency-Key")
_HOP_BY_HOP = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
_NOT_OUTWARDS = _HOP_BY_HOP | {"server"}
_FRAMED_ANEW = _NOT_OUTWARDS | {"content-length"}
_REQUEST_ID = re.compile(r"[A-Za-z0-9._:=+/@-]{1,64}")
_YEAR_SECONDS = 365 * 24 * 3600


def request_id_of(request: web.Request) -> str:
    """The client's X-Request-ID if it is harmless in logs and headers, else a new one."""
    given = request.headers.get("X-Request-ID")
    if given is not None and _REQUEST_ID.fullmatch(given):
        return given
    return str(ids.uuid7())


def inwards(
    request: web.Request, request_id: str, chain: Iterable[str], scheme: str, *, cookies: bool
) -> CIMultiDict[str]:
    """The headers that a service gets. Unsafe requests have an Idempotency-Key. Raises BadRequest."""
    given = request.headers
    listed = _listed(given.getall("Connection", ()))
    headers = CIMultiDict(
        [(name, value) for name, value in given.items() if (low := name.lower()) in _INWARDS and low not in listed]
    )
    if cookies:
        headers.extend(("Cookie", value) for value in given.getall("Cookie", ()))
    for name, value in headers.items():
        if not value.isascii():
            raise BadRequest(f"{name} has characters that aren't ASCII.", field=str(name))
    for name in _SINGLE:
        if name in headers and len(headers.getall(name)) > 1:
            raise BadRequest(f"{name} may be sent only once.", field=name)
    if request.method not in SAFE_METHODS and "Idempotency-Key" not in headers:
        headers["Idempotency-Key"] = str(ids.uuid7())
    headers["X-Request-ID"] = request_id
    headers["X-Forwarded-For"] = ", ".join(chain)
    headers["X-Forwarded-Proto"] = scheme
    return headers


def outwards(given: CIMultiDictProxy[str], *, framed: bool) -> CIMultiDict[str]:
    """The headers of a service's answer that go to the client; Content-Length only with `framed`."""
    dropped = _NOT_OUTWARDS if framed else _FRAMED_ANEW
    if "Connection" in given:
        dropped = dropped | _listed(given.getall("Connection"))
    return CIMultiDict([(name, value) for name, value in given.items() if name.lower() not in dropped])


def security_headers(public_url: str) -> tuple[tuple[str, str], ...]:
    """What every answer says about itself unless it knows better."""
    headers = (
        ("X-Content-Type-Options", "nosniff"),
        ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
        ("Referrer-Policy", "no-referrer"),
        ("Cache-Control", "no-store"),
    )
    if public_url.startswith("https:"):
        return (*headers, ("Strict-Transport-Security", f"max-age={_YEAR_SECONDS}; includeSubDomains"))
    return headers


def _listed(values: Iterable[str]) -> frozenset[str]:
    return frozenset(name.strip().lower() for value in values for name in value.split(","))
