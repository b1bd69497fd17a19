"""How long it takes from an event to whoever must hear of it: on the live stream, and at the mail server."""

import asyncio
import json
import statistics
import time
from collections.abc import Iterator
from typing import Any

import aiohttp

from benchmarks.rows import Row
from benchmarks.scene import Scene
from tests.flows.client import until

A_SECOND = 100
SETTLE_SECONDS = 2.0
_SENT = """SELECT extract(epoch FROM sent_at - notification.created_at)::float * 1000 FROM delivery
    JOIN notification ON notification.id = notification_id
    WHERE channel = 'email' AND title LIKE %s AND sent_at IS NOT NULL"""


def latency(place: Scene, seconds: float) -> Iterator[Row]:
    """One hundred creations a second, each assigned to a person who follows the live stream.

    In-app is counted from the sending of the request to the arrival on the stream; SMTP from the notification to the
    server's acceptance.
    """
    mark = f"Latency {time.monotonic_ns()}"
    sent, heard = asyncio.run(_load(place, mark, seconds))
    spans = [(heard[title] - began) * 1000 for title, began in sent.items() if title in heard]
    yield _row(f"event to in-app, {A_SECOND} creations a second", spans, missing=len(sent) - len(spans))

    def mailed() -> list[float]:
        return [row[0] for row in place.stack.sql("notification", _SENT, (f"%{mark}%",))]

    until(lambda: len(mailed()) >= len(sent), within=120)
    yield _row(f"in-app to SMTP, {A_SECOND} creations a second", mailed(), missing=len(sent) - len(mailed()))


async def _load(place: Scene, mark: str, seconds: float) -> tuple[dict[str, float], dict[str, float]]:
    sent: dict[str, float] = {}
    heard: dict[str, float] = {}
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(place.stack.url, connector=connector) as session:
        opened = asyncio.Event()
        following = asyncio.create_task(_follow(session, place.member.token, heard, opened))
        await opened.wait()
        creating = []
        begins = time.perf_counter()
        for number in range(int(A_SECOND * seconds)):
            await asyncio.sleep(max(0.0, begins + number / A_SECOND - time.perf_counter()))
            title = f"{mark} {number}"
            sent[title] = time.perf_counter()
            creating.append(asyncio.create_task(_create(session, place, title)))
        await asyncio.gather(*creating)
        await asyncio.sleep(SETTLE_SECONDS)
        following.cancel()
    return sent, heard


async def _create(session: aiohttp.ClientSession, place: Scene, title: str) -> None:
    headers = {"Authorization": f"Bearer {place.owner.token}"}
    body = {"title": title, "assignees": [place.member.id]}
    async with session.post(place.tasks_path, json=body, headers=headers) as answer:
        assert answer.status == 201, await answer.text()


async def _follow(session: aiohttp.ClientSession, token: str, heard: dict[str, float], opened: asyncio.Event) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    async with session.get("/api/v1/notifications/stream", headers=headers, timeout=None) as answer:
        assert answer.status == 200, await answer.text()
        async for line in answer.content:
            opened.set()
            if line.startswith(b"data:"):
                told: dict[str, Any] = json.loads(line[5:])
                heard.setdefault(_task_title(told["title"]), time.perf_counter())


def _task_title(told: str) -> str:
    """The task's title in a notification's."""
    at = told.find("Latency ")
    return " ".join(told[at:].split()[:3]) if at >= 0 else told


def _row(what: str, spans: list[float], **details: Any) -> Row:
    p99 = statistics.quantiles(spans, n=100)[-1]
    return Row(f"{what}, p50", "ms", round(statistics.median(spans), 1), {"p99": round(p99, 1), **details})
