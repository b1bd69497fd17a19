"""A project with people in every role, outsiders of every kind, and at hand whatever a route needs.

What a refused request points at is never touched; what a request may change is made for it alone. So no order
of requests changes an answer. Texts that belong to the project carry a canary, which no outsider may ever see.
"""

import hashlib
import secrets
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid4

from punctual.domain.notification import Unsubscription
from tests.flows.stack import Stack
from tests.security import forge
from tests.security.api import Api, Person, until

ROLES = ("viewer", "commenter", "member", "admin", "owner")
CANARY = "zqxcanary"
KEYS = "ZQX"
PROJECT = "/api/v1/projects/{}"
TASK = "/api/v1/tasks/{}"


@dataclass
class Scene:
    """`people` by the name of the caller; `shared` has the id of one thing of each kind, never to be changed."""

    stack: Stack
    api: Api
    people: dict[str, Person]
    tokens: dict[str, list[str]] = field(default_factory=dict)
    shared: dict[str, str] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Person:
        return self.people[name]

    def through(self, api: Api) -> "Scene":
        """The same scene for another client, which a test's own event loop needs."""
        people = {name: replace(person, api=api) for name, person in self.people.items()}
        return replace(self, api=api, people=people)

    async def account(self) -> str:
        """Somebody else, whom the services know already."""
        person = Person(self.api, f"{uuid4().hex}@example.org", "somebody's password")
        await person.register("Somebody")
        await person.get("/api/v1/users/me")
        return person.id

    async def project(self) -> str:
        """Another project with the same people, known to its own service only."""
        project = await self.owner.post("/api/v1/projects", {"key": a_key(), "name": f"{CANARY} fresh"})
        for name in ("admin", "member", "commenter", "viewer", "bystander"):
            role = name if name in ROLES else "viewer"
            await self.owner.put(f"{PROJECT.format(project['id'])}/members/{self.people[name].id}", {"role": role})
        return str(project["id"])

    async def task(self, **fields: Any) -> str:
        """Another task of the owner's, assigned to the member."""
        body = {"title": f"{CANARY} task", "description": f"{CANARY} words", "assignees": [self.member.id], **fields}
        return str((await self.owner.post(PROJECT.format(self.shared["project"]) + "/tasks", body))["id"])

    async def comment(self, task: str) -> str:
        """Another comment of the member's."""
        return str((await self.member.post(f"{TASK.format(task)}/comments", {"text": f"{CANARY} said"}))["id"])

    async def status(self) -> str:
        """Another status, which no task is in."""
        body = {"name": f"{CANARY} {uuid4().hex[:8]}", "category": "todo"}
        return str((await self.owner.post(PROJECT.format(self.shared["project"]) + "/statuses", body))["id"])

    async def invitation(self) -> str:
        """Another open invitation."""
        body = {"email": f"{CANARY}.{uuid4().hex[:8]}@example.org", "role": "viewer"}
        return str((await self.owner.post(PROJECT.format(self.shared["project"]) + "/invitations", body))["id"])

    async def invitation_token(self) -> str:
        """The secret of an invitation to a project that outsiders may see then."""
        body = {"key": a_key("OPN"), "name": "Open to guests"}
        project, token = (await self.owner.post("/api/v1/projects", body))["id"], secrets.token_urlsafe(32)
        self.stack.sql(
            "project",
            "INSERT INTO invitation (id, project_id, email, role, token_hash, invited_by, created_at, expires_at)"
            " VALUES (gen_random_uuid(), %s, 'guest@example.org', 'viewer', %s, %s, now(), now() + interval '1 day')",
            (project, hashlib.sha256(token.encode()).hexdigest(), self.owner.id),
        )
        return token

    async def notification(self) -> str:
        """Another notification of the member's."""
        task = await self.task()

        async def told() -> Any:
            items = (await self.member.get("/api/v1/notifications?limit=200"))["items"]
            return next((item["id"] for item in items if item["task_id"] == task), None)

        return str(await until(told))

    async def notification_test(self) -> str:
        """Another test of the member's."""
        return str((await self.member.post("/api/v1/notification-tests", None))["id"])

    def unsubscription(self) -> str:
        """What stands in an e-mail to the bystander."""
        [[number, secret]] = self.stack.sql("notification", "SELECT number, secret FROM unsubscription_key")
        return Unsubscription.signed(UUID(self.bystander.id), "task.commented", number, bytes(secret)).token

    async def session(self) -> str:
        """Another session of the member's."""
        other = await replace(self.member).sign_in()
        return str(forge.claims_of(other.token)["sid"])

    async def operation(self, service: str) -> str:
        """An operation of the owner's, done."""
        path, body = {
            "auth": ("/api/v1/auth/email-verifications", None),
            "user": ("/api/v1/users/me", {"display_name": "Owner"}),
            "project": ("/api/v1/projects", {"key": a_key(), "name": f"{CANARY} slow"}),
            "task": (f"{PROJECT.format(self.shared['project'])}/tasks", {"title": f"{CANARY} slow"}),
            "notification": ("/api/v1/notification-preferences", {"items": []}),
        }[service]
        method = {"user": "PATCH", "notification": "PUT"}.get(service, "POST")
        reply = await self.owner.send(method, path, body, Prefer="respond-async")
        assert reply.status == 202, reply
        location = reply.headers["Location"]
        await until(lambda: self._settled(location))
        return location.rpartition("/")[2]

    async def dead_letter(self, service: str) -> str:
        """A message that was given up; to send it again does nothing, as it can't be read."""
        letter = str(uuid4())
        self.stack.sql(
            service,
            "INSERT INTO dead_letter (id, queue, message, body, error, attempts, died_at)"
            " VALUES (%s, %s, '{}', %s, 'unreadable', 1, now())",
            (letter, service, f"{CANARY} {letter}".encode()),
        )
        return letter

    async def picture(self) -> dict[str, Any]:
        """The shared things as their owners see them."""
        shared = self.shared
        project, task = PROJECT.format(shared["project"]), TASK.format(shared["task"])
        seen = {
            path: await self.owner.get(path) for path in (project, f"{project}/members", task, f"{task}/comments",
                f"{task}/watchers", f"{task}/history", "/api/v1/users/" + self.bystander.id)
        }  # fmt: skip
        statuses = (await self.owner.get(f"{project}/statuses"))["items"]
        seen["status"] = [item for item in statuses if item["id"] == shared["status"]]
        invitations = (await self.owner.get(f"{project}/invitations?limit=200"))["items"]
        seen["invitation"] = [item for item in invitations if item["id"] == shared["invitation"]]
        # Its owner may read it meanwhile.
        notification = await self.member.get(f"/api/v1/notifications/{shared['notification']}")
        return {**seen, "notification": {**notification, "read_at": None}}

    async def _settled(self, location: str) -> bool:
        return bool((await self.owner.get(location))["state"] == "done")


