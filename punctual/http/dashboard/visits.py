"""When this browser was here last: a cookie holds the newest look, and the end of the visit before this one."""

from datetime import UTC, datetime, timedelta

from aiohttp import web

COOKIE = "punctual_visits"
SECONDS = 365 * 24 * 3600
# Whoever comes back so soon is still on the same visit.
PAUSE = timedelta(minutes=30)
FIRST = timedelta(days=1)
LONGEST = timedelta(days=30)


def since(request: web.Request, now: datetime) -> datetime:
    """The end of the visit before this one; at the first one a day ago."""
    return max(_ends(request, now)[1], now - LONGEST)


def keep(request: web.Request, response: web.Response, now: datetime) -> None:
    """Note this look."""
    _, before = _ends(request, now)
    text = f"{now.timestamp():.0f}.{before.timestamp():.0f}"
    response.set_cookie(COOKIE, text, max_age=SECONDS, httponly=True, samesite="Lax")


def _ends(request: web.Request, now: datetime) -> tuple[datetime, datetime]:
    """The newest look, and the end of the visit before it."""
    try:
        newest, before = (datetime.fromtimestamp(int(part), UTC) for part in request.cookies[COOKIE].split("."))
    except (KeyError, ValueError, OverflowError, OSError):
        return now, now - FIRST
    return (newest, newest if now - newest > PAUSE else before) if before <= newest <= now else (now, now - FIRST)
