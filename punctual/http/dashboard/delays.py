"""What comes late, for everybody to see: the notification service's word, asked for now and then."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import aiohttp_jinja2
from aiohttp import web

from punctual.http.dashboard.problems import Problem
from punctual.http.dashboard.services import SERVICES

SECONDS = 10.0
OWNER = "notification"
READY = "/health/ready"


async def watch(app: web.Application) -> AsyncIterator[None]:
    """Know what is late while the application runs; the templates' `delayed` has since when, by what."""
    delayed: dict[str, str] = {}
    aiohttp_jinja2.get_env(app).globals["delayed"] = delayed
    watching = asyncio.create_task(_watch(app, delayed))
    yield
    watching.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await watching


async def _watch(app: web.Application, delayed: dict[str, str]) -> None:
    while True:
        since = await _since(app)
        delayed.clear()
        delayed.update(since)
        await asyncio.sleep(SECONDS)


async def _since(app: web.Application) -> dict[str, str]:
    try:
        _, _, body = await app[SERVICES].call(OWNER, "GET", READY, {})
        return {name: late["since"] for name, late in body.get("degraded", {}).items()}
    except (Problem, AttributeError, KeyError, TypeError):
        # While it is away its pages say so, and nobody knows of delays.
        return {}
