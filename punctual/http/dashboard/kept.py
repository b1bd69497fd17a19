"""What was typed into a form whose change is pending: kept sealed in a cookie of the page that waits for it.

If the change is rejected, that page leads back to the form as it was sent. A text that is too long for a cookie is
in the browser's own form still.
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


def keep(request: web.Request, response: web.Response, waiting: str) -> None:
    """Keep what was sent here for the page at `waiting`; never a password."""
    fields = [(name, value) for name, value in request[SUBMITTED].items() if name != csrf.FIELD]
    if any("password" in name for name, _ in fields):
        return
    text = wire.dumps([request.path, fields])
    sealed = request.app[SESSIONS].seal(base64.b64encode(zlib.compress(text)).decode())
    if len(sealed) <= MOST_BYTES:
        response.set_cookie(
            COOKIE, sealed, max_age=SECONDS, path=waiting, httponly=True, samesite="Lax",
            secure=request.app[SESSIONS].secure,
        )  # fmt: skip


def kept(request: web.Request) -> tuple[str, MultiDict[str]] | None:
    """Where the form was sent to, and its fields."""
    text = request.app[SESSIONS].unseal(request.cookies.get(COOKIE, ""), SECONDS)
    if not text:
        return None
    path, fields = wire.loads(zlib.decompress(base64.b64decode(text)))
    return str(path), MultiDict(fields)
