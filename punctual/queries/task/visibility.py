"""What a caller may see: a task or a project of the task service, by id or by key."""

import asyncio
import re
from uuid import UUID

from punctual.kit.pool import Row, pool

TASK_KEY = re.compile(r"([A-Z][A-Z0-9]{1,9})-([1-9][0-9]{0,8})")
REPLICATION_SECONDS = 0.25
# Joined after `task` or `project`; the parameter is the caller.
MINE = "JOIN member mine ON mine.project_id = project.id AND mine.user_id = %s AND mine.role IS NOT NULL"

# The id of the project of a key (twice the parameter): by a former key only where no project has it now; the newest, in
# case the end of an older one hasn't been heard of yet. (In order of ids alone the planner might walk all projects.)
OF_KEY = """coalesce((SELECT id FROM project WHERE key = %s AND NOT deleted ORDER BY id::text DESC LIMIT 1),
    (SELECT project_id FROM former_key WHERE key = %s ORDER BY project_id DESC LIMIT 1))"""
# One project as a part of WITH, found before anything else, so that tasks are read by an index in the order of a list.
_PLACE = f"""place AS (SELECT project.id, project.key, project.name, project.archived, mine.role FROM project {MINE}
    WHERE {{project}} AND NOT project.deleted)"""


def place(project: str, user_id: UUID) -> tuple[str, list[object]]:
    """A project that the caller may see, by id or by key, as `place`; and its parameters."""
    where, values = _named_project(project)
    return _PLACE.format(project=where), [user_id, *values]


def named(reference: str) -> list[tuple[str, list[object]]]:
    """The conditions that pick a task by id or by key, each with its parameters, to be tried in turn.

    One that has its key now is read as if there were no former ones: that is asked for most often.
    """
    if match := TASK_KEY.fullmatch(reference):
        key, number = match[1], int(match[2])
        return [
            ("project.key = %s AND task.number = %s", [key, number]),
            (f"project.id = {OF_KEY} AND task.number = %s", [key, key, number]),
        ]
    return [("task.id = %s", [reference])]


def _named_project(reference: str) -> tuple[str, list[object]]:
    if "-" in reference:
        return "project.id = %s", [reference]
    return f"project.id = {OF_KEY}", [reference, reference]


async def task_id(reference: str, user_id: UUID) -> UUID | None:
    """The id of a task that the caller may see."""
    for where, values in named(reference):
        row = await pool("task").one(
            f"SELECT task.id FROM task JOIN project ON project.id = task.project_id AND NOT project.deleted {MINE}"
            f" WHERE {where} AND task.deleted_at IS NULL",
            (user_id, *values),
        )
        if row:
            found: UUID = row["id"]
            return found
    return None


async def project_id(reference: str, user_id: UUID) -> UUID | None:
    """The id of a project that the caller may see; waits briefly for one that isn't replicated yet."""
    found = await _project(reference, user_id)
    for _ in range(5):
        if found:
            break
        await asyncio.sleep(REPLICATION_SECONDS / 5)
        found = await _project(reference, user_id)
    return found["id"] if found else None


async def _project(reference: str, user_id: UUID) -> Row | None:
    where, values = _named_project(reference)
    return await pool("task").one(
        f"SELECT project.id FROM project {MINE} WHERE {where} AND NOT project.deleted", (user_id, *values)
    )


async def sees(project: UUID, user_id: UUID) -> bool:
    """Whether the caller may see a project, as far as is known at this moment."""
    return await _project(str(project), user_id) is not None
