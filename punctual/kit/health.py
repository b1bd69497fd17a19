"""Health: alive says that the process answers, ready says that its parts do, each by name."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from punctual.kit.responses import json_response

Check = Callable[[], Awaitable[None]]
SECONDS = 3.0


def add_health(app: web.Application, checks: Mapping[str, Check]) -> None:
    """Add /health/live and /health/ready; each check raises when its part isn't ready."""

    async def live(_request: web.Request) -> web.Response:
        return json_response({"status": "live"})

    async def ready(_request: web.Request) -> web.Response:
        results = await asyncio.gather(*(_run(check) for check in checks.values()))
        parts = dict(zip(checks, results, strict=True))
        well = all(result == "ok" for result in results)
        body = {"status": "ready" if well else "not ready", "parts": parts}
        return json_response(body, status=200 if well else 503)

    app.router.add_get("/health/live", live)
    app.router.add_get("/health/ready", ready)


async def _run(check: Check) -> str:
    try:
        async with asyncio.timeout(SECONDS):
            await check()
    except Exception as error:  # noqa: BLE001 - whatever is wrong is the answer
        return f"{type(error).__name__}: {error}"
    return "ok"
