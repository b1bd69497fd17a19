"""Queues as administrators see them."""

from typing import Any

import pytest

from punctual.kit.settings import SERVICES
from tests.support.services import Services, eventually


@pytest.mark.parametrize("service", SERVICES)
async def test_each_service_shows_its_queues_and_who_reads_them(services: Services, service: str) -> None:
    admin = services.person(role="admin")

    async def read() -> list[dict[str, Any]]:
        answer = await admin.request(service, "GET", f"/api/v1/queues/{service}")
        assert answer.status == 200, answer
        found: list[dict[str, Any]] = answer.body["items"]
        return found if all(item["consumers"] for item in found) else []

    items = await eventually(read)

    mail = ["mail"] if service == "notification" else []
    assert [item["name"] for item in items] == [service, f"{service}.events", *mail]
    assert all(item[name] >= 0 for item in items for name in ("messages", "delayed", "dead"))


async def test_what_waits_is_counted_and_what_is_not_there_is_none(services: Services) -> None:
    await services.bus.connect()
    name = await services.bus.listen(_nothing)

    assert await services.bus.depth(name) == (0, 1)
    assert await services.bus.depth("nobody.declared.this") is None
    assert await services.bus.depth(name) == (0, 1)


async def test_others_may_not_look(services: Services) -> None:
    answer = await services.person().request("task", "GET", "/api/v1/queues/task")

    assert answer.status == 403


async def _nothing(_message: object) -> None:
    """What comes is dropped."""
