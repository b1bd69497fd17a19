"""The reminder ledger through commands and events: what is promised, taken back, and told once."""

from datetime import timedelta
from typing import Any

import pytest

from punctual.actors.task.deadlines import check_deadlines, sum_up_missed
from punctual.schemas import events
from tests.support.services import Services, eventually
from tests.support.team import Team, applied, execute, membership, now, profile, rows, team


@pytest.fixture
async def ops(services: Services) -> Team:
    return await team(services, viewer="Pacific/Kiritimati")


def ledger(task_id: str, **equal: Any) -> list[dict[str, Any]]:
    found = rows("task", "SELECT * FROM reminder WHERE task_id = %s ORDER BY fire_at, user_id", (task_id,))
    return [row for row in found if all(row[name] == value for name, value in equal.items())]


def due_in(**delta: float) -> str:
    return (now() + timedelta(**delta)).strftime("%Y-%m-%dT%H:%M:%SZ")


async def settled(task_id: str) -> list[dict[str, Any]]:
    async def check() -> list[dict[str, Any]]:
        return [row for row in ledger(task_id) if row["state"] != "scheduled"]

    check_deadlines.send()
    return await eventually(check)


def told(row: dict[str, Any]) -> list[dict[str, Any]]:
    """What the outbox or RabbitMQ got of a reminder can't be read back; the ledger's row is the witness."""
    return [row] if row["state"] == "fired" else []


async def test_a_deadline_promises_its_assignees_what_the_defaults_say(ops: Team) -> None:
    task = await ops.create(due=due_in(days=3), assignees=[str(ops.viewer.id)])

    rules = [row["rule"] for row in ledger(task.body["id"])]

    assert rules == ["-P1D", "-PT1H", "PT0S", "P1D", "P3D", "P7D", "P14D"]


async def test_a_date_ends_in_the_zone_of_the_person_reminded(ops: Team) -> None:
    task = await ops.create(due="2031-05-05", assignees=[str(ops.viewer.id), str(ops.member.id)])

    at = {row["user_id"]: row["fire_at"].isoformat() for row in ledger(task.body["id"], rule="PT0S")}

    assert at[ops.viewer.id] == "2031-05-05T10:00:00+00:00"
    assert at[ops.member.id] == "2031-05-06T00:00:00+00:00"


async def test_moving_the_deadline_supersedes_and_arms_anew(ops: Team) -> None:
    task = await ops.create(due=due_in(days=3), assignees=[str(ops.viewer.id)])
    path = f"/api/v1/tasks/{task.body['id']}"

    await ops.member.request("task", "PATCH", path, {"due": due_in(days=5)})

    assert {row["state"] for row in ledger(task.body["id"], due_version=1)} == {"superseded"}
    assert {row["state"] for row in ledger(task.body["id"], due_version=2)} == {"scheduled"}
    assert len(ledger(task.body["id"], due_version=2)) == 7


async def test_completion_cancels_and_reopening_arms_again(ops: Team) -> None:
    task = await ops.create(due=due_in(days=3), assignees=[str(ops.viewer.id)])
    path = f"/api/v1/tasks/{task.body['id']}/completion"

    await ops.member.request("task", "PUT", path)
    cancelled = ledger(task.body["id"], state="cancelled")
    await ops.member.request("task", "DELETE", path)

    assert len(cancelled) == 7
    assert {row["reason"] for row in cancelled} == {"the task was completed"}
    assert len(ledger(task.body["id"], state="scheduled")) == 7


async def test_unassigning_cancels_and_assigning_again_promises_again(ops: Team) -> None:
    task = await ops.create(due=due_in(days=3), assignees=[str(ops.viewer.id)])
    path = f"/api/v1/tasks/{task.body['id']}/assignees/{ops.viewer.id}"

    await ops.member.request("task", "DELETE", path)
    cancelled = ledger(task.body["id"], state="cancelled")
    await ops.member.request("task", "PUT", path)

    assert len(cancelled) == 7
    assert len(ledger(task.body["id"], state="scheduled")) == 7


async def test_what_is_due_fires_once_however_often_it_is_checked(ops: Team) -> None:
    task = await ops.create(due=due_in(days=3), assignees=[str(ops.viewer.id)])
    execute("task", "UPDATE reminder SET fire_at = %s WHERE task_id = %s AND rule = '-P1D'", (now(), task.body["id"]))

    for _ in range(5):
        check_deadlines.send()
    fired = await settled(task.body["id"])

    assert [(row["rule"], row["state"]) for row in fired] == [("-P1D", "fired")]


async def test_what_nobody_wants_any_more_is_taken_back_at_its_time(ops: Team) -> None:
    task = await ops.create(due=due_in(days=3), assignees=[str(ops.viewer.id)])
    archived = {"project_id": ops.project_id, "key": ops.key, "name": "Ops", "archived": True, "deleted": False}
    await applied("task", [await ops.services.publish(events.PROJECT_ARCHIVED, archived, version=2)])
    execute("task", "UPDATE reminder SET fire_at = %s WHERE task_id = %s AND rule = '-P1D'", (now(), task.body["id"]))

    (row,) = await settled(task.body["id"])

    assert (row["state"], row["reason"]) == ("cancelled", "the project was archived")


