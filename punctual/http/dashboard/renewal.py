"""Renewing tokens: once for all requests that need it, and remembered for those that come with an old cookie.

A refresh token is good once. Two tabs send the same one at the same moment; and a browser that leaves a page before
its answer came keeps the old one. Within a process all of them get what the first was given. Between processes auth
grants the same successor to the dashboard for as long, unless it was used.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from punctual.http.dashboard.session import EARLY_SECONDS

REMEMBER_SECONDS = 900.0
Grant = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Renewed:
    grant: Grant
    forget_at: float


class Renewal:
    """`exchange` asks auth for the successor of a refresh token."""

    def __init__(self, exchange: Callable[[str], Awaitable[Grant]], clock: Callable[[], float] = time.time) -> None:
        self._exchange = exchange
        self._clock = clock
        self._running: dict[str, asyncio.Task[Grant]] = {}
        self._renewed: dict[str, _Renewed] = {}

    async def renew(self, token: str) -> Grant:
        """The tokens that follow this refresh token, with `until` in epoch seconds. Raises what `exchange` raises."""
        latest, known = token, None
        while entry := self._renewed.get(latest):
            known, latest = entry.grant, entry.grant["refresh_token"]
        if known and known["until"] - self._clock() >= EARLY_SECONDS:
            return known
        task = self._running.get(latest)
        if task is None:
            # A task of its own: the browser that asked may go away, the answer must not.
            task = self._running[latest] = asyncio.create_task(self._renew(latest))
            task.add_done_callback(lambda _: self._running.pop(latest, None))
        return await asyncio.shield(task)

    async def _renew(self, token: str) -> Grant:
        answer = await self._exchange(token)
        now = self._clock()
        grant = {**answer, "until": int(now) + answer["expires_in"]}
        self._renewed = {old: entry for old, entry in self._renewed.items() if entry.forget_at > now}
        self._renewed[token] = _Renewed(grant, now + REMEMBER_SECONDS)
        return grant
