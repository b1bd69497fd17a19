"""Who looks at a page, as far as every page must know it: name, zone, language, role, and what is unread."""

import asyncio
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web
from babel import Locale, UnknownLocaleError

from punctual.http.dashboard import session
from punctual.http.dashboard.client import api
from punctual.http.dashboard.problems import Problem

# For so long another tab may show the old name or zone; this saves a call for nearly every page.
FRESH_SECONDS = 10.0
COUNT_SECONDS = 2.0
MOST = 10_000
_UTC, _ENGLISH = ZoneInfo("UTC"), Locale("en")


@dataclass(frozen=True, slots=True)
class Viewer:
    """The person, or somebody unknown in UTC."""

    id: str = ""
    name: str = ""
    email: str = ""
    role: str = ""
    zone: ZoneInfo = _UTC
    locale: Locale = _ENGLISH

    @property
    def known(self) -> bool:
        """Whether somebody is signed in."""
        return bool(self.id)


NOBODY = Viewer()
VIEWER = web.RequestKey("viewer", Viewer)
_people: dict[str, tuple[float, Viewer]] = {}
_counts: dict[str, tuple[float, int]] = {}


async def viewer(request: web.Request) -> Viewer:
    """Who looks. Raises Problem while the user service is away and nothing is remembered."""
    if VIEWER not in request:
        request[VIEWER] = await _viewer(request) if session.signed_in(request) else NOBODY
    return request[VIEWER]


async def unread(request: web.Request, *, fresh: bool = False) -> int | None:
    """How many notifications the person hasn't read; None when that can't be told now."""
    key = _key(request)
    at, count = _counts.get(key, (0.0, 0))
    if not fresh and time.monotonic() - at < COUNT_SECONDS:
        return count
    try:
        count = int((await api(request).get("notification", "/notifications/count"))["unread"])
    except Problem:
        return None
    _remember(_counts, key, count)
    return count


async def header(request: web.Request) -> tuple[Viewer, int | None]:
    """Both at once."""
    if not session.signed_in(request):
        return NOBODY, None
    known, count = await asyncio.gather(viewer(request), unread(request))
    return known, count


def forget(request: web.Request) -> None:
    """Ask anew: this person's profile or inbox was changed here."""
    request.pop(VIEWER, None)
    _people.pop(_key(request), None)
    _counts.pop(_key(request), None)


async def _viewer(request: web.Request) -> Viewer:
    key = _key(request)
    at, known = _people.get(key, (0.0, None))
    if known and time.monotonic() - at < FRESH_SECONDS:
        return known
    try:
        found = _read(await api(request).get("user", "/users/me"))
    except Problem:
        if known:
            return known
        raise
    _remember(_people, key, found)
    return found


def _read(profile: dict[str, Any]) -> Viewer:
    return Viewer(
        id=profile["id"],
        name=profile["display_name"],
        email=profile["email"],
        role=profile["role"],
        zone=ZoneInfo(profile["time_zone"]),
        locale=locale_of(profile["locale"]),
    )


@lru_cache(maxsize=500)
def locale_of(tag: str) -> Locale:
    """The nearest locale to a language tag."""
    parts = tag.split("-")
    while parts:
        try:
            return Locale.parse("-".join(parts), sep="-")
        except (UnknownLocaleError, ValueError):
            parts.pop()
    return _ENGLISH


def _key(request: web.Request) -> str:
    return str(request[session.SESSION].get("access", ""))


def _remember(memory: dict[str, tuple[float, Any]], key: str, value: Any) -> None:
    if len(memory) >= MOST:
        memory.clear()
    memory[key] = (time.monotonic(), value)