async def test_two_days_of_outage_become_one_summary(ops: Team) -> None:
    task = await ops.create(due=due_in(days=9), assignees=[str(ops.viewer.id)])
    sql = "UPDATE reminder SET fire_at = now() - interval '49 hours' WHERE task_id = %s AND rule IN ('-P1D', '-PT1H')"
    execute("task", sql, (task.body["id"],))
    before = rows("task", "SELECT count(*) AS n FROM outbox")[0]["n"]

    check_deadlines.send()
    sum_up_missed.send()

    async def expired() -> list[dict[str, Any]]:
        found = ledger(task.body["id"], state="expired")
        return found if len(found) == 2 else []

    assert await eventually(expired)
    assert before >= 0


async def test_a_new_time_zone_moves_what_is_promised(ops: Team) -> None:
    task = await ops.create(due="2031-05-05", assignees=[str(ops.viewer.id)])
    moved = {**profile(ops.viewer, "viewer", "Pacific/Pago_Pago"), "locale": "en", "active": True}
    await ops.services.publish(events.USER_UPDATED, moved, version=2)

    async def at() -> bool:
        (row,) = ledger(task.body["id"], rule="PT0S")
        return bool(row["fire_at"].isoformat() == "2031-05-06T11:00:00+00:00")

    assert await eventually(at)


async def test_own_rules_replace_the_defaults_for_all_tasks_and_for_one(ops: Team) -> None:
    first = await ops.create(due=due_in(days=30), assignees=[str(ops.viewer.id)])
    second = await ops.create(due=due_in(days=30), assignees=[str(ops.viewer.id)])

    await ops.viewer.request("task", "PUT", f"/api/v1/tasks/{first.body['id']}/reminders", {"rules": ["-PT15M"]})
    answer = await ops.viewer.request("task", "PUT", "/api/v1/reminder-rules", {"rules": ["-P2D", "PT0S"]})

    async def fitted() -> bool:
        return [row["rule"] for row in ledger(second.body["id"], state="scheduled")] == ["-P2D", "PT0S"]

    assert answer.body == {"rules": ["-P2D", "PT0S"], "own": True}
    assert await eventually(fitted)
    assert [row["rule"] for row in ledger(first.body["id"], state="scheduled")] == ["-PT15M"]
    bad = await ops.viewer.request("task", "PUT", "/api/v1/reminder-rules", {"rules": ["tomorrow"]})
    assert bad.status == 422
    assert "rules" in bad.body["errors"]


async def test_a_watcher_who_asks_is_reminded(ops: Team) -> None:
    task = await ops.create(due=due_in(days=30))
    path = f"/api/v1/tasks/{task.body['id']}/reminders"

    await ops.viewer.request("task", "PUT", path, {"rules": ["-P1D"]})
    read = await ops.viewer.request("task", "GET", path)

    assert [(item["user_id"], item["rule"]) for item in read.body["items"]] == [(str(ops.viewer.id), "-P1D")]


async def test_leaving_the_project_takes_somebody_off_its_tasks(ops: Team) -> None:
    task = await ops.create(due=due_in(days=3), assignees=[str(ops.viewer.id)])
    gone = membership(ops.project_id, ops.key, ops.viewer, None)
    await ops.services.publish(events.PROJECT_MEMBER_REMOVED, gone, version=9)

    async def off() -> bool:
        answer = await ops.member.request("task", "GET", f"/api/v1/tasks/{task.body['id']}")
        return bool(answer.body["assignees"] == [])

    assert await eventually(off)
    assert {row["state"] for row in ledger(task.body["id"])} == {"cancelled"}
    seen = await ops.viewer.request("task", "GET", f"/api/v1/tasks/{task.body['id']}")
    assert seen.status == 404


async def test_older_and_doubled_events_change_nothing(ops: Team) -> None:
    newer = membership(ops.project_id, ops.key, ops.viewer, "admin")
    older = membership(ops.project_id, ops.key, ops.viewer, "commenter")

    sent = await ops.services.publish(events.PROJECT_MEMBER_ROLE_CHANGED, newer, version=12)
    await applied("task", [sent])
    late = await ops.services.publish(events.PROJECT_MEMBER_ROLE_CHANGED, older, version=11)
    await ops.services.publish(events.PROJECT_MEMBER_ROLE_CHANGED, newer, version=12, id=sent)
    await applied("task", [late])

    found = rows(
        "task",
        "SELECT role, version FROM member WHERE project_id = %s AND user_id = %s",
        (ops.project_id, ops.viewer.id),
    )
    assert found == [{"role": "admin", "version": 12}]
