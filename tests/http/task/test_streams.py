"""A project's live stream: what changed, at once, and only to those who may see it."""

import contextlib
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from punctual.http.task.streams import FEED
from punctual.kit import streams, wire
from punctual.schemas import events
from tests.support.services import Person, Services, eventually
from tests.support.sse import Reader
from tests.support.team import Team, membership, team


@pytest.fixture
async def ops(services: Services) -> Team:
    return await team(services)


@contextlib.asynccontextmanager
async def following(ops: Team, person: Person, query: str = "") -> AsyncIterator[Reader]:
    """The project's stream, opened by somebody."""
    url = await ops.services.url("task") + f"/api/v1/projects/{ops.key}/stream{query}"
    async with ops.services.client.get(url, headers={"Authorization": f"Bearer {person.token}"}) as response:
        assert response.status == 200, await response.text()
        assert response.content_type == "text/event-stream"
        reader = Reader(response)
        assert (await reader.block())["retry"] == "3000"
        yield reader


async def change(reader: Reader, past: int = 0) -> dict[str, Any]:
    """The next change that comes, of a version beyond `past`: what was done just before may still be told."""
    while True:
        fields = await reader.told()
        assert fields["event"] == "task"
        data: dict[str, Any] = wire.loads(fields["data"])
        if data["version"] > past:
            return data


async def test_a_change_comes_at_once_and_names_the_task(ops: Team) -> None:
    task = (await ops.create()).body
    async with following(ops, ops.viewer) as reader:
        began = time.monotonic()
        await ops.member.request("task", "PATCH", f"/api/v1/tasks/{task['id']}", {"priority": "urgent"})
        told = await change(reader, past=1)

    # Not with a beat only.
    assert time.monotonic() - began < streams.BEAT_SECONDS / 3
    assert set(told) == {"task_id", "key", "version", "change", "caller_id", "occurred_at"}
    assert (told["task_id"], told["key"], told["version"]) == (task["id"], task["key"], 2)
    assert (told["change"], told["caller_id"]) == ("task.updated", str(ops.member.id))


async def test_every_kind_of_change_comes(ops: Team) -> None:
    async with following(ops, ops.member) as reader:
        task = (await ops.create()).body
        path = f"/api/v1/tasks/{task['id']}"
        for method, address, body in (
            ("PATCH", path, {"due": "2090-01-01"}),
            ("PUT", f"{path}/assignees/{ops.viewer.id}", None),
            ("DELETE", f"{path}/assignees/{ops.viewer.id}", None),
            ("POST", f"{path}/comments", {"text": "Look"}),
            ("PUT", f"{path}/completion", None),
            ("DELETE", f"{path}/completion", None),
        ):
            await ops.member.request("task", method, address, body)
        await ops.owner.request("task", "DELETE", path)
        told = [(await change(reader))["change"] for _ in range(8)]

    assert told == [
        "task.created",
        "task.due_changed",
        "task.assigned",
        "task.unassigned",
        "task.commented",
        "task.completed",
        "task.reopened",
        "task.deleted",
    ]


async def test_what_becomes_of_a_comment_comes_and_is_kept_in_the_history(ops: Team) -> None:
    task = (await ops.create()).body
    path = f"/api/v1/tasks/{task['id']}"
    async with following(ops, ops.viewer) as reader:
        said = (await ops.member.request("task", "POST", f"{path}/comments", {"text": "Look"})).body
        comment = f"{path}/comments/{said['id']}"
        await ops.member.request("task", "PATCH", comment, {"text": "Look here"})
        await ops.member.request("task", "PATCH", comment, {"text": "Look here"})
        await ops.member.request("task", "DELETE", comment)
        told: list[str] = []
        while told[-1:] != ["task.comment_deleted"]:
            told.append((await change(reader))["change"])
    history = (await ops.viewer.request("task", "GET", f"{path}/history?sort=occurred_at")).body["items"]

    assert told[-3:] == ["task.commented", "task.comment_edited", "task.comment_deleted"]
    assert [(entry["name"], entry["changes"]) for entry in history[-2:]] == [
        ("task.comment_edited", {"comment_id": said["id"]}),
        ("task.comment_deleted", {"comment_id": said["id"]}),
    ]


