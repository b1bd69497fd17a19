"""What hangs on a task: comments, history, watchers, reminders; and a project's statuses."""

from uuid import UUID

from punctual.kit.pagination import Page, Sort
from punctual.kit.pool import Row, pool

MOST_REMINDERS = 500
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
        f" WHERE task_id = %s AND deleted_at IS NULL AND {after} ORDER BY {page.sort.order()} LIMIT {page.fetch}",
        (task_id, *values),
    )


async def history(task_id: UUID, page: Page) -> list[Row]:
    """What happened to a task."""
    after, values = page.where()
    return await pool("task").all(
        "SELECT json_build_object('id', id, 'name', name, 'caller_id', caller_id, 'occurred_at',"
        f" rfc3339(occurred_at), 'changes', changes)::text AS body, {page.sort.key()} AS key FROM history"
        f" WHERE task_id = %s AND {after} ORDER BY {page.sort.order()} LIMIT {page.fetch}",
        (task_id, *values),
    )


async def watchers(task_id: UUID) -> list[UUID]:
    """Who follows a task."""
    row = await pool("task").one("SELECT watchers FROM task WHERE id = %s", (task_id,))
    return list(row["watchers"]) if row else []


async def reminders(task_id: UUID) -> list[Row]:
    """Everybody's promises, for the present deadline first, then for former ones; in order of their times."""
    return await pool("task").all(
        "SELECT id, user_id, rule, due_version, occurrence, fire_at, state, reason, settled_at FROM reminder"
        f" WHERE task_id = %s ORDER BY due_version DESC, fire_at, user_id LIMIT {MOST_REMINDERS}",
        (task_id,),
    )


async def rules(user_id: UUID) -> list[str] | None:
    """The rules that a person chose for all their tasks; None where they chose none."""
    row = await pool("task").one("SELECT rules FROM reminder_rules WHERE user_id = %s", (user_id,))
    return list(row["rules"]) if row else None


async def concern(user_id: UUID, task_id: UUID) -> Row | None:
    """What decides a person's rules for a task: `assigned`, `watching`, and the rules `of_task` and `of_person`."""
    return await pool("task").one(
        "SELECT %s = ANY(task.assignees) AS assigned, %s = ANY(task.watchers) AS watching, mine.rules AS of_task,"
        " reminder_rules.rules AS of_person FROM task"
        " LEFT JOIN task_reminder_rules mine ON mine.task_id = task.id AND mine.user_id = %s"
        " LEFT JOIN reminder_rules ON reminder_rules.user_id = %s WHERE task.id = %s",
        (user_id, user_id, user_id, user_id, task_id),
    )


async def statuses(project_id: UUID) -> list[Row]:
    """A project's statuses in order."""
    return await pool("task").all(
        "SELECT id, name, category, position, is_default, version FROM status WHERE project_id = %s ORDER BY position",
        (project_id,),
    )
