"""One project with people and tasks, in the database and in the model, changed in step."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from punctual.actors.task import deadlines, people as people_actors, projects, tasks
from punctual.kit import ids, wire
from punctual.kit.errors import DomainError
from punctual.schemas import events
from tests.fuzz.ledger.actors import Actors
from tests.fuzz.ledger.model import Due, Key, Model, Person, Task
from tests.support.team import execute, rows

START = datetime(2031, 1, 10, 9, 30, tzinfo=UTC)
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Kiritimati", "Pacific/Pago_Pago")
PEOPLE = ("ana", "ben", "cem")


class World:
    """Names stand for ids. Every change is made on both sides; what the service refuses the model doesn't do."""

    def __init__(self) -> None:
        self.actors = Actors(START)
        self.owner, self.project_id = ids.uuid7(), ids.uuid7()
        self.key = "L" + ids.uuid7().hex[-8:].upper()
        self.ids = {name: ids.uuid7() for name in PEOPLE}
        self.versions = dict.fromkeys([*PEOPLE, "member", "project"], 1)
        self.model = Model(START, {name: Person("UTC") for name in PEOPLE}, {})
        for name, user_id in [("owner", self.owner), *self.ids.items()]:
            self._tell(people_actors.user_created, events.USER_CREATED, self._profile(name, user_id, "UTC"), 1)
        self.tell_of_project(projects.project_created)
        for name in ("owner", *PEOPLE):
            self.tell_of_member(projects.member_added, name, "owner" if name == "owner" else "member")
        found = rows("task", "SELECT id, name, category FROM status WHERE project_id = %s", (self.project_id,))
        self.statuses = {row["name"]: row["id"] for row in found}
        self.model.categories = {row["name"]: row["category"] for row in found}

    def close(self) -> None:
        """Leave nothing behind that would come due in another test's time."""
        execute("task", "DELETE FROM reminder WHERE task_id = ANY(%s)", (self.task_ids(),))

    def task_ids(self) -> list[UUID]:
        """The ids of all tasks so far."""
        return [self.ids[name] for name in self.model.tasks]

    def create(self, due: Due, assignees: set[str]) -> bool:
        """A new task, in the default status, watched by the owner."""
        name = f"task {len(self.model.tasks)}"
        self.ids[name] = ids.uuid7()
        done = self.do(
            tasks.create, task_id=self.ids[name], project=str(self.project_id), title=name, description="",
            status_id=None, priority="none", due=_text(due), assignees=self._all(assignees),
        )  # fmt: skip
        if done:
            self.model.tasks[name] = Task(due, "To do", assignees=set(assignees))
        return done

    def patch(self, name: str, **changes: Any) -> bool:
        """Change a task as PATCH does."""
        return self.do(tasks.update, task=str(self.ids[name]), changes=wire.loads(wire.dumps(changes)))

    def do(self, actor: Any, *, by: str | None = None, **arguments: Any) -> bool:
        """Carry out a command and all that follows from it; False when it was refused."""
        try:
            self.actors.command(actor, self.ids[by] if by else self.owner, **arguments)
        except DomainError:
            return False
        self.actors.deliver()
        return True

    def tell_of_person(self, name: str) -> None:
        """The user service tells of a changed profile."""
        person = self.model.people[name]
        self.versions[name] += 1
        payload = {**self._profile(name, self.ids[name], person.zone), "active": person.active, "locale": "en"}
        actor, event = people_actors.user_updated, events.USER_UPDATED
        if not person.active:
            actor, event = people_actors.user_deactivated, events.USER_DEACTIVATED
        self._tell(actor, event, payload, self.versions[name])

    def tell_of_member(self, actor: Any, name: str, role: str | None, *, deliver: bool = True) -> None:
        """The project service tells of a membership."""
        event = {
            projects.member_added: events.PROJECT_MEMBER_ADDED,
            projects.member_role_changed: events.PROJECT_MEMBER_ROLE_CHANGED,
            projects.member_removed: events.PROJECT_MEMBER_REMOVED,
        }[actor]
        self.versions["member"] += 1
        user_id = self.ids.get(name, self.owner)
        payload = {
            "project_id": self.project_id, "project_key": self.key, "project_name": "Ledger", "user_id": user_id,
            "role": role,
        }  # fmt: skip
        self._tell(actor, event, payload, self.versions["member"], deliver=deliver)

    def tell_of_project(self, actor: Any) -> None:
        """The project service tells of the project."""
        event = {
            projects.project_created: events.PROJECT_CREATED,
            projects.project_updated: events.PROJECT_UPDATED,
            projects.project_archived: events.PROJECT_ARCHIVED,
        }[actor]
        self.versions["project"] += 1
        archived = self.model.archived
        payload = {
            "project_id": self.project_id, "key": self.key, "name": "Ledger", "archived": archived, "deleted": False,
        }  # fmt: skip
        self._tell(actor, event, payload, self.versions["project"])

    def pass_time(self, span: timedelta) -> None:
        """Later."""
        self.actors.now += span
        self.model.now += span

    def settle(self) -> None:
        """Tell what is due, on both sides."""
        self.actors.job(deadlines.check_deadlines)
        self.actors.job(deadlines.sum_up_missed)
        self.model.settle()

    def ledger(self, *states: str) -> dict[Key, datetime]:
        """The rows of these states."""
        names = {row_id: name for name, row_id in self.ids.items()}
        found = rows(
            "task",
            "SELECT task_id, user_id, due_version, rule, fire_at FROM reminder"
            " WHERE task_id = ANY(%s) AND state = ANY(%s::reminder_state[])",
            (self.task_ids(), list(states)),
        )
        return {
            (names[row["task_id"]], names[row["user_id"]], row["due_version"], row["rule"]): row["fire_at"]
            for row in found
        }

    def _all(self, names: set[str]) -> list[UUID]:
        return [self.ids[name] for name in sorted(names)]

    def _profile(self, name: str, user_id: UUID, zone: str) -> dict[str, Any]:
        email = f"{name}.{user_id.hex[-8:]}@example.org"
        return {"user_id": user_id, "email": email, "display_name": name.title(), "time_zone": zone, "role": "user"}

    def _tell(
        self, actor: Any, event: events.EventType, payload: dict[str, Any], version: int, *, deliver: bool = True
    ) -> None:
        self.actors.event(actor, event, payload, version)
        if deliver:
            self.actors.deliver()


def _text(due: Due) -> str | None:
    return due.isoformat().replace("+00:00", "Z") if due else None
