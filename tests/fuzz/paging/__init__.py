"""Every list of the API with every order it has: how a page is read, and how a row comes and goes."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from punctual.kit.pagination import Page, Sort
from punctual.kit.pool import Row
from punctual.queries import auth, dead_letters, project, user
from punctual.queries.notification import deliveries, inbox
from punctual.queries.task import counts, details, tasks
from tests.fuzz.paging import rows


@dataclass(frozen=True, slots=True)
class Listed:
    """A list whose rows belong to the id `mine`; `open` makes what they hang on."""

    name: str
    sorts: Sequence[Sort]
    read: Callable[[UUID, Page], Awaitable[list[Row]]]
    insert: Callable[[UUID, UUID, int], None]
    delete: Callable[[UUID, UUID], None]
    open: Callable[[UUID], None] | None = None
    key: str = "id"


def _sought(page: Page) -> dict[str, str]:
    """What every task's title is, for the order that needs something sought."""
    return {"q": "x"} if page.sort is tasks.BY_RELEVANCE else {}


LISTS = (
    Listed(
        "projects", project.PROJECT_SORTS,
        lambda mine, page: project.projects(mine, page, archived=None, q=None),
        rows.insert_project, rows.sql("project", "UPDATE project SET deleted_at = now() WHERE id = :id"),
    ),
    Listed(
        "members", (project.MEMBERS_BY_ID,), project.members,
        rows.insert_member, rows.sql("project", "DELETE FROM member WHERE project_id = :mine AND user_id = :id"),
        rows.open_project, "user_id",
    ),
    Listed(
        "invitations", (project.INVITATIONS_NEWEST,),
        lambda mine, page: project.invitations(mine, page, rows.T0),
        rows.insert_invitation, rows.sql("project", "DELETE FROM invitation WHERE id = :id"), rows.open_project,
    ),
    Listed(
        "tasks of a project", tasks.SORTS,
        lambda mine, page: tasks.tasks(mine, page, _sought(page), str(mine)),
        rows.insert_task, rows.sql("task", "UPDATE task SET deleted_at = now() WHERE id = :id"), rows.open_tasks,
    ),
    Listed(
        "tasks of all projects", tasks.SORTS,
        lambda mine, page: tasks.tasks(mine, page, {"category": "open", **_sought(page)}),
        rows.insert_task, rows.sql("task", "UPDATE task SET deleted_at = now() WHERE id = :id"), rows.open_tasks,
    ),
    Listed(
        "counts by project", (counts.BY_PROJECT,), counts.by_project,
        rows.insert_counted, rows.sql("task", "UPDATE project SET deleted = true WHERE id = :id"), None, "project_id",
    ),
    Listed(
        "comments", (details.COMMENTS_OLDEST,), details.comments,
        rows.insert_comment, rows.sql("task", "UPDATE comment SET deleted_at = now() WHERE id = :id"), rows.open_task,
    ),
    Listed(
        "history", details.HISTORY_SORTS, details.history,
        rows.insert_history, rows.sql("task", "DELETE FROM history WHERE id = :id"), rows.open_task,
    ),
    Listed(
        "notifications", (inbox.NEWEST,),
        lambda mine, page: inbox.notifications(mine, page, unread=False, muted=False, after=None, task_id=None),
        rows.insert_notification, rows.sql("notification", "DELETE FROM notification WHERE id = :id"),
    ),
    Listed(
        "deliveries", (deliveries.NEWEST,),
        lambda mine, page: deliveries.deliveries(page, user_id=mine, state=None, channel=None, task_id=None),
        rows.insert_delivery, rows.sql("notification", "DELETE FROM notification WHERE id = :id"),
    ),
    Listed(
        "dead letters", (dead_letters.NEWEST,), lambda _mine, page: dead_letters.dead_letters("user", page),
        rows.insert_dead_letter, rows.sql("user", "DELETE FROM dead_letter WHERE id = :id"),
    ),
    Listed(
        "sessions", (auth.SESSIONS_NEWEST,), lambda mine, page: auth.sessions(mine, None, page, rows.T0),
        rows.insert_session, rows.sql("auth", "UPDATE session SET revoked_at = now() WHERE id = :id"),
        rows.open_account,
    ),
    Listed(
        "people", (user.BY_NAME,),
        lambda mine, page: user.people(mine, page, q=mine.hex, active=True, role=None),
        rows.insert_profile, rows.sql("user", "DELETE FROM profile WHERE id = :id"),
    ),
)  # fmt: skip


def every_order() -> list[tuple[Listed, Sort]]:
    """Each list in each of its orders."""
    return [(listed, sort) for listed in LISTS for sort in listed.sorts]
