"""Whoever is out is out within two seconds: of a project, of a role, of the instance."""

import asyncio
import time
from dataclasses import replace
from typing import Any

import pytest

from tests.flows.stack import Stack
from tests.security import forge
from tests.security.api import Person, opened, until
from tests.security.conftest import FIGURES, SECRETS
from tests.security.scene import CANARY, PROJECT, TASK, Scene, a_key
from tests.security.stream import listening

SECONDS = 2.0


@pytest.fixture
async def project(here: Scene) -> str:
    """A project of the owner's whose member and viewer every service knows."""
    body = {"key": a_key(), "name": f"{CANARY} leaving"}
    made = PROJECT.format((await here.owner.post("/api/v1/projects", body))["id"])
    for role in ("member", "viewer"):
        await here.owner.put(f"{made}/members/{here.people[role].id}", {"role": role})
        await until(lambda role=role: _status(here.people[role], "GET", f"{made}/statuses", 200))
    return made


async def test_a_removed_member_loses_everything_of_the_project_within_two_seconds(
    here: Scene, project: str, stack: Stack
) -> None:
    member, owner = here.member, here.owner
    task = await _task(here, project)
    notification = await until(lambda: _told(member, task, "task.assigned"))
    await until(lambda: _mailed(stack, member.email, task["key"]))

    async with listening(member) as stream:
        await here.api.demand(204, "DELETE", f"{project}/members/{member.id}", token=owner.token)
        began = time.monotonic()
        await until(lambda: _lost(member, project, task, notification), within=SECONDS)
        lost_after = time.monotonic() - began
        await _write_in_vain(member, project, task)
        told, mails = len(stream.told), len(stack.mail(member.email))

        await owner.post(f"{TASK.format(task['id'])}/comments", {"text": f"{CANARY} now that they are gone"})
        await owner.put(f"{TASK.format(task['id'])}/watchers/{here.viewer.id}", status=204)
        stack.sql("task", "UPDATE reminder SET fire_at = now() WHERE task_id = %s", (task["id"],))
        await owner.put(f"{TASK.format(task['id'])}/completion")
        await until(lambda: _told(here.viewer, task, "task.completed"))
        await asyncio.sleep(0.5)

    about = [item for item in stream.told[told:] if item["kind"] != "project.member_removed"]
    letters = [letter for letter in stack.mail(member.email)[mails:] if "removed" not in str(letter["Subject"])]
    FIGURES.append(f"everything of a project was lost {lost_after:.2f} s after its member was removed")
    assert about == []
    assert letters == []


async def test_a_member_made_viewer_writes_nothing_within_two_seconds(here: Scene, project: str) -> None:
    task = await _task(here, project)

    await here.owner.put(f"{project}/members/{here.member.id}", {"role": "viewer"})

    path = TASK.format(task["id"])
    await until(lambda: _status(here.member, "PATCH", path, 403, {"title": "Mine"}), within=SECONDS)
    assert (await here.member.send("POST", f"{path}/comments", {"text": "Mine"})).status == 403
    assert (await here.member.send("GET", path)).status == 200


async def test_a_deleted_project_is_gone_everywhere_within_two_seconds(here: Scene, project: str) -> None:
    task = await _task(here, project)

    await here.api.demand(204, "DELETE", project, token=here.owner.token)

    for person in (here.member, here.owner):
        for path in (project, f"{project}/tasks", TASK.format(task["id"]), TASK.format(task["key"])):
            await until(lambda person=person, path=path: _status(person, "GET", path, 404), within=SECONDS)
    assert (await here.owner.send("PATCH", TASK.format(task["id"]), {"title": "Mine"})).status == 404


async def test_a_suspended_person_is_refused_by_gateway_and_services_and_the_stream_ends(
    here: Scene, stack: Stack
) -> None:
    person = await _newcomer(here)

    async with listening(person) as stream:
        await here.instance.put(f"/api/v1/users/{person.id}/deactivation")
        await asyncio.wait_for(stream.ended.wait(), SECONDS)
        for base, path in _doors(stack):
            async with opened(base, SECRETS) as door:
                at_door = replace(person, api=door)
                await until(lambda who=at_door, path=path: _status(who, "GET", path, 401), within=SECONDS)

    assert await _refreshed(person) == 400
    assert (await _signed_in(person)) == 400


async def test_an_ended_session_is_refused_by_gateway_and_services_and_its_stream_ends(
    here: Scene, stack: Stack
) -> None:
    person = await _newcomer(here)
    other = await replace(person).sign_in()

    async with listening(other) as stream:
        session = forge.claims_of(other.token)["sid"]
        await here.api.demand(204, "DELETE", f"/api/v1/auth/sessions/{session}", token=person.token)
        await asyncio.wait_for(stream.ended.wait(), SECONDS)
        for base, path in _doors(stack):
            async with opened(base, SECRETS) as door:
                at_door = replace(other, api=door)
                await until(lambda who=at_door, path=path: _status(who, "GET", path, 401), within=SECONDS)

    assert await _refreshed(other) == 400
    assert (await person.send("GET", "/api/v1/users/me")).status == 200


