"""Tasks over HTTP, against real PostgreSQL and RabbitMQ."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from punctual.kit import ids
from tests.support.services import Services
from tests.support.team import Team, now, rows, team


@pytest.fixture
async def ops(services: Services) -> Team:
    return await team(services)


async def test_a_task_is_created_read_and_listed_the_same(ops: Team) -> None:
    due = (now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M:%SZ")

    created = await ops.create(due=due, priority="high", assignees=[str(ops.viewer.id)], description="# Why\n\nSo.")
    read = await ops.viewer.request("task", "GET", f"/api/v1/tasks/{created.body['key']}")
    listed = await ops.viewer.request("task", "GET", "/api/v1/tasks?assignee=me")

    assert created.status == 201, created
    assert created.body["key"] == f"{ops.key}-1"
    assert created.body["due"] == due
    assert created.body["status"]["category"] == "todo"
    assert created.headers["ETag"] == read.headers["ETag"]
    assert created.body == read.body == listed.body["items"][0]


async def test_numbers_count_up_without_doubles(ops: Team) -> None:
    answers = await asyncio.gather(*(ops.create(title=f"Task {number}") for number in range(20)))

    assert sorted(answer.body["number"] for answer in answers) == list(range(1, 21))


async def test_of_creations_that_come_together_each_has_the_outcome_that_it_would_have_alone(ops: Team) -> None:
    path = f"/api/v1/projects/{ops.key}/tasks"
    good = [ops.create(title=f"Good {number}") for number in range(24)]
    outside = [ops.create(assignees=[str(ops.outsider.id)]) for _ in range(4)]
    forbidden = [ops.viewer.request("task", "POST", path, {"title": "Not mine to make"}) for _ in range(4)]
    once = {"title": "Once"}
    repeated = [ops.owner.request("task", "POST", path, once, Idempotency_Key="once") for _ in range(4)]

    answers = await asyncio.gather(*good[:12], *outside, *forbidden, *repeated, *good[12:])

    assert [answer.status for answer in answers] == [201] * 12 + [422] * 4 + [403] * 4 + [201] * 16
    assert len({answer.body["id"] for answer in answers[20:24]}) == 1
    told = rows("task", "SELECT number, title FROM task WHERE project_id = %s ORDER BY number", (ops.project_id,))
    assert [row["number"] for row in told] == list(range(1, 26))
    assert sorted(row["title"] for row in told) == sorted([*(f"Good {number}" for number in range(24)), "Once"])


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 256}, "title"),
        ({"title": "two\nlines"}, "title"),
        ({"title": 7}, "title"),
        ({"description": "x" * 100_001}, "description"),
        ({"due": "2026-02-30"}, "due"),
        ({"due": "2026-12-24T09:00:00"}, "due"),
        ({"due": "soon"}, "due"),
        ({"priority": "extreme"}, "priority"),
        ({"status_id": "done"}, "status_id"),
        ({"status_id": str(ids.uuid7())}, "status_id"),
        ({"assignees": ["bob"]}, "assignees"),
        ({"colour": "red"}, "colour"),
    ],
)
async def test_bad_fields_are_named_and_nothing_is_stored(ops: Team, fields: dict[str, Any], field: str) -> None:
    answer = await ops.create(**fields)

    assert answer.status == 422
    assert field in answer.body["errors"]
    assert rows("task", "SELECT 1 FROM task WHERE project_id = %s", (ops.project_id,)) == []


async def test_only_members_can_be_assigned(ops: Team) -> None:
    answer = await ops.create(assignees=[str(ops.outsider.id)])

    assert answer.status == 422
    assert answer.body["code"] == "not_a_member"
    assert "assignees" in answer.body["errors"]


async def test_patch_touches_only_what_it_names_and_null_clears(ops: Team) -> None:
    created = await ops.create(due="2027-01-01", priority="low", description="Why")
    path = f"/api/v1/tasks/{created.body['id']}"

    changed = await ops.member.request("task", "PATCH", path, {"title": "Two"})
    cleared = await ops.member.request("task", "PATCH", path, {"due": None})
    unchanged = await ops.member.request("task", "PATCH", path, {"title": "Two"})

    assert changed.body == {**created.body, "title": "Two", "version": 2, "updated_at": changed.body["updated_at"]}
    assert cleared.body["due"] is None
    assert unchanged.body["version"] == cleared.body["version"] == 3


async def test_an_old_if_match_is_refused_with_the_current_state(ops: Team) -> None:
    created = await ops.create()
    path = f"/api/v1/tasks/{created.body['id']}"

    await ops.member.request("task", "PATCH", path, {"title": "Two"}, If_Match=created.headers["ETag"])
    refused = await ops.member.request("task", "PATCH", path, {"title": "Three"}, If_Match=created.headers["ETag"])

    assert refused.status == 412
    assert refused.body["current"]["title"] == "Two"


async def test_completion_and_reopening_move_through_statuses(ops: Team) -> None:
    created = await ops.create()
    path = f"/api/v1/tasks/{created.body['id']}"

    done = await ops.member.request("task", "PUT", path + "/completion")
    again = await ops.member.request("task", "PUT", path + "/completion")
    reopened = await ops.member.request("task", "DELETE", path + "/completion")
    history = await ops.member.request("task", "GET", path + "/history")

    assert done.body["status"]["category"] == "done"
    assert done.body["completed_at"] is not None
    assert again.body == done.body
    assert reopened.body["completed_at"] is None
    assert [entry["name"] for entry in history.body["items"]] == ["task.created", "task.completed", "task.reopened"]


async def test_roles_decide_and_outsiders_see_nothing(ops: Team) -> None:
    created = await ops.create()
    path = f"/api/v1/tasks/{created.body['id']}"

    written = {role: (await ops.create(by=role)).status for role in ("owner", "admin", "commenter", "viewer")}
    commented = {
        role: (await ops.people[role].request("task", "POST", path + "/comments", {"text": "Hello"})).status
        for role in ("member", "commenter", "viewer")
    }
    hidden = [
        (await ops.outsider.request("task", method, path + suffix, body)).status
        for method, suffix, body in (
            ("GET", "", None),
            ("PATCH", "", {"title": "Mine"}),
            ("GET", "/comments", None),
            ("GET", "/history", None),
            ("GET", "/reminders", None),
            ("DELETE", "", None),
        )
    ]
    listed = await ops.outsider.request("task", "GET", "/api/v1/tasks")

    assert written == {"owner": 201, "admin": 201, "commenter": 403, "viewer": 403}
    assert commented == {"member": 201, "commenter": 201, "viewer": 403}
    assert set(hidden) == {404}
    assert listed.body["items"] == []


async def test_lists_filter_sort_and_page(ops: Team) -> None:
    for number, due in enumerate(("2027-03-01", "2027-01-01", None, "2027-02-01T10:00:00Z")):
        await ops.create(title=f"Water plant {number}", due=due, priority="high" if number % 2 else "low")
    path = f"/api/v1/projects/{ops.key}/tasks"

    async def titles(query: str) -> list[str]:
        answer = await ops.viewer.request("task", "GET", f"{path}?{query}")
        assert answer.status == 200, answer
        return [item["title"][-1] for item in answer.body["items"]]

    assert await titles("sort=due") == ["1", "3", "0", "2"]
    assert await titles("sort=created_at&priority=high") == ["1", "3"]
    assert await titles("sort=due&due_before=2027-02-15") == ["1", "3"]
    assert await titles("sort=due&due_after=2027-01-31") == ["3", "0"]
    assert await titles("q=plant+2") == ["2"]
    assert await titles("q=wat") == ["3", "2", "1", "0"]
    assert await titles("q=%27%29%3B--+%3A%2A") == []
    assert await titles("category=closed") == []
    assert await titles("category=open&limit=1") == ["3"]
    first = await ops.viewer.request("task", "GET", f"{path}?sort=due&limit=3")
    assert await titles(f"sort=due&limit=3&cursor={first.body['next_cursor']}") == ["2"]
    assert "next" in first.headers["Link"]


async def test_a_search_finds_the_key_then_titles_then_texts_and_what_is_open_first(ops: Team) -> None:
    await ops.create(title="Something else", description="Water the plants")
    await ops.create(title="Water the garden")
    done = await ops.create(title="Water the lawn")
    await ops.create(title="Mention it", description=f"Like {ops.key}-1, but later")
    await ops.member.request("task", "PUT", f"/api/v1/tasks/{done.body['id']}/completion")

    async def numbers(q: str, by: str = "viewer") -> list[int]:
        answer = await ops.people[by].request("task", "GET", f"/api/v1/tasks?q={q}&sort=relevance")
        assert answer.status == 200, answer
        return [item["number"] for item in answer.body["items"]]

    assert await numbers("water") == [2, 3, 1]
    assert await numbers(f"{ops.key}-1") == [1, 4]
    assert await numbers(f"{ops.key}-2".lower()) == [2]
    assert await numbers("water+nothing") == []
    assert await numbers("water", by="outsider") == await numbers(f"{ops.key}-1", by="outsider") == []
    seen, path = [], "/api/v1/tasks?q=water&sort=relevance&limit=1"
    for _ in range(3):
        page = (await ops.viewer.request("task", "GET", path)).body
        seen += [item["number"] for item in page["items"]]
        path = f"/api/v1/tasks?q=water&sort=relevance&limit=1&cursor={page['next_cursor']}"
    assert seen == [2, 3, 1]


async def test_relevance_needs_something_sought(ops: Team) -> None:
    answer = await ops.viewer.request("task", "GET", "/api/v1/tasks?sort=relevance")

    assert (answer.status, list(answer.body["errors"])) == (422, ["sort"])


@pytest.mark.parametrize("query", ["limit=0", "cursor=abc", "sort=colour", "status=x", "due_before=x", "x=1"])
async def test_a_bad_query_is_named(ops: Team, query: str) -> None:
    answer = await ops.viewer.request("task", "GET", f"/api/v1/projects/{ops.key}/tasks?{query}")

    assert answer.status == 422
    assert query.partition("=")[0] in answer.body["errors"]


async def test_a_malformed_body_says_what_is_wrong(ops: Team) -> None:
    path = f"/api/v1/projects/{ops.key}/tasks"

    answers = [await ops.member.request("task", "POST", path, body) for body in (b"{", b"[]", b'{"title": "\\ud800"}')]

    assert [answer.status for answer in answers] == [400, 400, 400]


async def test_deleted_tasks_are_gone_and_only_their_creator_or_an_admin_deletes(ops: Team) -> None:
    mine, others = await ops.create(), await ops.create(by="owner")

    refused = await ops.member.request("task", "DELETE", f"/api/v1/tasks/{others.body['id']}")
    deleted = await ops.member.request("task", "DELETE", f"/api/v1/tasks/{mine.body['id']}")
    read = await ops.member.request("task", "GET", f"/api/v1/tasks/{mine.body['id']}")

    assert (refused.status, deleted.status, read.status) == (403, 204, 404)


async def test_comments_mention_change_and_go(ops: Team) -> None:
    created = await ops.create()
    path = f"/api/v1/tasks/{created.body['id']}/comments"

    said = await ops.commenter.request("task", "POST", path, {"text": "@viewer and @nobody, please look"})
    foreign = await ops.member.request("task", "PATCH", f"{path}/{said.body['id']}", {"text": "Other"})
    changed = await ops.commenter.request("task", "PATCH", f"{path}/{said.body['id']}", {"text": "@admin instead"})
    listed = await ops.viewer.request("task", "GET", path)
    gone = await ops.admin.request("task", "DELETE", f"{path}/{said.body['id']}")
    watchers = await ops.viewer.request("task", "GET", f"/api/v1/tasks/{created.body['id']}/watchers")

    assert said.body["mentions"] == [str(ops.viewer.id)]
    assert foreign.status == 403
    assert changed.body["mentions"] == [str(ops.admin.id)]
    assert listed.body["items"] == [changed.body]
    assert gone.status == 204
    assert {item["user_id"] for item in watchers.body["items"]} == {str(ops.member.id), str(ops.commenter.id)}


async def test_statuses_belong_to_their_project_and_keep_one_default(ops: Team) -> None:
    path = f"/api/v1/projects/{ops.key}/statuses"

    refused = await ops.member.request("task", "POST", path, {"name": "Review", "category": "in_progress"})
    body = {"name": "Review", "category": "in_progress", "position": 1, "is_default": True}
    made = await ops.admin.request("task", "POST", path, body)
    doubled = await ops.admin.request("task", "POST", path, {"name": "review", "category": "todo"})
    default_gone = await ops.admin.request("task", "DELETE", f"{path}/{made.body['id']}")
    listed = await ops.viewer.request("task", "GET", path)
    task = await ops.create()
    backlog = listed.body["items"][0]
    deleted = await ops.admin.request("task", "DELETE", f"{path}/{backlog['id']}")

    assert refused.status == 403
    assert made.status == 201, made
    assert doubled.body["code"] == "status_name_in_use"
    assert default_gone.body["code"] == "status_in_use"
    assert [status["name"] for status in listed.body["items"]] == [
        "Backlog", "Review", "To do", "In progress", "Done", "Cancelled",
    ]  # fmt: skip
    assert [status["is_default"] for status in listed.body["items"]].count(True) == 1
    assert task.body["status"]["name"] == "Review"
    assert deleted.status == 204
