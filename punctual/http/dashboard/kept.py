"""What was typed into a form whose change is pending, or that nobody could answer: it goes back to who typed it.

A pending one is kept sealed in a cookie of the page that waits for it: if the change is rejected, that page leads back
to the form as it was sent. A text that is too long for a cookie is given back at once, in a page that sends it again;
a repeat is harmless, and answered with what became of the first.
"""

import base64
import zlib

from aiohttp import web
from multidict import MultiDict

from punctual.http.dashboard import csrf
from punctual.http.dashboard.session import SESSIONS
from punctual.http.dashboard.submission import SUBMITTED
from punctual.kit import wire

COOKIE = "punctual_kept"
SECONDS = 900
# Browsers take cookies of 4096 bytes, name and attributes included.
MOST_BYTES = 3600


Kept = tuple[str, MultiDict[str]]


def sent(request: web.Request) -> Kept | None:
    """Where this form was sent to, and its fields; nothing of one with a password."""
    fields = MultiDict((name, value) for name, value in request.get(SUBMITTED, {}).items() if name != csrf.FIELD)
    return (request.path, fields) if fields and not any("password" in name for name in fields) else None


def keep(request: web.Request, response: web.Response, waiting: str) -> bool:
    """Keep what was sent here for the page at `waiting`; False if it is too long."""
    what = sent(request)
    if what is None:
        return True
    text = wire.dumps([what[0], list(what[1].items())])
    sealed = request.app[SESSIONS].seal(base64.b64encode(zlib.compress(text)).decode())
    if len(sealed) > MOST_BYTES:
        return False
    response.set_cookie(
        COOKIE, sealed, max_age=SECONDS, path=waiting, httponly=True, samesite="Lax",
        secure=request.app[SESSIONS].secure,
    )  # fmt: skip
    return True


def kept(request: web.Request) -> Kept | None:
    """Where the form was sent to, and its fields."""
    text = request.app[SESSIONS].unseal(request.cookies.get(COOKIE, ""), SECONDS)
    if not text:
        return None
    path, fields = wire.loads(zlib.decompress(base64.b64decode(text)))
    return str(path), MultiDict(fields)