async def test_somebody_who_is_administrator_no_more_has_lost_that_within_two_seconds(here: Scene) -> None:
    person = await _newcomer(here)
    await here.instance.put(f"/api/v1/users/{person.id}/role", {"role": "admin"})
    await until(lambda: _is_admin(person))
    admin = await person.sign_in()
    assert (await admin.send("GET", "/api/v1/dead-letters/task")).status == 200

    await here.instance.put(f"/api/v1/users/{person.id}/role", {"role": "user"})

    await until(lambda: _status(admin, "GET", "/api/v1/dead-letters/task", 401), within=SECONDS)

    async def forbidden() -> bool:
        # What was issued in the same second is refused with the rest.
        return await _status(await replace(person).sign_in(), "GET", "/api/v1/dead-letters/task", 403)

    await until(forbidden, within=SECONDS)


async def _task(here: Scene, project: str) -> Any:
    body = {"title": f"{CANARY} leaving", "assignees": [here.member.id], "due": "2999-01-01"}
    task = await here.owner.post(f"{project}/tasks", body)
    await here.owner.put(f"{TASK.format(task['id'])}/watchers/{here.member.id}", status=204)
    return task


async def _newcomer(here: Scene) -> Person:
    person = Person(here.api, f"{a_key().lower()}@example.org", "a newcomer's password")
    await person.register("Newcomer")
    await person.get("/api/v1/users/me")
    return person


async def _lost(member: Person, project: str, task: Any, notification: Any) -> bool:
    """Whether nothing of a project can be seen any more."""
    path, note = TASK.format(task["id"]), f"/api/v1/notifications/{notification['id']}"
    attempts = [
        ("GET", project, None), ("GET", f"{project}/members", None), ("GET", f"{project}/tasks", None),
        ("GET", f"{project}/statuses", None), ("GET", path, None), ("GET", TASK.format(task["key"]), None),
        ("GET", f"{path}/comments", None), ("GET", f"{path}/history", None), ("GET", f"{path}/reminders", None),
        ("GET", f"{path}/watchers", None), ("GET", note, None), ("PUT", f"{note}/reading", None),
        ("DELETE", f"{note}/reading", None),
    ]  # fmt: skip
    lists = ("/api/v1/projects?limit=200", "/api/v1/tasks?limit=200", "/api/v1/notifications?limit=200")
    replies = await asyncio.gather(*(member.send(method, target, body) for method, target, body in attempts))
    pages = await asyncio.gather(*(member.send("GET", target) for target in lists))
    return {reply.status for reply in replies} == {404} and not any(page.shows(task["id"]) for page in pages)


async def _write_in_vain(member: Person, project: str, task: Any) -> None:
    """Each write waits for a membership that may only be on its way, and is refused."""
    path = TASK.format(task["id"])
    writes = [("PATCH", path, {"title": "Mine"}), ("POST", f"{path}/comments", {"text": "Mine"}),
              ("POST", f"{project}/tasks", {"title": "Mine"}), ("PUT", f"{path}/completion", None)]  # fmt: skip
    refused = await asyncio.gather(*(member.send(method, target, body) for method, target, body in writes))
    assert {reply.status for reply in refused} == {404}, refused


async def _told(person: Person, task: Any, kind: str) -> Any:
    items = (await person.get("/api/v1/notifications?limit=200"))["items"]
    return next((item for item in items if item["task_id"] == task["id"] and item["kind"] == kind), None)


async def _mailed(stack: Stack, address: str, word: str) -> bool:
    return any(word in str(letter["Subject"]) for letter in stack.mail(address))


async def _status(person: Person, method: str, path: str, status: int, body: Any = None) -> bool:
    return (await person.send(method, path, body)).status == status


async def _is_admin(person: Person) -> bool:
    return bool((await person.get("/api/v1/users/me"))["role"] == "admin")


async def _refreshed(person: Person) -> int:
    form = {"grant_type": "refresh_token", "refresh_token": person.refresh_token}
    return (await person.api.send("POST", "/api/v1/auth/token", form=form)).status


async def _signed_in(person: Person) -> int:
    form = {"grant_type": "password", "username": person.email, "password": person.password}
    return (await person.api.send("POST", "/api/v1/auth/token", form=form)).status


def _doors(stack: Stack) -> list[tuple[str, str]]:
    """The gateway and every service, each with a path that any signed-in person may read."""
    known = stack.variables()
    return [
        (stack.url, "/api/v1/users/me"),
        (known["PUNCTUAL_URL_AUTH"], "/api/v1/auth/sessions"),
        (known["PUNCTUAL_URL_USER"], "/api/v1/users/me"),
        (known["PUNCTUAL_URL_PROJECT"], "/api/v1/projects"),
        (known["PUNCTUAL_URL_TASK"], "/api/v1/tasks"),
        (known["PUNCTUAL_URL_NOTIFICATION"], "/api/v1/notifications"),
    ]
