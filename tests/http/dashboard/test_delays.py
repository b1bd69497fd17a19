"""Everybody sees when reminders come late."""

from collections.abc import AsyncIterator
from dataclasses import replace

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from punctual.http.dashboard import delays
from punctual.http.dashboard.application import application
from punctual.kit.settings import load
from tests.gateway.stub import Stub
from tests.support.services import eventually


@pytest.fixture
async def notification() -> AsyncIterator[Stub]:
    async with Stub("notification").running() as stub:
        yield stub


async def page(stub: Stub, monkeypatch: pytest.MonkeyPatch, *, until: bool) -> str:
    """The page for signing in, as soon as it does, or doesn't, say so."""
    monkeypatch.setattr(delays, "SECONDS", 0.02)
    known = load({"PUNCTUAL_SESSION_KEY": "k" * 40})
    known = replace(known, service_urls={**known.service_urls, "notification": stub.url})
    async with TestServer(application(known)) as server, aiohttp.ClientSession() as client:

        async def look() -> str:
            async with client.get(server.make_url("/sign-in")) as answer:
                html = await answer.text()
                assert answer.status == 200, html
                return html if ("delayed" in html) is until else ""

        found = await eventually(look)
        stub.degraded = {}
        if until:
            until = False
            await eventually(look)
        return found


async def test_every_page_says_since_when(notification: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    notification.degraded = {"reminders": {"since": "2024-03-01T12:04:00.000Z"}}

    html = await page(notification, monkeypatch, until=True)

    assert "Reminders are delayed since" in html
    assert '<time datetime="2024-03-01T12:04:00.000Z"' in html


async def test_without_delays_nothing_is_said(notification: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    assert await page(notification, monkeypatch, until=False)
