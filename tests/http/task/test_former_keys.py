"""Tasks and projects by a key that was changed: everything that takes the current one takes the former ones, too."""

import asyncio
from typing import Any

import pytest

from punctual.kit import ids
from punctual.schemas import events
from tests.support.services import Services
from tests.support.team import Team, applied, membership, rows, team


@pytest.fixture
async def ops(services: Services) -> Team:
    return await team(services)


def of_before(ops: Team, **fields: Any) -> dict[str, Any]:
    """What an owner tells that knows of no former keys."""
    project = {"project_id": ops.project_id, "key": ops.key, "name": "Operations", "archived": False, "deleted": False}
    return {**project, **fields}


def payload(ops: Team, **fields: Any) -> dict[str, Any]:
    return {**of_before(ops), "former_keys": [], **fields}


async def tell(ops: Team, version: int, **fields: Any) -> None:
    event = await ops.services.publish(events.PROJECT_UPDATED, payload(ops, **fields), version)
    await applied("task", [event])


async def renamed(ops: Team, version: int = 2) -> str:
    """Give the project another key; its former one."""
    former, ops.key = ops.key, "N" + ids.uuid7().hex[-8:].upper()
    await tell(ops, version, former_keys=[former])
    return former


def former_keys(ops: Team) -> list[str]:
    found = rows("task", "SELECT key FROM former_key WHERE project_id = %s ORDER BY key", (ops.project_id,))
    return [row["key"] for row in found]


async def test_a_task_is_read_by_an_old_key_and_told_by_the_current_one(ops: Team) -> None:
    created = (await ops.create()).body
    former = await renamed(ops)

    for tail in ("", "/comments", "/history", "/watchers", "/reminders"):
        answers = [
            await ops.viewer.request("task", "GET", f"/api/v1/tasks/{name}{tail}")
            for name in (f"{former}-1", f"{ops.key}-1", created["id"])
        ]
        assert [answer.status for answer in answers] == [200] * 3
        assert answers[0].body == answers[1].body == answers[2].body
    read = await ops.viewer.request("task", "GET", f"/api/v1/tasks/{former}-1")

    assert read.body == {**created, "key": f"{ops.key}-1"}


async def test_what_a_project_has_is_found_by_an_old_key(ops: Team) -> None:
    await ops.create()
    former = await renamed(ops)

    for tail in ("tasks", "tasks?q=renew", "tasks?sort=due&category=open", "statuses", "board", "task-counts"):
        old, new = [
            await ops.viewer.request("task", "GET", f"/api/v1/projects/{key}/{tail}") for key in (former, ops.key)
        ]
        assert (old.status, old.body) == (200, new.body)
    board = await ops.viewer.request("task", "GET", f"/api/v1/projects/{former}/board?q={former.lower()}-1")

    assert board.body["project"]["key"] == ops.key
    assert [task["key"] for task in board.body["open"]] == [f"{ops.key}-1"]


async def test_changes_find_their_task_and_project_by_an_old_key(ops: Team) -> None:
    former = await renamed(ops)
    path, task = f"/api/v1/projects/{former}", f"/api/v1/tasks/{former}-1"

    created = await ops.member.request("task", "POST", f"{path}/tasks", {"title": "Renew"})
    changed = await ops.member.request("task", "PATCH", task, {"priority": "high"}, If_Match='"1"')
    done = await ops.member.request("task", "PUT", f"{task}/completion")
    said = await ops.member.request("task", "POST", f"{task}/comments", {"text": "Done"})
    status = await ops.admin.request("task", "POST", f"{path}/statuses", {"name": "Review", "category": "todo"})
    deleted = await ops.admin.request("task", "DELETE", task)

    answers = (created, changed, done, said, status, deleted)
    assert [answer.status for answer in answers] == [201, 200, 200, 201, 201, 204]
    assert {answer.body["key"] for answer in (created, changed, done)} == {f"{ops.key}-1"}


async def test_tasks_that_are_created_at_once_by_all_the_names_of_a_project_are_numbered_once(ops: Team) -> None:
    former = await renamed(ops)
    names = [former, ops.key, str(ops.project_id)] * 8

    answers = await asyncio.gather(
        *(ops.member.request("task", "POST", f"/api/v1/projects/{name}/tasks", {"title": "Renew"}) for name in names)
    )

    assert sorted(answer.body["key"] for answer in answers) == sorted(f"{ops.key}-{n}" for n in range(1, 25))


async def test_many_change_by_old_and_new_keys_but_not_by_another_projects(ops: Team) -> None:
    for _ in range(3):
        await ops.create()
    other = await team(ops.services)
    old_of_other, former = await renamed(other), await renamed(ops)
    named = [f"{former}-1", f"{ops.key}-2", f"{former}-9", f"{other.key}-3", f"{old_of_other}-3"]

    answer = await ops.member.request(
        "task", "PATCH", f"/api/v1/projects/{former}/tasks", {"tasks": named, "changes": {"priority": "high"}}
    )

    assert [(item["task"], item["state"], item["key"]) for item in answer.body["items"]] == [
        (named[0], "changed", f"{ops.key}-1"), (named[1], "changed", f"{ops.key}-2"),
        *((name, "rejected", None) for name in named[2:]),
    ]  # fmt: skip


