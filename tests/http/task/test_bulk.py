"""Many tasks changed alike over HTTP: one command, each task judged by itself, the events of single changes."""

from typing import Any

import pytest

from punctual.kit import ids
from tests.support.services import Answer, Services
from tests.support.team import Team, rows, team


@pytest.fixture
async def ops(services: Services) -> Team:
    return await team(services)


async def change(ops: Team, tasks: list[str], by: str = "member", **changes: Any) -> Answer:
    path = f"/api/v1/projects/{ops.key}/tasks"
    return await ops.people[by].request("task", "PATCH", path, {"tasks": tasks, "changes": changes})


async def read(ops: Team, key: str) -> dict[str, Any]:
    body: dict[str, Any] = (await ops.member.request("task", "GET", f"/api/v1/tasks/{key}")).body
    return body


async def status(ops: Team, category: str) -> str:
    listed = await ops.member.request("task", "GET", f"/api/v1/projects/{ops.key}/statuses")
    return str(next(item["id"] for item in listed.body["items"] if item["category"] == category))


async def test_all_tasks_change_and_each_is_told(ops: Team) -> None:
    first = (await ops.create(assignees=[str(ops.admin.id)], due="2090-01-01")).body
    second = (await ops.create(priority="urgent")).body
    done = await status(ops, "done")

    answer = await change(
        ops, [first["key"], second["id"]], status_id=done, priority="urgent", due="2091-01-01",
        add_assignees=[str(ops.viewer.id)], remove_assignees=[str(ops.admin.id)],
    )  # fmt: skip
    now = [await read(ops, first["key"]), await read(ops, second["key"])]

    assert answer.status == 200, answer
    assert answer.body["items"] == [
        {"task": asked, "state": "changed", "id": task["id"], "key": task["key"], "version": 2, "problem": None}
        for asked, task in ((first["key"], first), (second["id"], second))
    ]
    for task in now:
        assert (task["status"]["category"], task["priority"], task["due"]) == ("done", "urgent", "2091-01-01")
        assert task["assignees"] == [str(ops.viewer.id)]


async def test_it_is_told_like_single_changes(ops: Team) -> None:
    alone, together = (await ops.create()).body, (await ops.create()).body
    changes = {"status_id": await status(ops, "in_progress"), "due": "2090-01-01", "priority": "low"}

    await ops.member.request("task", "PATCH", f"/api/v1/tasks/{alone['id']}", changes)
    await change(ops, [together["id"]], **changes)

    told = [
        rows("task", "SELECT name, changes, caller_id FROM history WHERE task_id = %s ORDER BY name", (task["id"],))
        for task in (alone, together)
    ]
    assert len(told[0]) == 4
    assert told[0] == told[1]


async def test_reminders_follow(ops: Team) -> None:
    task = (await ops.create(assignees=[str(ops.member.id)])).body

    await change(ops, [task["id"]], due="2090-01-01")

    armed = rows("task", "SELECT DISTINCT due_version FROM reminder WHERE task_id = %s", (task["id"],))
    assert armed == [{"due_version": 2}]


async def test_what_is_so_already_is_unchanged(ops: Team) -> None:
    task = (await ops.create(priority="low")).body

    answer = await change(ops, [task["key"], task["id"].upper(), task["key"]], priority="low")

    assert [(item["task"], item["state"], item["version"]) for item in answer.body["items"]] == [
        (task["key"], "unchanged", 1), (task["id"].upper(), "unchanged", 1),
    ]  # fmt: skip


async def test_a_rejected_task_is_named_and_the_others_change(ops: Team) -> None:
    mine, gone = (await ops.create()).body, (await ops.create()).body
    full = (await ops.create()).body
    await ops.member.request("task", "DELETE", f"/api/v1/tasks/{gone['id']}")
    crowd = [ids.uuid7() for _ in range(100)]
    rows("task", "UPDATE task SET assignees = %s WHERE id = %s RETURNING 1", (crowd, full["id"]))
    unknown = str(ids.uuid7())

    answer = await change(
        ops, [mine["key"], gone["key"], full["key"], unknown, "OTHER-1"], due="2090-01-01",
        add_assignees=[str(ops.viewer.id)],
    )  # fmt: skip

    states = {item["task"]: (item["state"], (item["problem"] or {}).get("code")) for item in answer.body["items"]}
    assert states == {
        mine["key"]: ("changed", None),
        gone["key"]: ("rejected", "not_found"),
        full["key"]: ("rejected", "too_many_people"),
        unknown: ("rejected", "not_found"),
        "OTHER-1": ("rejected", "not_found"),
    }
    assert (await read(ops, full["key"]))["due"] is None


async def test_tasks_of_other_projects_are_out_of_reach(ops: Team, services: Services) -> None:
    other = await team(services)
    task = (await other.create()).body

    answer = await change(ops, [task["id"], task["key"]], priority="low")

    assert [item["problem"]["code"] for item in answer.body["items"]] == ["not_found", "not_found"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({}, "changes"),
        ({"status_id": str(ids.uuid7())}, "status_id"),
        ({"due": "soon"}, "due"),
        ({"add_assignees": [str(ids.uuid7())]}, "add_assignees"),
        ({"title": "All the same"}, "changes"),
        ({"status_id": None}, "changes"),
    ],
)
async def test_what_no_task_could_take_changes_none(ops: Team, changes: dict[str, Any], field: str) -> None:
    task = (await ops.create()).body

    answer = await change(ops, [task["key"]], **changes)

    assert answer.status == 422, answer
    assert field in answer.body["errors"]
    assert (await read(ops, task["key"]))["version"] == 1


@pytest.mark.parametrize("body", [{}, {"tasks": []}, {"tasks": ["x"]}, {"tasks": ["OPS-1"] * 101}, {"tasks": "OPS-1"}])
async def test_a_body_names_its_tasks(ops: Team, body: dict[str, Any]) -> None:
    answer = await ops.member.request(
        "task", "PATCH", f"/api/v1/projects/{ops.key}/tasks", {"changes": {"priority": "low"}, **body}
    )

    assert answer.status == 422
    assert "tasks" in answer.body["errors"]


async def test_roles_decide(ops: Team) -> None:
    task = (await ops.create()).body

    answers = {role: (await change(ops, [task["key"]], role, priority="low")).status for role in ops.people}

    assert answers == {"owner": 200, "admin": 200, "member": 200, "commenter": 403, "viewer": 403, "outsider": 404}
