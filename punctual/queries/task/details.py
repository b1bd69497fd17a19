"""What hangs on a task: comments, history, watchers, reminders; and a project's statuses."""

from uuid import UUID

from punctual.kit.pagination import Page, Sort
from punctual.kit.pool import Row, pool

COMMENTS_OLDEST = Sort("created_at", (("comment.id", "uuid"),))
HISTORY_OLDEST = Sort("occurred_at", (("history.id", "uuid"),))
HISTORY_NEWEST = Sort("-occurred_at", (("history.id", "uuid"),), descending=True)
HISTORY_SORTS = (HISTORY_OLDEST, HISTORY_NEWEST)


async def comments(task_id: UUID, page: Page) -> list[Row]:
    """The comments on a task."""
    after, values = page.where()
    return await pool("task").all(
        "SELECT json_build_object('id', id, 'task_id', task_id, 'author_id', author_id, 'text', text,"
        " 'mentions', mentions, 'created_at', rfc3339(created_at), 'updated_at', rfc3339(updated_at),"
        f" 'version', version)::text AS body, {page.sort.key()} AS key FROM comment"
        f" WHERE task_id = %s AND deleted_at IS NULL AND {after} ORDER BY {page.sort.order()} LIMIT %s",
        (task_id, *values, page.fetch),
    )


async def history(task_id: UUID, page: Page) -> list[Row]:
    """What happened to a task."""
    after, values = page.where()
    return await pool("task").all(
        "SELECT json_build_object('id', id, 'name', name, 'caller_id', caller_id, 'occurred_at',"
        f" rfc3339(occurred_at), 'changes', changes)::text AS body, {page.sort.key()} AS key FROM history"
        f" WHERE task_id = %s AND {after} ORDER BY {page.sort.order()} LIMIT %s",
        (task_id, *values, page.fetch),
    )


async def watchers(task_id: UUID) -> list[UUID]:
    """Who follows a task."""
    row = await pool("task").one("SELECT watchers FROM task WHERE id = %s", (task_id,))
    return list(row["watchers"]) if row else []


async def reminders(task_id: UUID) -> list[Row]:
    """Everybody's promises for the present deadline, in order of their times."""
    return await pool("task").all(
        "SELECT reminder.id, user_id, rule, fire_at, state, reason, settled_at FROM reminder"
        " JOIN task ON task.id = reminder.task_id AND task.due_version = reminder.due_version"
        " WHERE task_id = %s ORDER BY fire_at, user_id",
        (task_id,),
    )


async def rules(user_id: UUID, task_id: UUID | None = None) -> list[str] | None:
    """The rules that a person chose for one task, or for all; None where they chose none."""
    if task_id:
        row = await pool("task").one(
            "SELECT rules FROM task_reminder_rules WHERE task_id = %s AND user_id = %s", (task_id, user_id)
        )
    else:
        row = await pool("task").one("SELECT rules FROM reminder_rules WHERE user_id = %s", (user_id,))
    return list(row["rules"]) if row else None


async def statuses(project_id: UUID) -> list[Row]:
    """A project's statuses in order."""
    return await pool("task").all(
        "SELECT id, name, category, position, is_default, version FROM status WHERE project_id = %s ORDER BY position",
        (project_id,),
    )