async def test_an_old_key_is_searched_for_like_the_current_one(ops: Team) -> None:
    await ops.create(title="Mentions nothing")
    former = await renamed(ops)
    other = (await ops.create(title=f"After {former}-1")).body

    for path in ("/api/v1/tasks", f"/api/v1/projects/{ops.key}/tasks"):
        answer = await ops.viewer.request("task", "GET", f"{path}?q={former.lower()}-1&sort=relevance")
        assert [item["key"] for item in answer.body["items"]] == [f"{ops.key}-1", other["key"]]


async def test_quick_add_takes_an_old_key(ops: Team) -> None:
    former = await renamed(ops)

    for text, given in ((f"Renew @viewer #{former.lower()}", {}), ("Renew @viewer", {"project": former})):
        answer = await ops.member.request("task", "POST", "/api/v1/task-drafts", {"text": text, **given})
        assert (answer.body["project"]["key"], answer.body["problems"]) == (ops.key, [])
        assert answer.body["assignees"] == [str(ops.viewer.id)]


async def test_a_stream_is_followed_by_an_old_key_and_tells_the_current_one(ops: Team) -> None:
    former = await renamed(ops)
    url = await ops.services.url("task") + f"/api/v1/projects/{former}/stream"
    headers = {"Authorization": f"Bearer {ops.viewer.token}"}

    async with ops.services.client.get(url, headers=headers) as stream:
        assert stream.status == 200
        await ops.create()
        while b"event: task" not in (told := await stream.content.readuntil(b"\n\n")):
            assert told

    assert f'"key":"{ops.key}-1"'.encode() in told


async def test_who_may_not_see_a_project_learns_nothing_from_its_old_key(ops: Team) -> None:
    await ops.create()
    former, nobodys = await renamed(ops), "NOBODYS"
    asked: list[tuple[str, str, Any]] = [
        ("GET", "/api/v1/tasks/{}-1", None), ("PATCH", "/api/v1/tasks/{}-1", {"title": "Mine"}),
        ("GET", "/api/v1/projects/{}/tasks", None), ("GET", "/api/v1/projects/{}/board", None),
        ("GET", "/api/v1/projects/{}/stream", None), ("POST", "/api/v1/projects/{}/tasks", {"title": "Mine"}),
    ]  # fmt: skip

    for method, path, body in asked:
        old = await ops.outsider.request("task", method, path.format(former), body)
        none = await ops.outsider.request("task", method, path.format(nobodys), body)
        assert old.status == none.status == 404
        assert old.body["detail"].replace(former, nobodys) == none.body["detail"]
    for q in (f"{former}-1", f"{ops.key}-1"):
        assert (await ops.outsider.request("task", "GET", f"/api/v1/tasks?q={q}")).body["items"] == []


async def test_the_project_that_has_a_key_wins_over_one_that_had_it(ops: Team) -> None:
    await ops.create(title="Old")
    former = await renamed(ops)
    newer = {**payload(ops), "project_id": ids.uuid7(), "key": former}
    member = membership(newer["project_id"], former, ops.member, "owner")
    sent = [await ops.services.publish(events.PROJECT_CREATED, newer)]
    sent.append(await ops.services.publish(events.PROJECT_MEMBER_ADDED, member))
    await applied("task", sent)

    created = await ops.member.request("task", "POST", f"/api/v1/projects/{former}/tasks", {"title": "New"})
    read = await ops.member.request("task", "GET", f"/api/v1/tasks/{former}-1")

    assert created.body == read.body
    assert (read.body["title"], read.body["project_id"]) == ("New", str(newer["project_id"]))
    assert (await ops.viewer.request("task", "GET", f"/api/v1/tasks/{former}-1")).status == 404


async def test_news_of_keys_are_kept_in_the_order_of_their_versions(ops: Team) -> None:
    await tell(ops, 4, former_keys=["WORKS4", "PLANT4"])
    await tell(ops, 3, former_keys=["WORKS4"])
    late = former_keys(ops)
    await tell(ops, 5, former_keys=["WORKS4", ops.key], key="PLANT4")
    taken_back = former_keys(ops)

    assert late == ["PLANT4", "WORKS4"]
    assert taken_back == sorted([ops.key, "WORKS4"])


async def test_an_owner_that_knows_of_no_former_keys_takes_none_away(ops: Team) -> None:
    former = await renamed(ops)

    await applied("task", [await ops.services.publish(events.PROJECT_UPDATED, of_before(ops, name="Opera"), 3)])

    assert former_keys(ops) == [former]
    assert (await ops.viewer.request("task", "GET", f"/api/v1/projects/{former}/tasks")).status == 200


async def test_a_key_of_a_deleted_project_leads_to_whoever_has_it_next_also_when_that_is_heard_of_first(
    ops: Team,
) -> None:
    former = await renamed(ops)
    heir = await team(ops.services)
    await tell(heir, 2, former_keys=[former])
    before = await heir.viewer.request("task", "GET", f"/api/v1/projects/{former}/tasks")
    await tell(ops, 2, former_keys=[former])
    gone = await ops.services.publish(events.PROJECT_DELETED, of_before(ops, deleted=True), 3)
    await applied("task", [gone])
    after = await heir.viewer.request("task", "GET", f"/api/v1/projects/{former}/tasks")

    assert (before.status, after.status, former_keys(ops), former_keys(heir)) == (200, 200, [], [former])
