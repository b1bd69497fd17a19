"""A board over HTTP: everything a page of it shows, by the same filters as lists, for members alone."""

from typing import Any

import pytest

from tests.support.services import Services
from tests.support.team import Team, team


@pytest.fixture
async def ops(services: Services) -> Team:
    return await team(services)


async def board(ops: Team, by: str = "viewer", query: str = "") -> dict[str, Any]:
    answer = await ops.people[by].request("task", "GET", f"/api/v1/projects/{ops.key}/board{query}")
    assert answer.status == 200, answer
    body: dict[str, Any] = answer.body
    return body


async def test_it_has_project_statuses_people_and_tasks(ops: Team) -> None:
    later = (await ops.create(due="2090-01-02")).body
    first = (await ops.create(due="2090-01-01T09:00:00Z", assignees=[str(ops.admin.id)], priority="high")).body
    closed = (await ops.create()).body
    await ops.member.request("task", "PUT", f"/api/v1/tasks/{closed['id']}/completion")

    found = await board(ops)

    assert found["project"] == {
        "id": str(ops.project_id), "key": ops.key, "name": "Operations", "archived": False, "role": "viewer",
    }  # fmt: skip
    assert [status["tasks"] for status in found["statuses"]] == [0, 2, 0, 1, 0]
    assert [status["position"] for status in found["statuses"]] == [0, 1, 2, 3, 4]
    assert {member["user_id"]: member["role"] for member in found["members"]}[str(ops.owner.id)] == "owner"
    assert [task["key"] for task in found["open"]] == [first["key"], later["key"]]
    assert found["open"][0] == {
        "id": first["id"], "key": first["key"], "title": first["title"], "status_id": first["status"]["id"],
        "priority": "high", "due": "2090-01-01T09:00:00Z", "assignees": [str(ops.admin.id)], "version": 1,
    }  # fmt: skip
    assert [task["key"] for task in found["closed"]] == [closed["key"]]


@pytest.mark.parametrize(
    "query",
    ["?q=rent", "?priority=urgent", "?assignee=me", "?due_before=2080-01-01", "?q=pay+rent&priority=urgent"],
)
async def test_it_is_filtered_like_a_list(ops: Team, query: str) -> None:
    await ops.create(due="2090-01-01")
    wanted = (
        await ops.create(title="Pay rent", priority="urgent", due="2070-01-01", assignees=[str(ops.viewer.id)])
    ).body

    found = await board(ops, query=query)

    assert [task["key"] for task in found["open"]] == [wanted["key"]]
    assert sum(status["tasks"] for status in found["statuses"]) == 2


async def test_a_task_is_found_by_its_key(ops: Team) -> None:
    await ops.create()
    wanted = (await ops.create()).body

    assert [task["key"] for task in (await board(ops, query=f"?q={wanted['key']}"))["open"]] == [wanted["key"]]


async def test_an_empty_one_has_its_columns(ops: Team) -> None:
    found = await board(ops)

    assert (len(found["statuses"]), found["open"], found["closed"]) == (5, [], [])


async def test_an_outsider_sees_none(ops: Team) -> None:
    answer = await ops.outsider.request("task", "GET", f"/api/v1/projects/{ops.key}/board")

    assert answer.status == 404


async def test_who_knows_it_is_not_told_again_until_something_changes(ops: Team) -> None:
    task = (await ops.create()).body
    path = f"/api/v1/projects/{ops.key}/board"
    statuses = f"/api/v1/projects/{ops.key}/statuses"

    async def tag(known: str = "") -> tuple[int, str]:
        headers = {"If_None_Match": known} if known else {}
        answer = await ops.viewer.request("task", "GET", path, **headers)
        return answer.status, answer.headers["ETag"]

    tags = [(await tag())[1]]
    for by, method, address, body in (
        (ops.member, "PATCH", f"/api/v1/tasks/{task['id']}", {"title": "Renamed"}),
        (ops.member, "PUT", f"/api/v1/tasks/{task['id']}/completion", None),
        (ops.member, "POST", f"/api/v1/projects/{ops.key}/tasks", {"title": "One more"}),
        (ops.owner, "DELETE", f"/api/v1/tasks/{task['id']}", None),
        (ops.owner, "POST", statuses, {"name": "In review", "category": "in_progress"}),
    ):
        assert await tag(tags[-1]) == (304, tags[-1])
        await by.request("task", method, address, body)
        status, new = await tag(tags[-1])
        assert status == 200, (method, address)
        tags.append(new)

    assert len(set(tags)) == len(tags)
