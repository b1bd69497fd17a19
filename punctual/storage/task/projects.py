"""The replica of projects, with the statuses that are this service's own."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from punctual.domain.task.project import Project, Status, StatusNameInUse, status_in_use
from punctual.kit.errors import NotReplicated
from punctual.kit.transactions import Row, Transaction

# What a task's rules need of its project and of the caller (%s), as columns of one row.
PROJECT = """project.id AS project_id, project.key AS project_key, project.archived,
    (SELECT role FROM member WHERE member.project_id = project.id AND member.user_id = %s) AS role,
    (SELECT json_agg(json_build_array(id, name, category, position, is_default, version) ORDER BY position)
       FROM status WHERE status.project_id = project.id) AS statuses"""


# The id of the project of a key (twice the parameter): by a former key only where no project has it now; the newest, in
# case the end of an older one hasn't been heard of yet. (In order of ids alone the planner might walk all projects.)
OF_KEY = """coalesce((SELECT id FROM project WHERE key = %s AND NOT deleted ORDER BY id::text DESC LIMIT 1),
    (SELECT project_id FROM former_key WHERE key = %s ORDER BY project_id DESC LIMIT 1))"""


def load(transaction: Transaction, reference: str, *, lock: bool = False) -> Project:
    """A project by id or key, be it a former one, with the caller's role.

    Raises NotReplicated (a NotFound) where there is none or the caller is an outsider, perhaps only not yet.
    """
    where, values = ("id = %s", [reference]) if "-" in reference else (f"id = {OF_KEY}", [reference, reference])
    if lock:
        # First the lock, then a look: a statement that waited for a lock shows other tables as they were before.
        transaction.later(f"SELECT 1 FROM project WHERE {where} AND NOT deleted FOR UPDATE", values)
    row = transaction.one(
        f"SELECT {PROJECT} FROM project WHERE {where} AND NOT deleted", (transaction.caller.id, *values)
    )
    if row is None or row["role"] is None:
        raise NotReplicated(f"There is no project {reference}.")
    return project_of(row)


def project_of(row: Row) -> Project:
    """The project part of a row that selected PROJECT."""
    statuses = [Status(UUID(fields[0]), *fields[1:]) for fields in row["statuses"] or ()]
    return Project(row["project_id"], row["project_key"], row["archived"], row["role"], statuses)


def next_number(transaction: Transaction, project_id: UUID) -> int:
    """The project's next task number. Locks the counter until the commit, so take it last."""
    row = transaction.one(
        "UPDATE project SET last_number = last_number + 1 WHERE id = %s RETURNING last_number", (project_id,)
    )
    assert row is not None
    return int(row["last_number"])


def upsert(transaction: Transaction, project: dict[str, Any], version: int) -> bool:
    """The replica of a project; an older version never overwrites a newer. Whether it is new here.

    Where nothing is said of former keys, those that are known stay.
    """
    row = transaction.one(
        "INSERT INTO project (id, key, name, archived, deleted, version) VALUES (%s, %s, %s, %s, %s, %s)"
        " ON CONFLICT (id) DO UPDATE SET key = EXCLUDED.key, name = EXCLUDED.name, archived = EXCLUDED.archived,"
        " deleted = EXCLUDED.deleted, version = EXCLUDED.version WHERE project.version <= EXCLUDED.version"
        " RETURNING xmax = 0 AS is_new",
        (
            project["project_id"], project["key"], project["name"], project["archived"], project["deleted"], version,
        ),
    )  # fmt: skip
    former_keys = [] if project["deleted"] else project.get("former_keys")
    if row and former_keys is not None:
        _replace_former_keys(transaction, UUID(project["project_id"]), former_keys)
    return bool(row and row["is_new"])


def former_keys_of(transaction: Transaction, project: Project, keys: Collection[str]) -> set[str]:
    """Those of these keys that lead to the project as its former ones."""
    rows = transaction.all(
        "SELECT key FROM former_key WHERE project_id = %s AND key = ANY(%s) AND NOT EXISTS"
        " (SELECT FROM project WHERE project.key = former_key.key AND NOT deleted)",
        (project.id, list(keys)),
    )
    return {row["key"] for row in rows}


def _replace_former_keys(transaction: Transaction, project_id: UUID, keys: list[str]) -> None:
    transaction.later("DELETE FROM former_key WHERE project_id = %s AND key <> ALL(%s::text[])", (project_id, keys))
    transaction.later(
        "INSERT INTO former_key (key, project_id) SELECT key, %s FROM unnest(%s::text[]) AS key ON CONFLICT DO NOTHING",
        (project_id, keys),
    )


def upsert_member(transaction: Transaction, member: dict[str, Any], version: int) -> bool:
    """The replica of a membership (role None: removed). Whether this was news."""
    row = transaction.one(
        "INSERT INTO member (project_id, user_id, role, version) VALUES (%s, %s, %s, %s)"
        " ON CONFLICT (project_id, user_id) DO UPDATE SET role = EXCLUDED.role, version = EXCLUDED.version"
        " WHERE member.version < EXCLUDED.version RETURNING version",
        (member["project_id"], member["user_id"], member["role"], version),
    )
    return row is not None


def is_member(transaction: Transaction, project_id: UUID, user_id: UUID) -> bool:
    """Whether the person is in the project; it stays so until the commit."""
    row = transaction.one(
        "SELECT role FROM member WHERE project_id = %s AND user_id = %s FOR SHARE", (project_id, user_id)
    )
    return bool(row and row["role"])


def save_statuses(transaction: Transaction, project: Project) -> None:
    """All statuses as they are now, but for removed ones. Breaks StatusNameInUse at commit."""
    # The single default moves in two steps: a unique index is checked row by row.
    transaction.later("UPDATE status SET is_default = false WHERE project_id = %s AND is_default", (project.id,))
    for status in project.statuses:
        transaction.later(
            "INSERT INTO status (id, project_id, name, category, position, is_default, version)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name,"
            " category = EXCLUDED.category, position = EXCLUDED.position, is_default = EXCLUDED.is_default,"
            " version = EXCLUDED.version",
            (
                status.id, project.id, status.name, status.category, status.position, status.is_default,
                status.version,
            ),
            violates={"status_name": StatusNameInUse("Two statuses can't have one name.", field="name")},
        )  # fmt: skip


def delete_status(transaction: Transaction, status: Status) -> None:
    """A removed status. Breaks StatusInUse when a task came into it meanwhile."""
    transaction.later(
        "DELETE FROM status WHERE id = %s", (status.id,), violates={"task_status_id_fkey": status_in_use(status)}
    )


def status_is_used(transaction: Transaction, project_id: UUID, status_id: UUID) -> bool:
    """Whether a task, even a deleted one, is in the status."""
    return (
        transaction.one(
            "SELECT 1 AS found FROM task WHERE project_id = %s AND status_id = %s LIMIT 1",
            (project_id, status_id),
        )
        is not None
    )
