"""Hundreds of connections that say nothing, or next to nothing, don't stop others."""

import asyncio
import statistics
import time
from urllib.parse import urlsplit

from tests.flows.stack import Stack
from tests.security.api import Api, Person, opened
from tests.security.conftest import FIGURES

IDLE, HALF, BODIES = 500, 100, 100
HEAD = b"POST /api/v1/auth/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"


async def test_others_go_on_beside_hundreds_of_slow_clients(stack: Stack, api: Api, root: Person) -> None:
    begun = [b""] * IDLE + [HEAD] * HALF + [HEAD + b"Content-Length: 1000\r\n\r\na"] * BODIES
    before = await _median(api, root)

    slow = await asyncio.gather(*(_open(stack.url, sent) for sent in begun))
    try:
        # A newcomer has no connection from before.
        async with opened(stack.url) as other:
            beside = await _median(other, root)
            signed_in = await Person(other, root.email, root.password).sign_in()
    finally:
        for writer in slow:
            writer.close()

    FIGURES.append(
        f"{len(begun)} slow clients: reads in {before * 1000:.1f} ms before, {beside * 1000:.1f} ms beside them"
    )
    assert signed_in.token


async def _open(url: str, sent: bytes) -> asyncio.StreamWriter:
    _, writer = await asyncio.open_connection(urlsplit(url).hostname, urlsplit(url).port)
    writer.write(sent)
    return writer


async def _median(api: Api, root: Person) -> float:
    taken = []
    for _ in range(40):
        began = time.perf_counter()
        await api.demand(200, "GET", "/api/v1/users/me", token=root.token)
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)
