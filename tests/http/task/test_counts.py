"""Counts over HTTP: open, overdue by the caller's clock, and only what the caller may see."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.services import Services
from tests.support.team import Team, now, team

COUNTS = "/api/v1/task-counts"


@pytest.fixture
async def ops(services: Services) -> Team:
    return await team(services, member="Pacific/Kiritimati", viewer="Pacific/Pago_Pago")


async def counts(ops: Team, by: str) -> list[dict[str, Any]]:
    answer = await ops.people[by].request("task", "GET", COUNTS)
    assert answer.status == 200, answer
    items: list[dict[str, Any]] = answer.body["items"]
    return items


async def test_open_and_overdue_tasks_are_counted(ops: Team) -> None:
    for due in ("2020-01-01", "2020-01-01T09:00:00Z", "2090-01-01", None):
        await ops.create(due=due)
    done, gone = await ops.create(due="2020-01-01"), await ops.create(due="2020-01-01")
    await ops.member.request("task", "PUT", f"/api/v1/tasks/{done.body['id']}/completion")
    await ops.member.request("task", "DELETE", f"/api/v1/tasks/{gone.body['id']}")

    found = await counts(ops, "member")
    by_status = await ops.viewer.request("task", "GET", f"/api/v1/projects/{ops.key}/task-counts")
    statuses = await ops.viewer.request("task", "GET", f"/api/v1/projects/{ops.key}/statuses")

    assert found == [
        {"project_id": str(ops.project_id), "project_key": ops.key, "open_tasks": 4, "overdue_tasks": 2}
    ]  # fmt: skip
    assert [item["status_id"] for item in by_status.body["items"]] == [item["id"] for item in statuses.body["items"]]
    assert [(item["tasks"], item["overdue_tasks"]) for item in by_status.body["items"]] == [
        (0, 0), (4, 2), (0, 0), (1, 0), (0, 0),
    ]  # fmt: skip


async def test_a_day_is_over_by_the_clock_of_who_asks(ops: Team) -> None:
    # At any moment the two clocks, 25 hours apart, show different days.
    yesterday_there = (now() + timedelta(hours=14)).date() - timedelta(days=1)
    await ops.create(due=str(yesterday_there))

    [there], [here] = await counts(ops, "member"), await counts(ops, "viewer")

    assert (there["overdue_tasks"], here["overdue_tasks"]) == (1, 0)


async def test_an_outsider_counts_nothing(ops: Team) -> None:
    await ops.create()

    hidden = await ops.outsider.request("task", "GET", f"/api/v1/projects/{ops.key}/task-counts")

    assert await counts(ops, "outsider") == []
    assert hidden.status == 404


async def test_counts_come_in_pages(ops: Team) -> None:
    first = await ops.member.request("task", "GET", COUNTS + "?limit=1")

    assert (len(first.body["items"]), first.body["next_cursor"]) == (1, None)
