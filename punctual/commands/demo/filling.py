"""Filling an instance with the plan: what stands already stays, what is missing is added."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Any

from punctual.commands.demo.api import Api
from punctual.commands.demo.plan import Plan, ProjectPlan
from punctual.commands.demo.tasks import Tasks
from punctual.commands.demo.transport import DemoError, Person

Step = Callable[[], Awaitable[None]]
MOST_SUFFIXES = 9
MOST_DELETIONS = 20
DATES_ROUNDED_TO_MINUTES = 5


class Filling:
    """One run. `added` and `found` count by kind; `advance` is called once for every step that is done."""

    def __init__(
        self, api: Api, plan: Plan, people: dict[str, Person], parallel: int, advance: Callable[[], object]
    ) -> None:
        self._api = api
        self._plan = plan
        self._people = people
        self._parallel = parallel
        self._advance = advance
        self.added: Counter[str] = Counter()
        self.found: Counter[str] = Counter()

    async def run(self) -> None:
        """Do everything. Raises DemoError; what is done by then stays done, and another run goes on from there."""
        first, *others = self._people.values()
        # In an empty instance the first account becomes its administrator.
        await self._enrol(first)
        await self._together(partial(self._enrol, person) for person in others)
        begun_at: datetime | None = None
        for plan in self._plan.projects:
            project = await self._project(plan)
            begun_at = begun_at or _rounded(project["created_at"])
            await self._members(plan, project)
            tasks = Tasks(self._api, plan, project, self._people, begun_at, self._count)
            await tasks.look()
            await self._together(tasks.steps())

    async def _enrol(self, person: Person) -> None:
        found = await self._api.sign_in(person)
        if not found:
            body = {
                "email": person.email,
                "password": person.password,
                "display_name": person.draft.name,
                "time_zone": person.draft.time_zone,
            }
            (
                await self._api.write(None, "POST", "/api/v1/auth/register", body, name=f"register {person.email}")
            ).expect()
            if not await self._api.sign_in(person):
                raise DemoError(
                    f"{person.email} has an account with another password. Give it with --password, or let the"
                    " people of the demo have other addresses with --domain."
                )
        person.id = (await self._api.read(person, "/api/v1/users/me"))["id"]
        self._count("people", found=found)

    async def _project(self, plan: ProjectPlan) -> dict[str, Any]:
        """The project, under its key or, where strangers use that, the key with a number."""
        owner = self._people[plan.owner]
        for suffix in ("", *map(str, range(2, MOST_SUFFIXES + 1))):
            key = plan.key + suffix
            seen = await self._api.get(owner, f"/api/v1/projects/{key}")
            if seen.status == 200 and seen.body["name"] == plan.name:
                self._count("projects", found=True)
                return dict(seen.body)
            if seen.status == 200:
                continue
            if made := await self._create(owner, key, plan):
                self._count("projects", found=False)
                return made
        raise DemoError(f"All keys from {plan.key} to {plan.key}{MOST_SUFFIXES} are taken by others.")

    async def _create(self, owner: Person, key: str, plan: ProjectPlan) -> dict[str, Any] | None:
        """The new project; None where somebody else uses the key."""
        body = {"key": key, "name": plan.name, "description": plan.description}
        for again in range(MOST_DELETIONS):
            made = await self._api.write(owner, "POST", "/api/v1/projects", body, name=f"project {key} {again}")
            if made.status == 409:
                return None
            project = dict(made.expect())
            # The outcome can be that of an earlier run, whose project was deleted since.
            if (await self._api.get(owner, f"/api/v1/projects/{project['id']}")).status == 200:
                return project
        return None

    async def _members(self, plan: ProjectPlan, project: dict[str, Any]) -> None:
        owner = self._people[plan.owner]
        path = f"/api/v1/projects/{project['id']}/members"
        there = {member["user_id"] for member in await self._api.items(owner, path)}

        async def add(handle: str, role: str) -> None:
            person = self._people[handle]
            found = person.id in there
            if not found:
                name = f"member {project['id']} {handle}"
                (await self._api.write(owner, "PUT", f"{path}/{person.id}", {"role": role}, name=name)).expect()
            self._count("members", found=found)

        others = {handle: role for handle, role in plan.roles.items() if handle != plan.owner}
        await self._together(partial(add, handle, role) for handle, role in others.items())

    async def _together(self, steps: Iterable[Step]) -> None:
        """Many steps, a few at a time."""
        waiting = iter(steps)

        async def work() -> None:
            for step in waiting:
                await step()

        async with asyncio.TaskGroup() as group:
            for _ in range(self._parallel):
                group.create_task(work())

    def _count(self, kind: str, *, found: bool) -> None:
        (self.found if found else self.added)[kind] += 1
        self._advance()


def _rounded(instant: str) -> datetime:
    """Where deadlines are counted from: the same in every run, because the first run's project keeps it."""
    moment = datetime.fromisoformat(instant)
    return moment.replace(minute=moment.minute - moment.minute % DATES_ROUNDED_TO_MINUTES, second=0, microsecond=0)
