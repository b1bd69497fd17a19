"""One person at work: verbs, each a write that is booked once it is acknowledged."""

import random
from typing import Any
from uuid import UUID, uuid4

from punctual.domain.project import MOST_FORMER_KEYS
from tests.faults.book import Book, Task
from tests.support.retrying import RetryingClient, Write

ROLES = ("admin", "member", "commenter", "viewer")
WEIGHTS = {
    "create": 26, "comment": 18, "retitle": 10, "retitle_common": 8, "toggle": 12, "create_project": 3,
    "change_member": 8, "change_key": 2, "rename": 4, "read_all": 3, "look": 8,
}  # fmt: skip


class Desk:
    """A person, the tasks and projects that are theirs alone, and what is common to all (`common`, `project`)."""

    def __init__(self, me: RetryingClient, book: Book, chance: random.Random) -> None:
        self.me = me
        self.project = ""
        self.common: Task | None = None
        self.others: dict[UUID, str] = {}
        self._book = book
        self._chance = chance
        self._mine: list[Task] = []
        self._projects: list[str] = []

    async def do_something(self) -> None:
        """Any of the verbs."""
        [verb] = self._chance.choices(list(WEIGHTS), list(WEIGHTS.values()))
        await getattr(self, verb)()

    async def create(self, assignees: set[UUID] | None = None) -> Task | None:
        """A task in the common project, for up to three others; None when it was rejected."""
        if assignees is None:
            assignees = {self._other() for _ in range(self._chance.randint(0, 3))}
        mark = self._book.mark()
        body = {"title": "Work", "description": mark, "assignees": [str(each) for each in assignees]}
        done = await self._write("POST", f"/api/v1/projects/{self.project}/tasks", body)
        if done.state != "done":
            return None
        task = Task(done.answer["id"], {self.me.id, *assignees})
        self._mine.append(task)
        self._book.rows["task", mark] += 1
        self._book.tell("task.assigned", task.id, assignees, self.me.id)
        return task

    async def comment(self) -> None:
        """A comment on a task of one's own, that perhaps mentions somebody."""
        if not (task := self._task()):
            return
        mark = self._book.mark()
        named = {self._other()} if self._chance.random() < 0.5 else set()
        text = " ".join([mark, *(f"@{self.others[person]}" for person in named)])
        done = await self._write("POST", f"/api/v1/tasks/{task.id}/comments", {"text": text})
        if done.state == "done":
            self._book.rows["comment", mark] += 1
            self._book.tell("task.mentioned", task.id, named, self.me.id)
            self._book.tell("task.commented", task.id, task.followers - named, self.me.id)

    async def retitle(self, task: Task | None = None) -> None:
        """A new title for a task of one's own."""
        if not (task := task or self._task()):
            return
        mark = self._book.mark()
        done = await self._write("PATCH", f"/api/v1/tasks/{task.id}", {"title": mark})
        if done.state == "done":
            self._book.rows["title", mark] += 1
            self._book.tell("task.updated", task.id, task.followers, self.me.id)

    async def retitle_common(self) -> None:
        """A new title for the task that everybody changes."""
        await self.retitle(self.common)

    async def toggle(self) -> None:
        """Complete a task of one's own, or reopen it."""
        if not (task := self._task()):
            return
        kind = "task.reopened" if task.completed else "task.completed"
        method = "DELETE" if task.completed else "PUT"
        done = await self._write(method, f"/api/v1/tasks/{task.id}/completion")
        if done.state == "done":
            task.completed = not task.completed
            self._book.rows[kind, task.id] += 1
            self._book.tell(kind, task.id, task.followers, self.me.id)

    async def create_project(self) -> None:
        """A project of one's own."""
        self._projects.append(await self.found_project())

    async def found_project(self) -> str:
        """A project that nobody puts anybody out of."""
        mark = self._book.mark()
        key = _key()
        done = await self._write("POST", "/api/v1/projects", {"key": key, "name": "Office", "description": mark})
        assert done.state == "done", done
        project: str = done.answer["id"]
        self._book.rows["project", mark] += 1
        self._book.roles[project, self.me.id] = "owner"
        self._book.keys.add((project, key))
        return project

    async def change_key(self) -> None:
        """Another key for a project of one's own, asked for by one that it has or had."""
        if not self._projects:
            return
        project, key = self._chance.choice(self._projects), _key()
        known = sorted(each for owner, each in self._book.keys if owner == project)
        if len(known) > MOST_FORMER_KEYS:
            return
        by = self._chance.choice(known)
        if (await self._write("PATCH", f"/api/v1/projects/{by}", {"key": key})).state == "done":
            self._book.keys.add((project, key))

    async def change_member(self) -> None:
        """Let somebody into a project of one's own, change their role, or put them out."""
        if not self._projects:
            return
        project, person = self._chance.choice(self._projects), self._other()
        if (project, person) not in self._book.roles or self._chance.random() < 0.7:
            await self.set_role(project, person, self._chance.choice(ROLES))
            return
        done = await self._write("DELETE", f"/api/v1/projects/{project}/members/{person}")
        if done.state == "done":
            del self._book.roles[project, person]
            self._book.tell("project.member_removed", project, {person}, self.me.id)

    async def set_role(self, project: str, person: UUID, role: str) -> bool:
        """Make somebody a member, or a member something else. Whether that was accepted."""
        present = self._book.roles.get((project, person))
        done = await self._write("PUT", f"/api/v1/projects/{project}/members/{person}", {"role": role})
        if done.state == "done" and present != role:
            self._book.roles[project, person] = role
            kind = "project.member_role_changed" if present else "project.member_added"
            self._book.tell(kind, project, {person}, self.me.id)
        return done.state == "done"

    async def rename(self) -> None:
        """Another name for oneself."""
        name = f"{self.me.name} {self._book.mark()}"
        if (await self._write("PATCH", "/api/v1/users/me", {"display_name": name})).state == "done":
            self._book.names[self.me.id] = name

    async def read_all(self) -> None:
        """Mark the inbox read."""
        await self._write("PUT", "/api/v1/notifications/reading")

    async def look(self) -> None:
        """Read a list."""
        await self.me.read(self._tasks)

    async def sees_tasks(self) -> bool:
        """Whether the common project can be read."""
        status, _, _ = await self.me.ask("GET", self._tasks)
        return status == 200

    @property
    def _tasks(self) -> str:
        return f"/api/v1/projects/{self.project}/tasks?limit=20"

    async def _write(self, method: str, path: str, body: Any = None) -> Write:
        [prefer] = self._chance.choices((None, "respond-async", "wait=1"), (80, 15, 5))
        return await self.me.write(method, path, body, prefer=prefer)

    def _task(self) -> Task | None:
        return self._chance.choice(self._mine) if self._mine else None

    def _other(self) -> UUID:
        return self._chance.choice(list(self.others))


def _key() -> str:
    return "P" + uuid4().hex[:9].upper()
