"""Health: alive says that the process answers, ready says that its parts do, each by name.

What comes late isn't a part that is away: `degraded` says what, and since when, while everything is ready.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from aiohttp import web

from punctual.kit.responses import json_response

Check = Callable[[], Awaitable[None]]
Delay = Callable[[], Awaitable[datetime | None]]
SECONDS = 3.0


def add_health(app: web.Application, checks: Mapping[str, Check], delays: Mapping[str, Delay] | None = None) -> None:
    """Add /health/live and /health/ready.

    Each check raises when its part isn't ready; each delay says since when something is late, None when it isn't.
    """
    late = delays or {}

    async def live(_request: web.Request) -> web.Response:
        return json_response({"status": "live"})

    async def ready(_request: web.Request) -> web.Response:
        results, since = await asyncio.gather(
            asyncio.gather(*(_run(check) for check in checks.values())),
            asyncio.gather(*(_since(delay) for delay in late.values())),
        )
        parts = dict(zip(checks, results, strict=True))
        degraded = {name: {"since": each} for name, each in zip(late, since, strict=True) if each}
        well = all(result == "ok" for result in results)
        return json_response(readiness(parts, degraded, well=well), status=200 if well else 503)

    app.router.add_get("/health/live", live)
    app.router.add_get("/health/ready", ready)


def readiness(parts: Mapping[str, str], degraded: Mapping[str, Any], *, well: bool) -> dict[str, Any]:
    """The body of an answer about readiness."""
    status = ("degraded" if degraded else "ready") if well else "not ready"
    return {"status": status, "parts": parts, **({"degraded": degraded} if degraded else {})}


async def _run(check: Check) -> str:
    try:
        async with asyncio.timeout(SECONDS):
            await check()
    except Exception as error:  # noqa: BLE001 - whatever is wrong is the answer
        return f"{type(error).__name__}: {error}"
    return "ok"


async def _since(delay: Delay) -> datetime | None:
    # Where it can't be asked, the check of that part says so.
    with contextlib.suppress(Exception):
        async with asyncio.timeout(SECONDS):
            return await delay()
    return None
