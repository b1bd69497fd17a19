"""Nothing foreign anywhere: lists, searches, counts, cursors, streams, e-mails, and the words of a refusal."""

import asyncio
import re
from typing import Any
from uuid import uuid4

import pytest

from punctual.gateway.routes import ROWS
from tests.flows.stack import Stack
from tests.security.api import Reply, until
from tests.security.scene import CANARY, KEYS, PROJECT, TASK, Scene, a_key
from tests.security.stream import listening

OUTSIDERS = ("outsider", "instance")
# By one's own body the answers of create are told from those of hidden things.
BODIES: dict[str, Any] = {
    "/tasks": {"title": "Mine"},
    "/statuses": {"name": "Mine", "category": "todo"},
    "/invitations": {"email": "me@example.org"},
    "/comments": {"text": "Mine"},
    "/reminders": {"rules": None},
    "/members/{user_id}": {"role": "owner"},
}
PATCHES: dict[str, Any] = {
    "/api/v1/projects/{project}": {"name": "Mine"},
    "/api/v1/projects/{project}/statuses/{id}": {"name": "Mine"},
    "/api/v1/projects/{project}/tasks": {"tasks": ["NON-7"], "changes": {"priority": "low"}},
    "/api/v1/tasks/{task}": {"title": "Mine"},
    "/api/v1/tasks/{task}/comments/{id}": {"text": "Mine"},
}
HIDDEN = sorted(
    (method, row.path)
    for row in ROWS
    for method in row.methods.split()
    if row.path.startswith(("/api/v1/projects/{project}", "/api/v1/tasks/{task}"))
)


@pytest.mark.parametrize("who", OUTSIDERS)
@pytest.mark.parametrize(
    "query",
    [
        f"projects?q={CANARY}", f"projects?q={KEYS}", "projects?archived=false", "projects?limit=200&sort=-created_at",
        "tasks", f"tasks?q={CANARY}", f"tasks?q={KEYS}", "tasks?category=open&sort=due", "tasks?sort=-updated_at",
        "tasks?assignee={member}", "tasks?status={status}", "tasks?due_before=2999-01-01",
        "notifications", "notifications?muted=true", "notifications?unread=true&limit=200",
        "auth/sessions", f"users?q={CANARY}",
    ],
)  # fmt: skip
async def test_lists_and_searches_hold_nothing_of_other_peoples_projects(here: Scene, who: str, query: str) -> None:
    path = "/api/v1/" + query.format(member=here.member.id, status=here.shared["status"])

    reply = await here.people[who].send("GET", path)

    assert reply.status == 200
    assert not reply.shows(CANARY)
    assert not reply.shows(KEYS)
    if "tasks" in query or CANARY in query:
        assert reply.body["items"] == []


async def test_what_outsiders_may_count_is_nothing(here: Scene) -> None:
    assert await here.outsider.get("/api/v1/notifications/count") == {"unread": 0}


async def test_a_cursor_of_somebody_else_opens_nothing(here: Scene) -> None:
    await here.task()
    for path in ("/api/v1/tasks", "/api/v1/notifications"):
        cursor = (await here.member.get(f"{path}?limit=1"))["next_cursor"]
        assert cursor

        reply = await here.outsider.send("GET", f"{path}?limit=1&cursor={cursor}")
        assert (reply.status, reply.body["items"]) == (200, [])


async def test_what_is_hidden_is_refused_in_the_words_for_what_does_not_exist(here: Scene) -> None:
    shared = here.shared
    hidden = [(shared["project"], shared["task"]), (shared["key"], await _task_key(here))]
    nothing = [(str(uuid4()), str(uuid4())), (a_key("NON"), "NON-7")]

    async def told_apart(method: str, path: str) -> list[Reply]:
        refusals = await asyncio.gather(*(_refused(here, method, path, *pair) for pair in (*hidden, *nothing)))
        alike = len({_words(reference, reply) for reference, reply in refusals}) == 1
        return [] if alike and refusals[0][1].status == 404 else [reply for _, reply in refusals]

    found = await asyncio.gather(*(told_apart(method, path) for method, path in HIDDEN))

    assert {route: replies for route, replies in zip(HIDDEN, found, strict=True) if replies} == {}


async def test_an_outsider_learns_no_version_and_a_viewer_is_refused_before_it_is_compared(here: Scene) -> None:
    for path in (PROJECT.format(here.shared["project"]), TASK.format(here.shared["task"])):
        for who, status in (("outsider", 404), ("viewer", 403)):
            reply = await here.people[who].send("PATCH", path, {}, If_Match='"999"')

            assert reply.status == status, reply
            assert b"current" not in reply.raw


async def test_addresses_are_shown_to_administrators_only_and_cannot_be_guessed_letter_by_letter(here: Scene) -> None:
    email, begin = here.member.email, here.member.email[:-3]

    found = await here.outsider.get(f"/api/v1/users?q={email}")
    guessed = await here.outsider.get(f"/api/v1/users?q={begin}")
    profile = await here.outsider.send("GET", f"/api/v1/users/{here.member.id}")
    known = await here.instance.get(f"/api/v1/users?q={begin}")

    assert [item["id"] for item in found["items"]] == [here.member.id]
    assert email not in str(found)
    assert guessed["items"] == []
    assert not profile.shows(email)
    assert [item["email"] for item in known["items"]] == [email]


async def test_streams_inboxes_and_mailboxes_of_outsiders_stay_silent_while_a_project_is_busy(
    here: Scene, stack: Stack
) -> None:
    outsider, member = here.outsider, here.member
    name = outsider.email.partition("@")[0]

    async with listening(outsider) as foreign, listening(member) as own:
        task = await here.task(title=f"{CANARY} busy", due="2999-01-01")
        said = f"{CANARY} @{name} @outsider look"
        await here.owner.post(f"{TASK.format(task)}/comments", {"text": said})
        await here.owner.put(f"{TASK.format(task)}/completion")

        async def all_told() -> bool:
            kinds = {item["kind"] for item in own.told if item["task_id"] == task}
            return kinds >= {"task.assigned", "task.commented", "task.completed"}

        await until(all_told)
        await until(lambda: _mailed(stack, member.email, f"Assigned to you: {CANARY} busy"))

    assert foreign.told == []
    assert CANARY.encode() not in foreign.raw
    assert (await outsider.get("/api/v1/notifications"))["items"] == []
    assert not [letter for letter in stack.mail(outsider.email) if CANARY in str(letter)]


async def _refused(here: Scene, method: str, path: str, project: str, task: str) -> tuple[str, Reply]:
    reference = project if "{project}" in path else task
    tail = path.partition("}")[2]
    filled = path.format(project=project, task=task, user_id=here.outsider.id, id=here.shared["status"])
    body = PATCHES[path] if method == "PATCH" else BODIES.get(tail)
    return reference, await here.outsider.send(method, filled, body if method != "GET" else None)


def _words(reference: str, reply: Reply) -> tuple[str, ...]:
    told = {name: value for name, value in reply.body.items() if name != "request_id"}
    headers = sorted(name for name in reply.headers if name not in ("Date", "Content-Length"))
    return re.sub(re.escape(reference), "…", str(told)), *headers


async def _task_key(here: Scene) -> str:
    return str((await here.owner.get(TASK.format(here.shared["task"])))["key"])


async def _mailed(stack: Stack, address: str, word: str) -> bool:
    return any(word in str(letter["Subject"]) for letter in stack.mail(address))
