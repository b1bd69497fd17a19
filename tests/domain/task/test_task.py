"""A task's verbs: what changes, and what each lets happen."""

from datetime import UTC, date, datetime, timedelta

import pytest

from punctual.domain.task import task as domain
from punctual.domain.task.due import Due
from punctual.domain.task.project import Project, Status, StatusInUse, StatusNameInUse
from punctual.domain.task.task import Task, TooManyPeople
from punctual.kit.errors import DomainError, Forbidden, Invalid, NotFound
from punctual.kit.ids import uuid7

NOW = datetime(2026, 11, 22, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
ADA, BOB = uuid7(), uuid7()
TODO = Status(uuid7(), "To do", "todo", 0, is_default=True)
DOING = Status(uuid7(), "Doing", "in_progress", 1, is_default=False)
DONE = Status(uuid7(), "Done", "done", 2, is_default=False)
DROPPED = Status(uuid7(), "Dropped", "cancelled", 3, is_default=False)


@pytest.fixture
def task() -> Task:
    made = domain.create(
        uuid7(), uuid7(), title="Rent", description="", status=TODO, priority="none", due=None, assignees=[], by=ADA,
        now=NOW,
    )  # fmt: skip
    made.happened.clear()
    return made


@pytest.fixture
def project() -> Project:
    return Project(uuid7(), "OPS", archived=False, role="admin", statuses=[TODO, DOING, DONE, DROPPED])


def names(task: Task) -> list[str]:
    return [happening.name for happening in task.happened]


def test_its_creator_watches_it_and_assignment_is_told_apart() -> None:
    made = domain.create(
        uuid7(), uuid7(), title="Rent", description="", status=TODO, priority="none", due=None, assignees=[BOB, BOB],
        by=ADA, now=NOW,
    )  # fmt: skip

    assert made.watchers == [ADA]
    assert made.assignees == [BOB]
    assert names(made) == ["task.created", "task.assigned"]
    assert made.version == 1


def test_a_change_tells_old_and_new_and_raises_the_version_once(task: Task) -> None:
    task.edit(LATER, title="The rent", priority="high")
    task.schedule(LATER, Due(date(2026, 12, 1)))

    assert names(task) == ["task.updated", "task.due_changed"]
    assert task.happened[0].changes == {"title": ["Rent", "The rent"], "priority": ["none", "high"]}
    assert task.happened[1].changes == {"due": [None, "2026-12-01"]}
    assert (task.version, task.due_version, task.updated_at) == (2, 2, LATER)


def test_what_changes_nothing_lets_nothing_happen(task: Task) -> None:
    task.edit(LATER, title="Rent")
    task.schedule(LATER, None)
    task.move(LATER, TODO)
    task.reassign(LATER, [])

    assert task.happened == []
    assert (task.version, task.updated_at) == (1, NOW)


@pytest.mark.parametrize(
    ("before", "after", "name"),
    [
        (TODO, DOING, "task.status_changed"),
        (TODO, DONE, "task.completed"),
        (TODO, DROPPED, "task.status_changed"),
        (DONE, TODO, "task.reopened"),
        (DROPPED, TODO, "task.reopened"),
        (DONE, DROPPED, "task.status_changed"),
        (DROPPED, DONE, "task.completed"),
    ],
)
def test_only_the_category_decides_what_a_move_is(task: Task, before: Status, after: Status, name: str) -> None:
    task.status = before

    task.move(LATER, after)

    assert names(task) == [name]
    assert (task.completed_at == LATER) == (after is DONE)
    assert task.open == (after in (TODO, DOING))


def test_assignees_come_and_go_in_one_change(task: Task) -> None:
    task.reassign(LATER, [ADA])
    task.happened.clear()
    task.reassign(LATER, [BOB])

    assert [(happening.name, happening.user_ids) for happening in task.happened] == [
        ("task.assigned", (BOB,)),
        ("task.unassigned", (ADA,)),
    ]


def test_there_is_an_end_to_assignees_and_watchers(task: Task) -> None:
    with pytest.raises(TooManyPeople):
        task.reassign(LATER, [uuid7() for _ in range(domain.MOST_ASSIGNEES + 1)])

    task.watchers = [uuid7() for _ in range(domain.MOST_WATCHERS)]
    with pytest.raises(TooManyPeople):
        task.watch(ADA)


@pytest.mark.parametrize(("role", "error"), [(None, NotFound), ("viewer", Forbidden), ("commenter", Forbidden)])
def test_writing_needs_a_member(project: Project, role: str | None, error: type[DomainError]) -> None:
    project.role = role

    with pytest.raises(error):
        project.demand("member")


def test_an_archived_project_is_read_and_not_written(project: Project) -> None:
    project.archived = True

    project.demand("viewer", writing=False)
    with pytest.raises(DomainError, match="archived"):
        project.demand("member")


def test_statuses_keep_their_order_names_and_single_default(project: Project) -> None:
    made = project.add_status(uuid7(), "Review", "in_progress", 1)
    project.change_status(made.id, is_default=True)

    assert [(status.name, status.position, status.is_default) for status in project.statuses] == [
        ("To do", 0, False),
        ("Review", 1, True),
        ("Doing", 2, False),
        ("Done", 3, False),
        ("Dropped", 4, False),
    ]
    with pytest.raises(StatusNameInUse):
        project.add_status(uuid7(), "REVIEW", "todo", None)


def test_what_is_needed_of_statuses_stays(project: Project) -> None:
    with pytest.raises(StatusInUse):
        project.remove_status(TODO.id)
    with pytest.raises(StatusInUse):
        project.remove_status(DONE.id)
    with pytest.raises(Invalid):
        project.change_status(TODO.id, is_default=False)
    with pytest.raises(Invalid):
        project.change_status(DONE.id, is_default=True)
    with pytest.raises(Invalid):
        project.status(uuid7())
