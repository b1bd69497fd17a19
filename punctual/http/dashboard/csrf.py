"""Forms of other sites are refused: each form carries a secret of the visitor's session, masked anew each time."""

import secrets

from aiohttp import web

from punctual.http.dashboard.problems import Problem
from punctual.http.dashboard.session import SESSION

FIELD = "csrf"
SHOWN = web.RequestKey("csrf_shown", str)
BYTES = 16


def token(request: web.Request) -> str:
    """The session's secret under a mask, so that the compressed page doesn't give it away."""
    if SHOWN not in request:
        mask = secrets.token_bytes(BYTES)
        request[SHOWN] = (mask + _xor(mask, bytes.fromhex(request[SESSION]["csrf"]))).hex()
    return request[SHOWN]


def check(request: web.Request, given: str) -> None:
    """Raises Problem."""
    try:
        raw = bytes.fromhex(given)
    except ValueError:
        raw = b""
    secret = bytes.fromhex(request[SESSION]["csrf"])
    if len(raw) != 2 * BYTES or not secrets.compare_digest(_xor(raw[:BYTES], raw[BYTES:]), secret):
        raise Problem(
            403,
            "This form is from before you signed in or out, or cookies are off. Nothing was changed. Go back, reload"
            " the page, and send it again.",
            code="stale_form",
        )


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(left ^ right for left, right in zip(one, other, strict=True))