async def test_what_becomes_of_a_status_comes(ops: Team) -> None:
    path = f"/api/v1/projects/{ops.key}/statuses"
    async with following(ops, ops.viewer) as reader:
        made = (await ops.owner.request("task", "POST", path, {"name": "In review", "category": "in_progress"})).body
        status = f"{path}/{made['id']}"
        await ops.owner.request("task", "PATCH", status, {"name": "Review", "position": 0})
        await ops.owner.request("task", "PATCH", status, {"name": "Review"})
        await ops.owner.request("task", "DELETE", status)
        told = [await reader.told() for _ in range(3)]

    assert {fields["event"] for fields in told} == {"status"}
    data = [wire.loads(fields["data"]) for fields in told]
    assert [each["change"] for each in data] == ["status.created", "status.updated", "status.deleted"]
    assert set(data[1]) == {"status_id", "version", "change", "caller_id", "occurred_at"}
    assert {each["status_id"] for each in data} == {made["id"]}
    assert data[1]["version"] == made["version"] + 1


async def test_what_is_done_quietly_comes_too(ops: Team) -> None:
    task = (await ops.create()).body
    payload = {**events.TASK_UPDATED.example, "project_id": ops.project_id, "key": task["key"], "task_id": task["id"]}
    async with following(ops, ops.member) as reader:
        await ops.services.publish(events.TASK_UPDATED, payload, 7, quiet=True)
        told = await change(reader, past=1)

    assert told["version"] == 7


async def test_another_project_is_not_told_of(ops: Team, services: Services) -> None:
    other = await team(services)
    async with following(ops, ops.member) as reader:
        await other.create()
        mine = (await ops.create()).body
        told = await change(reader)

    assert told["key"] == mine["key"]


async def test_a_change_since_the_reading_was_missed(ops: Team) -> None:
    async with following(ops, ops.viewer) as first:
        await ops.create()
        await change(first)
        async with following(ops, ops.viewer, "?age=60000") as late, following(ops, ops.viewer, "?age=0") as punctual:
            await ops.create()
            told = [(await reader.told())["event"] for reader in (late, punctual)]

    assert told == ["missed", "task"]


async def test_whoever_may_not_see_the_project_has_no_stream(ops: Team) -> None:
    answer = await ops.outsider.request("task", "GET", f"/api/v1/projects/{ops.key}/stream")

    assert answer.status == 404


async def test_whoever_is_removed_hears_no_more(ops: Team) -> None:
    gone = membership(ops.project_id, ops.key, ops.viewer, None)
    async with following(ops, ops.viewer) as reader, following(ops, ops.member) as other:
        began = time.monotonic()
        await ops.services.publish(events.PROJECT_MEMBER_REMOVED, gone, 9)
        assert await reader.ended()
        assert time.monotonic() - began < 2
        await ops.create()

        assert (await change(other))["change"] == "task.created"


async def test_a_removal_that_was_not_heard_ends_it_with_the_next_beat(
    ops: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "BEAT_SECONDS", 0.2)
    async with following(ops, ops.viewer) as reader:
        monkeypatch.setattr(FEED.of(ops.services.bus), "_by_topic", {})
        await ops.services.publish(
            events.PROJECT_MEMBER_REMOVED, membership(ops.project_id, ops.key, ops.viewer, None), 9
        )

        assert await reader.ended()


async def test_the_end_of_a_project_ends_its_streams(ops: Team) -> None:
    project = {"project_id": ops.project_id, "key": ops.key, "name": "Operations", "archived": False, "deleted": True}
    async with following(ops, ops.member) as reader:
        await ops.services.publish(events.PROJECT_DELETED, project, 9)

        assert await reader.ended()


async def test_a_revoked_session_ends_it_within_two_seconds(ops: Team) -> None:
    async with following(ops, ops.member) as reader:
        began = time.monotonic()
        ops.services.runtime.denylist.revoke(ops.member.session_id)

        assert await reader.ended()
    assert time.monotonic() - began < 2


async def test_a_gap_in_the_connection_is_told(ops: Team) -> None:
    async with following(ops, ops.member) as reader:
        FEED.of(ops.services.bus)._miss()

        assert (await reader.told())["event"] == "missed"


async def test_a_person_has_five_and_a_closed_one_makes_room(ops: Team) -> None:
    path = f"/api/v1/projects/{ops.key}/stream"

    async def opens() -> bool:
        headers = {"Authorization": f"Bearer {ops.member.token}"}
        async with ops.services.client.get(await ops.services.url("task") + path, headers=headers) as response:
            return response.status == 200

    async with contextlib.AsyncExitStack() as stack:
        for _ in range(5):
            await stack.enter_async_context(following(ops, ops.member))
        refused = await ops.member.request("task", "GET", path)
        await stack.enter_async_context(following(ops, ops.viewer))
    await eventually(opens)

    assert refused.status == 429
