"""What is right, said as plainly as possible: what each person is to be told of each task, and when.

Whoever is concerned has one promise for each of their rules. A promise is made when its time is ahead; made once,
it is kept at its time, late if need be, or taken back. What was told is never told again.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DEFAULTS = ("-P1D", "-PT1H", "PT0S", "P1D", "P3D", "P7D", "P14D")
OFFSETS = {  # calendar days, minutes
    "-P7D": (-7, 0), "-P2D": (-2, 0), "-P1D": (-1, 0), "-PT24H": (0, -1440), "-PT1H": (0, -60), "PT0S": (0, 0),
    "PT30M": (0, 30), "P1D": (1, 0), "P3D": (3, 0), "P7D": (7, 0), "P14D": (14, 0),
}  # fmt: skip
Due = date | datetime | None
Key = tuple[str, str, int, str]  # task, person, due version, rule


@dataclass(slots=True)
class Person:
    """Somebody; `rules` is None where the defaults hold."""

    zone: str
    member: bool = True
    active: bool = True
    rules: tuple[str, ...] | None = None


@dataclass(slots=True)
class Task:
    """A task; `rules` has those that people chose for it."""

    due: Due
    status: str
    due_version: int = 1
    deleted: bool = False
    assignees: set[str] = field(default_factory=set)
    watchers: set[str] = field(default_factory=set)
    rules: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(slots=True)
class Model:
    """The whole world of reminders. `promised` has the time of each promise, `told` whether it was in a summary."""

    now: datetime
    people: dict[str, Person]
    categories: dict[str, str]
    tasks: dict[str, Task] = field(default_factory=dict)
    archived: bool = False
    promised: dict[Key, datetime] = field(default_factory=dict)
    told: dict[Key, bool] = field(default_factory=dict)

    def settle(self) -> None:
        """Make the promises fit what is, then keep those whose time has come."""
        wanted = {
            (name, person, task.due_version, rule): fires_at(task.due, rule, self.people[person].zone)
            for name, task in self.tasks.items()
            for person in self.people
            for rule in self._rules(task, person)
        }
        self.promised = {
            key: at for key, at in wanted.items() if key not in self.told and (key in self.promised or at > self.now)
        }
        for key, at in list(self.promised.items()):
            if at <= self.now:
                del self.promised[key]
                if not self.archived:
                    self.told[key] = self.now - at > timedelta(hours=48)

    def _rules(self, task: Task, name: str) -> tuple[str, ...]:
        person = self.people[name]
        closed = self.categories[task.status] in ("done", "cancelled")
        if task.deleted or closed or task.due is None or not person.member or not person.active:
            return ()
        assigned, watching = name in task.assignees, name in task.watchers
        if name in task.rules:
            return task.rules[name] if assigned or watching else ()
        if not assigned:
            return ()
        return DEFAULTS if person.rules is None else person.rules


def fires_at(due: Due, rule: str, zone: str) -> datetime:
    """The instant of a rule, in a time of the year when no clock of the test's zones changes."""
    days, minutes = OFFSETS[rule]
    if isinstance(due, datetime):
        end = due
    else:
        assert due is not None
        end = datetime.combine(due + timedelta(days=1), time(), ZoneInfo(zone)).astimezone(UTC)
    return end + timedelta(days=days, minutes=minutes)
