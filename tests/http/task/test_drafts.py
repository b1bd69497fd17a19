"""Quick add over HTTP: understood with the caller's projects, people and clock, and nothing stored."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.support.services import Answer, Services
from tests.support.team import Team, now, rows, team

DRAFTS = "/api/v1/task-drafts"


@pytest.fixture
async def ops(services: Services) -> Team:
    return await team(services, member="Asia/Kathmandu")


async def draft(ops: Team, text: str, by: str = "member", **fields: Any) -> Answer:
    return await ops.people[by].request("task", "POST", DRAFTS, {"text": text, **fields})


async def test_a_line_is_understood_and_makes_the_task_it_says(ops: Team) -> None:
    answer = await draft(ops, f"Pay rent 2030-12-24 9:00 !high @viewer #{ops.key.lower()}")
    body = answer.body
    task = await ops.create(**{name: body[name] for name in ("title", "due", "priority", "assignees")})

    assert answer.status == 200, answer
    assert body["title"] == "Pay rent"
    assert body["due"] == "2030-12-24T03:15:00Z"
    assert body["project"] == {"id": str(ops.project_id), "key": ops.key, "name": "Operations"}
    assert body["assignees"] == [str(ops.viewer.id)]
    assert [part["kind"] for part in body["parts"]] == ["due", "priority", "assignee", "project"]
    assert body["problems"] == []
    assert task.status == 201, task


async def test_nothing_of_it_is_stored(ops: Team) -> None:
    await draft(ops, "Pay rent", project=ops.key)

    assert rows("task", "SELECT 1 FROM task WHERE project_id = %s", (ops.project_id,)) == []


async def test_project_and_zone_may_be_given_beside_the_line(ops: Team) -> None:
    answer = await draft(ops, "Pay rent today @bob", project=str(ops.project_id), time_zone="Pacific/Kiritimati")

    assert answer.body["project"]["key"] == ops.key
    assert answer.body["due"] == str(now().astimezone(ZoneInfo("Pacific/Kiritimati")).date())
    assert [problem["text"] for problem in answer.body["problems"]] == ["@bob"]


async def test_an_outsider_is_told_nothing_of_the_project(ops: Team) -> None:
    named = await draft(ops, f"Pay rent #{ops.key} @viewer", by="outsider")
    given = await draft(ops, "Pay rent", by="outsider", project=ops.key)
    unknown = await draft(ops, "Pay rent", by="outsider", project="NOSUCHKEY")

    assert named.body["project"] is None
    assert [problem["kind"] for problem in named.body["problems"]] == ["project", "assignee"]
    assert (given.status, list(given.body["errors"])) == (422, ["project"])
    assert {**given.body, "request_id": 0} == {
        **unknown.body, "request_id": 0, "detail": given.body["detail"], "errors": given.body["errors"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "x" * 501}, "text"),
        ({"text": "two\nlines"}, "text"),
        ({"project": "no key"}, "project"),
        ({"time_zone": "Mars/Base"}, "time_zone"),
        ({"colour": "red"}, "colour"),
    ],
)
async def test_bad_fields_are_named(ops: Team, fields: dict[str, Any], field: str) -> None:
    answer = await ops.member.request("task", "POST", DRAFTS, {"text": "Pay rent", **fields})

    assert answer.status == 422
    assert field in answer.body["errors"]
