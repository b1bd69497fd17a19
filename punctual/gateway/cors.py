"""Cross-origin requests: scripts of allowed origins may call the API, with a token, never with cookies."""

from collections.abc import Iterable, MutableMapping

from aiohttp import web

ALLOWED_HEADERS = (
    "Accept-Language",
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    "Last-Event-ID",
    "Prefer",
    "X-Request-ID",
)
EXPOSED_HEADERS = "ETag, Location, Link, X-Request-ID, Retry-After"
PREFLIGHT_SECONDS = 600


class Cors:
    """What to tell browsers; nothing when no origin is allowed."""

    def __init__(self, origins: Iterable[str]) -> None:
        self._origins = frozenset(origins)

    def allow(self, request: web.Request, headers: MutableMapping[str, str]) -> bool:
        """Add what makes an answer readable to its origin; returns whether the origin is allowed."""
        if not self._origins:
            return False
        anyone = "*" in self._origins
        if not anyone:
            headers["Vary"] = f"{headers['Vary']}, Origin" if "Vary" in headers else "Origin"
        origin = request.headers.get("Origin")
        if origin is None or not (anyone or origin in self._origins):
            return False
        headers["Access-Control-Allow-Origin"] = "*" if anyone else origin
        headers["Access-Control-Expose-Headers"] = EXPOSED_HEADERS
        return True

    def options(self, request: web.Request, methods: Iterable[str]) -> web.Response:
        """The answer to OPTIONS: what the address can do, and for a preflight what its origin may."""
        allowed = ", ".join(sorted({*methods, "OPTIONS"}))
        response = web.Response(status=204, headers={"Allow": allowed})
        if "Access-Control-Request-Method" in request.headers and self.allow(request, {}):
            response.headers["Access-Control-Allow-Methods"] = allowed
            response.headers["Access-Control-Allow-Headers"] = ", ".join(ALLOWED_HEADERS)
            response.headers["Access-Control-Max-Age"] = str(PREFLIGHT_SECONDS)
        return response
