"""Ready is who is well; degraded is well, but late."""

from datetime import UTC, datetime
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

from punctual.kit.health import add_health

SINCE = datetime(2026, 12, 24, 12, 4, tzinfo=UTC)


async def well() -> None:
    """Nothing to complain of."""


async def away() -> None:
    raise ConnectionError("gone")


async def in_time() -> None:
    """Nothing is late."""


async def late() -> datetime:
    return SINCE


async def unknown() -> datetime:
    raise ConnectionError("can't be asked")


async def ready(check: Any, delay: Any) -> tuple[int, dict[str, Any]]:
    app = web.Application()
    add_health(app, {"database": check}, {"reminders": delay})
    async with (
        TestServer(app) as server,
        aiohttp.ClientSession() as client,
        client.get(server.make_url("/health/ready")) as answer,
    ):
        return answer.status, await answer.json()


async def test_what_is_in_time_is_ready_and_nothing_more() -> None:
    assert await ready(well, in_time) == (200, {"status": "ready", "parts": {"database": "ok"}})


async def test_what_is_late_is_degraded_with_since_when_and_still_takes_requests() -> None:
    status, body = await ready(well, late)

    assert status == 200
    assert body["status"] == "degraded"
    assert body["degraded"] == {"reminders": {"since": "2026-12-24T12:04:00.000Z"}}


async def test_what_is_away_is_not_ready_however_late() -> None:
    status, body = await ready(away, late)

    assert (status, body["status"]) == (503, "not ready")
    assert "reminders" in body["degraded"]


async def test_a_delay_that_cannot_be_asked_for_is_none() -> None:
    assert await ready(well, unknown) == (200, {"status": "ready", "parts": {"database": "ok"}})
