"""Passing on what is too large to hold, or has no end: chunk by chunk, as it comes."""

import asyncio
import logging
from collections.abc import Callable

import aiohttp
from aiohttp import web

from punctual.gateway.headers import outwards

log = logging.getLogger(__name__)
WATCH_SECONDS = 1.0
IDLE_SECONDS = 60.0


async def relay(
    request: web.Request, answer: aiohttp.ClientResponse, alive: Callable[[], bool] | None = None
) -> web.StreamResponse:
    """Pass an answer on to the client until it ends, the client is gone, or `alive` says no more.

    When the service breaks off, the client's connection is broken off too: what is cut must not look whole.
    """
    response = web.StreamResponse(status=answer.status, headers=outwards(answer.headers, framed=True))
    async with answer:
        try:
            await response.prepare(request)
            if request.method == "HEAD":
                answer.close()
            elif alive is None:
                await _copy(answer.content, response)
            else:
                await _follow(request, answer.content, response, alive)
            await response.write_eof()
        except (aiohttp.ClientError, ConnectionError, TimeoutError) as error:
            log.info("%s broke off halfway: %s", request.path, error or type(error).__name__)
            answer.close()
            if request.transport is not None:
                request.transport.abort()
    return response


async def _copy(source: aiohttp.StreamReader, response: web.StreamResponse) -> None:
    while True:
        async with asyncio.timeout(IDLE_SECONDS):
            chunk = await source.readany()
        if not chunk:
            return
        await response.write(chunk)


async def _follow(
    request: web.Request,
    source: aiohttp.StreamReader,
    response: web.StreamResponse,
    alive: Callable[[], bool],
) -> None:
    while alive() and request.transport is not None:
        try:
            async with asyncio.timeout(WATCH_SECONDS):
                chunk = await source.readany()
        except TimeoutError:
            continue
        if not chunk:
            return
        await response.write(chunk)