async def scene(stack: Stack, root: Person, api: Api) -> Scene:
    """Everybody and everything in place."""
    names = ("outsider", *ROLES, "suspended", "bystander", "instance")
    run, people = uuid4().hex[:6], {}
    for name in names:
        person = Person(api, f"{name}.{run}@example.org", f"{name}'s secret {secrets.token_urlsafe(9)}")
        people[name] = await person.register(f"{name.title()} {run}")
    made = Scene(stack, api, people)
    await _promote(made.instance, replace(root, api=api))
    await _fill(made)
    await _suspend(made)
    made.tokens = _tokens(made)
    return made


async def _fill(made: Scene) -> None:
    body = {"key": a_key(), "name": f"{CANARY} project", "description": f"{CANARY} purpose"}
    shared = made.shared
    project = await made.owner.post("/api/v1/projects", body)
    shared["project"], shared["key"] = project["id"], project["key"]
    path = PROJECT.format(project["id"])
    for name in ("viewer", "commenter", "member", "admin", "suspended", "bystander"):
        role = {"suspended": "owner", "bystander": "viewer"}.get(name, name)
        member = f"{path}/members/{made.people[name].id}"
        # The project service hears of a new account a moment later.
        await until(lambda member=member, role=role: _done(made.owner, member, {"role": role}))
    for name in ("member", "commenter", "viewer", "bystander"):
        await until(lambda name=name: _seen(made.people[name], f"{path}/statuses"))
    shared["notification"] = await made.notification()
    shared["notification_test"] = await made.notification_test()
    shared["task"] = await made.task()
    shared["comment"] = await made.comment(shared["task"])
    shared["status"] = await made.status()
    shared["invitation"] = await made.invitation()
    shared["token"] = secrets.token_urlsafe(32)
    shared["unsubscription"] = made.unsubscription()
    shared["person"] = shared["account"] = made.bystander.id
    for service in ("auth", "user", "project", "task", "notification"):
        shared[f"operation {service}"] = await made.operation(service)
        shared[f"dead letter {service}"] = await made.dead_letter(service)


async def _promote(person: Person, root: Person) -> None:
    await root.put(f"/api/v1/users/{person.id}/role", {"role": "admin"})

    async def is_admin() -> bool:
        await person.sign_in()
        return bool(forge.claims_of(person.token)["role"] == "admin")

    await until(is_admin)


async def _suspend(made: Scene) -> None:
    await made.instance.put(f"/api/v1/users/{made.suspended.id}/deactivation")

    async def refused() -> bool:
        return (await made.suspended.send("GET", "/api/v1/users/me")).status == 401

    await until(refused, within=2)


def _tokens(made: Scene) -> dict[str, list[str]]:
    key, good = forge.signing_key(made.stack), made.owner.token
    foreign = [
        forge.forged(key, good, aud="another service"),
        forge.forged(forge.stranger(str(key.kid)), good),
    ]
    known = {name: [person.token] for name, person in made.people.items()}
    return {**known, "anonymous": [""], "expired": [forge.expired(key, good)], "foreign": foreign}


async def _done(person: Person, path: str, body: Any) -> bool:
    return (await person.send("PUT", path, body)).status == 200


async def _seen(person: Person, path: str) -> bool:
    return (await person.send("GET", path)).status == 200


def a_key(begin: str = KEYS) -> str:
    """A project key that nobody has."""
    return begin + uuid4().hex[:7].upper()
