"""The plan of a demo: who does what in which project. The same seed makes the same plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from punctual.commands.demo import deadlines
from punctual.commands.demo.content import PEOPLE, PROJECTS, PersonDraft, ProjectDraft
from punctual.commands.demo.content.drafts import Draft
from punctual.commands.demo.deadlines import Deadline

_CATEGORIES = {"backlog": 16, "todo": 38, "in_progress": 19, "done": 23, "cancelled": 4}
_PRIORITIES = {"none": 34, "low": 16, "medium": 30, "high": 15, "urgent": 5}
_CONVERSATIONS = (0, 1, 2, 3), (62, 26, 9, 3)
_MAY_WORK = frozenset({"owner", "admin", "member"})
_MAY_SPEAK = _MAY_WORK | {"commenter"}


@dataclass(frozen=True, slots=True)
class CommentPlan:
    """What somebody will say."""

    author: str
    text: str


@dataclass(frozen=True, slots=True)
class TaskPlan:
    """A task to be; people by their handles."""

    title: str
    description: str
    priority: str
    category: str
    deadline: Deadline | None
    creator: str
    assignees: tuple[str, ...]
    watchers: tuple[str, ...]
    comments: tuple[CommentPlan, ...]


@dataclass(frozen=True, slots=True)
class ProjectPlan:
    """A project to be; `roles` by handle, the owner among them."""

    key: str
    name: str
    description: str
    owner: str
    roles: dict[str, str]
    tasks: tuple[TaskPlan, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything to be. The first of the people is the one to sign in as."""

    seed: int
    people: tuple[PersonDraft, ...]
    projects: tuple[ProjectPlan, ...]

    @property
    def steps(self) -> int:
        """How many things there are to do, for a progress bar."""
        tasks = [task for project in self.projects for task in project.tasks]
        members = sum(len(project.roles) - 1 for project in self.projects)
        return len(self.people) + len(self.projects) + members + len(tasks) + sum(len(task.comments) for task in tasks)


def make(seed: int) -> Plan:
    """The plan of this seed."""
    # Chance that can be repeated is what is wanted here.
    chances = [Random(f"{seed} {draft.key}") for draft in PROJECTS]  # noqa: S311 - nothing is kept secret by it
    return Plan(seed, PEOPLE, tuple(map(_project, PROJECTS, chances)))


def _project(draft: ProjectDraft, random: Random) -> ProjectPlan:
    drafts = random.sample(draft.drafts(), draft.count)
    owner = next(handle for handle, role in draft.roles.items() if role == "owner")
    tasks = tuple(_task(item, draft, random) for item in drafts)
    return ProjectPlan(draft.key, draft.name, draft.description, owner, draft.roles, tasks)


def _task(draft: Draft, project: ProjectDraft, random: Random) -> TaskPlan:
    workers = [handle for handle, role in project.roles.items() if role in _MAY_WORK]
    category = _weighted(_CATEGORIES, random)
    deadline = _deadline(category, random)
    creator = random.choice(workers)
    assignees = _assignees(workers, category, deadline, random)
    others = [handle for handle in project.roles if handle not in {creator, *assignees}]
    watchers = random.sample(others, min(len(others), random.choices((0, 1, 2), (80, 15, 5))[0]))
    return TaskPlan(
        title=draft.title,
        description=draft.description,
        priority=draft.priority or _weighted(_PRIORITIES, random),
        category=category,
        deadline=deadline,
        creator=creator,
        assignees=tuple(assignees),
        watchers=tuple(watchers),
        comments=() if category == "backlog" else tuple(_comments(project, [*assignees, creator], random)),
    )


def _deadline(category: str, random: Random) -> Deadline | None:
    if category == "backlog":
        return deadlines.of_backlog(random)
    if category in {"done", "cancelled"}:
        return deadlines.of_closed_task(random)
    return deadlines.of_open_task(random)


def _assignees(workers: Sequence[str], category: str, deadline: Deadline | None, random: Random) -> list[str]:
    if category == "backlog" and random.random() < 0.6:
        return []
    chosen = random.sample(workers, random.choices((1, 2, 3), (76, 20, 4))[0])
    # Whoever looks at the demo signs in as the first of the people, and shall see a reminder come in.
    first = PEOPLE[0].handle
    if deadline and deadline.minutes is not None and first in workers and first not in chosen and random.random() < 0.5:
        chosen.append(first)
    return chosen


def _comments(project: ProjectDraft, concerned: Sequence[str], random: Random) -> list[CommentPlan]:
    speakers = [handle for handle, role in project.roles.items() if role in _MAY_SPEAK]
    said = []
    for talk in random.sample(project.talk, random.choices(*_CONVERSATIONS)[0]):
        one = random.choice(concerned)
        other = random.choice([handle for handle in speakers if handle != one])
        for turn, text in enumerate(talk):
            author, name = (one, other) if turn % 2 == 0 else (other, one)
            said.append(CommentPlan(author, text.format(name=name)))
    return said


def _weighted(weights: dict[str, int], random: Random) -> str:
    return random.choices(list(weights), list(weights.values()))[0]
