"""A project with people in it, as the task service knows them: made by events, as their owners would tell."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from punctual.kit import ids, transactions
from punctual.schemas import events
from tests.support.services import Answer, Person, Services, eventually


@dataclass(slots=True)
class Team:
    """A project and its people by role: `owner`, `admin`, `member`, `commenter`, `viewer`, and an `outsider`."""

    services: Services
    project_id: UUID
    key: str
    people: dict[str, Person]

    def __getattr__(self, role: str) -> Person:
        return self.people[role]

    async def create(self, by: str = "member", **fields: Any) -> Answer:
        """Create a task."""
        path = f"/api/v1/projects/{self.key}/tasks"
        return await self.people[by].request("task", "POST", path, {"title": "Renew the certificate", **fields})


async def team(services: Services, service: str = "task", **zones: str) -> Team:
    """A project known to one service, with a person in every role; `zones` are their time zones by role."""
    project_id, key = ids.uuid7(), "T" + ids.uuid7().hex[-8:].upper()
    roles = ("owner", "admin", "member", "commenter", "viewer")
    people = {role: services.person() for role in (*roles, "outsider")}
    sent = [
        await services.publish(events.USER_CREATED, profile(person, role, zones.get(role, "UTC")))
        for role, person in people.items()
    ]
    project = {"project_id": project_id, "key": key, "name": "Operations", "archived": False, "deleted": False}
    sent.append(await services.publish(events.PROJECT_CREATED, project))
    for version, role in enumerate(roles, 1):
        member = membership(project_id, key, people[role], role)
        sent.append(await services.publish(events.PROJECT_MEMBER_ADDED, member, version))
    await applied(service, sent)
    return Team(services, project_id, key, people)


def profile(person: Person, name: str, zone: str = "UTC") -> dict[str, Any]:
    """What user.created tells of a person."""
    email = f"{name}.{person.id.hex[-8:]}@example.org"
    return {"user_id": person.id, "email": email, "display_name": name.title(), "time_zone": zone, "role": "user"}


def membership(project_id: UUID, key: str, person: Person, role: str | None) -> dict[str, Any]:
    """What project.member_added and its kin tell."""
    return {
        "project_id": project_id,
        "project_key": key,
        "project_name": "Operations",
        "user_id": person.id,
        "role": role,
    }


async def applied(service: str, event_ids: list[UUID]) -> None:
    """Wait until a service has applied these events."""

    async def check() -> bool:
        found = rows(service, "SELECT count(*) AS n FROM inbox WHERE event_id = ANY(%s)", (event_ids,))
        return bool(found[0]["n"] == len(event_ids))

    await eventually(check)


def rows(service: str, sql: str, parameters: tuple[Any, ...] = ()) -> list[dict[str, Any]]:
    """What stands in a service's database."""
    with transactions.begin(service) as transaction:
        return transaction.all(sql, parameters)


def execute(service: str, sql: str, parameters: tuple[Any, ...] = ()) -> None:
    """Change what stands in a service's database, to set a scene that time would."""
    with transactions.begin(service) as transaction:
        transaction.later(sql, parameters)


def now() -> datetime:
    """The present, as the services tell it: to the millisecond, rounded down."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
