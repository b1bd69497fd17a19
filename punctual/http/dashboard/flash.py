"""One sentence about what was just done, carried over a redirect in a cookie and shown once."""

from typing import TypedDict

from aiohttp import web

from punctual.http.dashboard.session import SESSIONS
from punctual.kit import wire

COOKIE = "punctual_said"
SECONDS = 120
SHOWN = web.RequestKey("flash_shown", bool)


class Said(TypedDict):
    """`kind` is done or fault; `undo` is where a form that takes it back is sent to, or empty."""

    kind: str
    sentence: str
    undo: str


def say(request: web.Request, response: web.StreamResponse, said: Said) -> None:
    """Have the next page show this."""
    sessions = request.app[SESSIONS]
    response.set_cookie(
        COOKIE,
        sessions.seal(wire.dumps(said).decode()),
        max_age=SECONDS,
        httponly=True,
        samesite="Lax",
        secure=sessions.secure,
    )


def said(request: web.Request) -> Said | None:
    """What this page is to show."""
    sealed = request.cookies.get(COOKIE)
    if not sealed:
        return None
    request[SHOWN] = True
    text = request.app[SESSIONS].unseal(sealed, SECONDS)
    found: Said | None = wire.loads(text) if text else None
    return found


def clear(request: web.Request, response: web.StreamResponse) -> None:
    """What was shown is over."""
    if request.get(SHOWN) and COOKIE not in response.cookies:
        response.del_cookie(COOKIE, httponly=True, samesite="Lax", secure=request.app[SESSIONS].secure)
