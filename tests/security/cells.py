"""Executing the table of permissions: one request for each route and caller."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.security.api import Reply
from tests.security.scene import CANARY, Scene, a_key

CONCURRENCY = 16
# What a parameter of a path stands for, by the path up to it.
KINDS = {
    "/api/v1/auth/sessions/{id}": "session",
    "/api/v1/auth/password-resets/{token}": "token",
    "/api/v1/auth/email-verifications/{token}": "token",
    "/api/v1/users/{id}": "account",
    "/api/v1/projects/{project}": "project",
    "/api/v1/projects/{project}/members/{user_id}": "person",
    "/api/v1/projects/{project}/invitations/{id}": "invitation",
    "/api/v1/projects/{project}/statuses/{id}": "status",
    "/api/v1/invitations/{token}": "invitation_token",
    "/api/v1/tasks/{task}": "task",
    "/api/v1/tasks/{task}/assignees/{user_id}": "person",
    "/api/v1/tasks/{task}/watchers/{user_id}": "person",
    "/api/v1/tasks/{task}/comments/{id}": "comment",
    "/api/v1/notifications/{id}": "notification",
    "/api/v1/notification-tests/{id}": "notification_test",
    "/api/v1/unsubscriptions/{token}": "unsubscription",
    **{f"/api/v1/operations/{service}/{{id}}": f"operation {service}" for service in
       ("auth", "user", "project", "task", "notification")},
    **{f"/api/v1/dead-letters/{service}/{{id}}": f"dead letter {service}" for service in
       ("auth", "user", "project", "task", "notification")},
}  # fmt: skip
# They change who is in the project, or the project; or end sessions, so they need what is nobody else's.
OWN_PROJECT = ("PATCH", "DELETE", "PUT")
IN_TURN = ("/api/v1/auth/sessions", "/api/v1/auth/sessions/{id}", "/api/v1/auth/password")
BODIES: dict[tuple[str, str], Any] = {
    ("PATCH", "/api/v1/users/me"): lambda _: {"locale": "en"},
    ("PUT", "/api/v1/users/{id}/role"): lambda _: {"role": "user"},
    ("POST", "/api/v1/projects"): lambda _: {"key": a_key("OWN"), "name": "Mine"},
    ("PATCH", "/api/v1/projects/{project}"): lambda _: {"name": f"{CANARY} renamed"},
    ("PUT", "/api/v1/projects/{project}/members/{user_id}"): lambda _: {"role": "member"},
    ("POST", "/api/v1/projects/{project}/invitations"): lambda _: {"email": f"{uuid4().hex}@example.org"},
    ("POST", "/api/v1/projects/{project}/statuses"): lambda _: {"name": uuid4().hex, "category": "todo"},
    ("PATCH", "/api/v1/projects/{project}/statuses/{id}"): lambda _: {"name": uuid4().hex},
    ("POST", "/api/v1/projects/{project}/tasks"): lambda _: {"title": "Mine"},
    ("POST", "/api/v1/task-drafts"): lambda _: {"text": "Pay rent tomorrow 9:00 !high @bob #OPS"},
    ("PATCH", "/api/v1/projects/{project}/tasks"): lambda _: {"tasks": ["ZQX-1"], "changes": {"priority": "low"}},
    ("PATCH", "/api/v1/tasks/{task}"): lambda _: {"title": f"{CANARY} changed"},
    ("POST", "/api/v1/tasks/{task}/comments"): lambda _: {"text": f"{CANARY} comment"},
    ("PATCH", "/api/v1/tasks/{task}/comments/{id}"): lambda _: {"text": f"{CANARY} edited"},
    ("PUT", "/api/v1/tasks/{task}/reminders"): lambda _: {"rules": ["-P2D"]},
    ("PUT", "/api/v1/reminder-rules"): lambda _: {"rules": None},
    ("PUT", "/api/v1/notification-preferences"): lambda _: {"items": []},
    ("POST", "/api/v1/auth/register"): lambda _: {
        "email": f"{uuid4().hex}@example.org", "password": "a password of anybody", "display_name": "Anybody",
    },
    ("PUT", "/api/v1/auth/password"): lambda person: {
        "current_password": person.password, "new_password": person.password,
    },
    ("POST", "/api/v1/auth/password-resets"): lambda _: {"email": f"{uuid4().hex}@example.org"},
    ("PUT", "/api/v1/auth/password-resets/{token}"): lambda _: {"password": "a password of nobody"},
}  # fmt: skip
FORMS: dict[str, Any] = {
    "/api/v1/auth/token": lambda person: {
        "grant_type": "password", "username": person.email, "password": person.password,
    },
    "/api/v1/auth/revoke": lambda _: {"token": "unknown"},
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A route and what its callers get."""

    method: str
    path: str
    expected: dict[str, int]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def table() -> Iterator[Line]:
    """The table's lines."""
    text = Path(__file__).with_name("permissions.txt").read_text()
    rows = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    callers = rows[0][2:]
    for method, path, *statuses in rows[1:]:
        yield Line(method, path, dict(zip(callers, map(int, statuses), strict=True)))


class Run:
    """Executes cells, some at a time."""

    def __init__(self, set_up: Scene) -> None:
        self._scene = set_up
        self._some = asyncio.Semaphore(CONCURRENCY)
        self._one = asyncio.Lock()

    async def cell(self, line: Line, caller: str) -> list[Reply]:
        """What the caller gets, with each of its tokens, and by HEAD if there is one."""
        async with self._one if line.path in IN_TURN else self._some:
            methods = ["GET", "HEAD"] if line.method == "GET" and "stream" not in line.path else [line.method]
            tokens = self._scene.tokens[caller]
            return [await self._send(line, method, caller, token) for token in tokens for method in methods]

    async def _send(self, line: Line, method: str, caller: str, token: str) -> Reply:
        changes = method not in ("GET", "HEAD") and line.expected[caller] < 300
        path = await self._filled(line, caller, fresh=changes)
        person = self._scene.people.get(caller, self._scene.owner)
        body, form = BODIES.get((method, line.path)), FORMS.get(line.path)
        if line.path == "/api/v1/auth/token":
            person = self._scene.bystander
        return await self._scene.api.send(
            method, path, token=token, body=body and body(person), form=form and form(person)
        )

    async def _filled(self, line: Line, caller: str, *, fresh: bool) -> str:
        path, whole = "", ""
        values: dict[str, str] = {}
        for segment in line.path[1:].split("/"):
            whole += f"/{segment}"
            if kind := KINDS.get(whole):
                values[kind] = await self._value(line, kind, values, fresh=fresh)
            path += f"/{values[kind] if kind else segment}"
        return path

    async def _value(self, line: Line, kind: str, values: dict[str, str], *, fresh: bool) -> str:
        scene, shared = self._scene, self._scene.shared
        if kind == "session":
            return await scene.session()
        if kind.startswith("dead letter") and fresh:
            return await scene.dead_letter(kind.rpartition(" ")[2])
        if kind == "project":
            tail = line.path.removeprefix("/api/v1/projects/{project}")
            alone = line.method in OWN_PROJECT and tail in ("", "/archive", "/members/{user_id}")
            return await scene.project() if fresh and alone else shared["project"]
        if kind == "comment":
            return await scene.comment(values["task"]) if fresh else shared["comment"]
        if kind in ("person", "token", "unsubscription") or kind.startswith("operation"):
            return shared[kind]
        if kind == "invitation_token":
            return await scene.invitation_token() if fresh else shared["token"]
        return await getattr(scene, kind)() if fresh else shared[kind]
