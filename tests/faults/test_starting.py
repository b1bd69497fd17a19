"""Processes that start while PostgreSQL is away: they know who may come in, and who may not any more."""

import asyncio
from uuid import uuid4

import aiohttp

from tests.support import outages
from tests.support.cluster import Cluster
from tests.support.retrying import UNKNOWN, RetryingClient
from tests.support.services import eventually

SESSIONS = "/api/v1/auth/sessions"


def test_a_gateway_that_starts_while_postgres_is_away_lets_in_who_may_and_nobody_who_was_thrown_out(
    cluster: Cluster,
) -> None:
    assert asyncio.run(_knocking(cluster)) == 401


async def _knocking(cluster: Cluster) -> int:
    """The status for somebody whose session has ended, after somebody else was let in."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=40)) as http:
        ada, bob = [await RetryingClient(http, cluster.url, f"{name}-{uuid4()}").register() for name in ("ada", "bob")]
        project = (await ada.write("POST", "/api/v1/projects", {"key": "DOOR", "name": "Door"})).answer["id"]
        session = (await bob.read(SESSIONS))["items"][0]["id"]
        assert (await bob.ask("DELETE", f"{SESSIONS}/{session}"))[0] == 204

        async def knock(person: RetryingClient) -> int:
            body = {"title": "Written without a database"}
            try:
                return (await person.ask("POST", f"/api/v1/projects/{project}/tasks", body, Prefer="respond-async"))[0]
            except UNKNOWN:
                return 0

        async def is_let_in() -> bool:
            return await knock(ada) == 202

        with outages.postgres_stopped(cluster):
            cluster.kill("gateway")
            cluster.revive("gateway")
            await eventually(is_let_in, within=20)
            status = await knock(bob)
        cluster.wait_until_ready()
        return status
