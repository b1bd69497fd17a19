"""How a row of each list comes and goes. Equal choices give equal sort keys, but for the id."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from punctual.schemas.fields import PRIORITIES
from tests.support.team import execute

T0 = datetime(2031, 1, 10, 9, 30, 0, 120_000, tzinfo=UTC)


def instant(choice: int) -> datetime:
    return T0 + timedelta(microseconds=choice * 10)


def sql(service: str, statement: str) -> Callable[[UUID, UUID], None]:
    def run(mine: UUID, row_id: UUID) -> None:
        execute(service, statement.replace(":mine", f"'{mine}'::uuid").replace(":id", f"'{row_id}'::uuid"))

    return run


def text(choice: int) -> str:
    return ("alpha", "Beta", "béta", "ΑΛΦΑ", "日本", "a\u0301", "z'\"\\", "İ")[choice % 8]


def insert_project(mine: UUID, row_id: UUID, choice: int) -> None:
    execute(
        "project",
        "INSERT INTO project (id, key, name, description, version, created_by, created_at, updated_at)"
        " VALUES (%s, %s, %s, '', 1, %s, %s, %s)",
        (row_id, "P" + row_id.hex[:9].upper(), text(choice), mine, T0, T0),
    )
    execute("project", "INSERT INTO member VALUES (%s, %s, 'member', %s)", (row_id, mine, T0))


def open_project(mine: UUID) -> None:
    insert_project(mine, mine, 0)


def insert_member(mine: UUID, row_id: UUID, choice: int) -> None:
    execute("project", "INSERT INTO member VALUES (%s, %s, 'viewer', %s)", (mine, row_id, T0))


def insert_invitation(mine: UUID, row_id: UUID, choice: int) -> None:
    execute(
        "project",
        "INSERT INTO invitation VALUES (%s, %s, 'a@example.org', 'member', %s, %s, %s, %s)",
        (row_id, mine, str(row_id), mine, T0, T0 + timedelta(days=1)),
    )


def open_tasks(mine: UUID) -> None:
    """A project, its status and its only member have one id."""
    execute("task", "INSERT INTO project VALUES (%s, %s, 'x', false, false, 1)", (mine, "T" + mine.hex[:9].upper()))
    execute("task", "INSERT INTO member VALUES (%s, %s, 'member', 1)", (mine, mine))
    execute("task", "INSERT INTO status VALUES (%s, %s, 'To do', 'todo', 0, true)", (mine, mine))


def insert_task(mine: UUID, row_id: UUID, choice: int) -> None:
    due_date, due_at = [(None, None), (instant(choice).date(), None), (None, instant(choice))][choice % 3]
    execute(
        "task",
        "INSERT INTO task (id, project_id, number, title, description, status_id, priority, due_date, due_at,"
        " due_version, assignees, watchers, created_by, created_at, updated_at, version)"
        " VALUES (%s, %s, %s, 'x', '', %s, %s, %s, %s, 1, '{}', '{}', %s, %s, %s, 1)",
        (
            row_id, mine, random.getrandbits(30), mine, PRIORITIES[choice % 5], due_date, due_at, mine, T0,
            instant(choice),
        ),
    )  # fmt: skip


def insert_counted(mine: UUID, row_id: UUID, choice: int) -> None:
    """A project of mine."""
    execute("task", "INSERT INTO project VALUES (%s, %s, 'x', false, false, 1)", (row_id, "C" + row_id.hex[:9].upper()))
    execute("task", "INSERT INTO member VALUES (%s, %s, 'member', 1)", (row_id, mine))


def open_task(mine: UUID) -> None:
    open_tasks(mine)
    insert_task(mine, mine, 0)


def insert_comment(mine: UUID, row_id: UUID, choice: int) -> None:
    execute("task", "INSERT INTO comment VALUES (%s, %s, %s, 'x', '{}', %s, %s)", (row_id, mine, mine, T0, T0))


def insert_history(mine: UUID, row_id: UUID, choice: int) -> None:
    execute("task", "INSERT INTO history VALUES (%s, %s, 'task.updated', NULL, %s, '{}')", (row_id, mine, T0))


def insert_notification(mine: UUID, row_id: UUID, choice: int) -> None:
    # Positions over 32 bits: the counter is for all people and for ever.
    execute(
        "notification",
        "INSERT INTO notification (id, user_id, event_id, kind, title, data, hidden, position, created_at)"
        " VALUES (%s, %s, %s, 'task.due', 'x', '{}', false, %s, %s)",
        (row_id, mine, row_id, (1 << 40) + random.getrandbits(40), T0),
    )


def insert_delivery(mine: UUID, row_id: UUID, choice: int) -> None:
    insert_notification(mine, row_id, choice)
    execute(
        "notification",
        "INSERT INTO delivery (id, notification_id, channel, state) VALUES (%s, %s, 'email', 'suppressed')",
        (row_id, row_id),
    )


def insert_dead_letter(mine: UUID, row_id: UUID, choice: int) -> None:
    execute(
        "user",
        "INSERT INTO dead_letter VALUES (%s, 'user', NULL, '{}', '', %s, 1, %s)",
        (row_id, str(mine), instant(choice)),
    )


def open_account(mine: UUID) -> None:
    execute(
        "auth",
        "INSERT INTO account VALUES (%s, %s, 'x', 1, %s, NULL, NULL, 'x', 'UTC', 'user', true, 1)",
        (mine, f"{mine}@example.org", T0),
    )


def insert_session(mine: UUID, row_id: UUID, choice: int) -> None:
    execute(
        "auth",
        "INSERT INTO session VALUES (%s, %s, 'x', 'x', %s, %s, %s)",
        (row_id, mine, T0, T0, T0 + timedelta(days=1)),
    )


def insert_profile(mine: UUID, row_id: UUID, choice: int) -> None:
    execute(
        "user",
        "INSERT INTO profile VALUES (%s, %s, %s, 'UTC', 'en', 'user', true, %s, 1)",
        (row_id, f"{row_id}@example.org", f"{text(choice)} {mine.hex}", T0),
    )
