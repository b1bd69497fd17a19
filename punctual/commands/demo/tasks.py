"""The tasks of one project: created, watched, talked about, closed."""

from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from punctual.commands.demo.api import Api
from punctual.commands.demo.plan import ProjectPlan, TaskPlan
from punctual.commands.demo.transport import Person


class Count(Protocol):
    """Counts a step that is done."""

    def __call__(self, kind: str, *, found: bool) -> None: ...


class Tasks:
    """A project's tasks, by title; those that are there already are completed with what they lack."""

    def __init__(
        self,
        api: Api,
        plan: ProjectPlan,
        project: dict[str, Any],
        people: dict[str, Person],
        begun_at: datetime,
        count: Count,
    ) -> None:
        self._api = api
        self._plan = plan
        self._id: str = project["id"]
        self._people = people
        self._begun_at = begun_at
        self._count = count
        self._there: dict[str, dict[str, Any]] = {}
        self._statuses: dict[str, str] = {}

    async def look(self) -> None:
        """See which tasks and which statuses there are."""
        owner = self._people[self._plan.owner]
        for status in (await self._api.read(owner, f"/api/v1/projects/{self._id}/statuses"))["items"]:
            self._statuses.setdefault(status["category"], status["id"])
        tasks = await self._api.items(owner, f"/api/v1/projects/{self._id}/tasks")
        self._there = {task["title"]: task for task in tasks}

    def steps(self) -> Iterator[Callable[[], Awaitable[None]]]:
        """One step for each task."""
        for task in self._plan.tasks:
            yield partial(self._have, task)

    async def _have(self, plan: TaskPlan) -> None:
        task = self._there.get(plan.title)
        found = task is not None
        if task is None:
            task = await self._create(plan)
            if (
                self._there
                and (await self._api.get(self._people[plan.creator], f"/api/v1/tasks/{task['id']}")).status == 404
            ):
                # An earlier run made it, and somebody has deleted it since: so it stays.
                self._count("tasks", found=True)
                return
        self._count("tasks", found=found)
        for handle in plan.watchers:
            await self._watch(task["id"], handle)
        if plan.comments:
            await self._talk(plan, task["id"], found=found)
        if plan.category == "done" and task["completed_at"] is None:
            closer = self._people[(plan.assignees or (plan.creator,))[0]]
            path = f"/api/v1/tasks/{task['id']}/completion"
            (await self._api.write(closer, "PUT", path, name=f"complete {task['id']}")).expect()

    async def _create(self, plan: TaskPlan) -> dict[str, Any]:
        creator = self._people[plan.creator]
        # What is done was to do before, so that its history tells a story.
        category = "in_progress" if plan.category == "done" else plan.category
        zone = self._people[(plan.assignees or (plan.creator,))[0]].draft.time_zone
        body = {
            "title": plan.title,
            "description": plan.description,
            "priority": plan.priority,
            "status_id": self._statuses.get(category),
            "due": plan.deadline.text(self._begun_at, zone) if plan.deadline else None,
            "assignees": [self._people[handle].id for handle in plan.assignees],
        }
        path = f"/api/v1/projects/{self._id}/tasks"
        made = await self._api.write(creator, "POST", path, body, name=f"task {self._id} {plan.title}")
        return dict(made.expect())

    async def _watch(self, task_id: str, handle: str) -> None:
        person = self._people[handle]
        path = f"/api/v1/tasks/{task_id}/watchers/{person.id}"
        (await self._api.write(person, "PUT", path, name=f"watch {task_id} {handle}")).expect()

    async def _talk(self, plan: TaskPlan, task_id: str, *, found: bool) -> None:
        path = f"/api/v1/tasks/{task_id}/comments"
        there: list[tuple[str, str]] = []
        if found:
            comments = await self._api.items(self._people[plan.creator], path)
            there = [(comment["author_id"], comment["text"]) for comment in comments]
        for number, comment in enumerate(plan.comments):
            author = self._people[comment.author]
            said = (author.id, comment.text) in there
            if said:
                there.remove((author.id, comment.text))
            else:
                name = f"comment {task_id} {number}"
                (await self._api.write(author, "POST", path, {"text": comment.text}, name=name)).expect()
            self._count("comments", found=said)
