"""Reminders over HTTP: what is promised to whom, what became of it, and what was sent of it."""

from typing import Any

import pytest

from punctual.actors.task.deadlines import check_deadlines
from tests.support.services import Services, eventually
from tests.support.team import Team, execute, team


@pytest.fixture
async def ops(services: Services) -> Team:
    return await team(services)


async def items(ops: Team, task_id: str) -> list[dict[str, Any]]:
    answer = await ops.viewer.request("task", "GET", f"/api/v1/tasks/{task_id}/reminders")
    assert answer.status == 200, answer
    found: list[dict[str, Any]] = answer.body["items"]
    return found


async def test_what_is_promised_says_to_whom_and_when(ops: Team) -> None:
    task = await ops.create(due="2090-05-05T09:00:00Z", assignees=[str(ops.member.id)])

    first = (await items(ops, task.body["id"]))[0]

    assert {**first, "id": None} == {
        "id": None, "user_id": str(ops.member.id), "rule": "-P1D", "due_version": 1, "state": "scheduled",
        "fire_at": "2090-05-04T09:00:00.000Z", "settled_at": None, "reason": None, "late_by": None, "event_id": None,
    }  # fmt: skip


async def test_what_fired_says_when_how_late_and_leads_to_what_was_sent(ops: Team) -> None:
    task = (await ops.create(due="2090-05-05T09:00:00Z", assignees=[str(ops.member.id)])).body
    execute("task", "UPDATE reminder SET fire_at = now() - interval '10 min' WHERE task_id = %s AND rule = '-P1D'",
            (task["id"],))  # fmt: skip

    async def fired() -> dict[str, Any] | None:
        return next((item for item in await items(ops, task["id"]) if item["state"] == "fired"), None)

    async def deliveries() -> list[dict[str, Any]]:
        path = f"/api/v1/deliveries?task_id={task['id']}"
        answer = await ops.member.request("notification", "GET", path)
        return [row for row in answer.body["items"] if row["kind"] == "task.due_soon"]

    check_deadlines.send()
    reminder = await eventually(fired)
    sent = await eventually(deliveries)

    assert 600 <= reminder["late_by"] < 660
    assert reminder["settled_at"] is not None
    assert {(row["event_id"], row["channel"]) for row in sent} == {
        (reminder["event_id"], "in_app"), (reminder["event_id"], "email"),
    }  # fmt: skip
    assert {row["state"] for row in sent} == {"sent", "suppressed"}
