"""What is due: claimed by one worker, and settled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from punctual.domain.task.due import Due
from punctual.domain.task.reminders import Facts, Reminder, ReminderState, Verdict, parse_rule
from punctual.kit.transactions import Row, Transaction

_ROW = """reminder.id, reminder.task_id, reminder.user_id, reminder.rule, reminder.due_version, reminder.occurrence,
    reminder.fire_at, reminder.state"""


@dataclass(frozen=True, slots=True)
class Ripe:
    """A row whose time has come, with what it is judged by and what its event tells."""

    row: Reminder
    facts: Facts
    project_id: UUID
    key: str
    title: str
    due: str


def claim(transaction: Transaction, since: datetime, until: datetime, limit: int) -> list[Ripe]:
    """Scheduled rows with fire_at in (since, until], locked; those that another worker holds are passed over."""
    return _claim(transaction, "reminder.fire_at > %s AND reminder.fire_at <= %s", (since, until), limit)


def claim_expired(transaction: Transaction, until: datetime, limit: int) -> list[Ripe]:
    """All rows up to `until` of the next `limit` people who have any; one worker at a time."""
    locked = transaction.one("SELECT pg_try_advisory_xact_lock(hashtext('punctual.reminders_missed')) AS mine")
    if not locked or not locked["mine"]:
        return []
    where = (
        "reminder.fire_at <= %s AND reminder.user_id IN (SELECT DISTINCT user_id FROM"
        " (SELECT user_id FROM reminder WHERE state = 'scheduled' AND fire_at <= %s ORDER BY fire_at LIMIT 1000) r"
        " ORDER BY user_id LIMIT %s)"
    )
    return _claim(transaction, where, (until, until, limit), 100_000)


def settle(transaction: Transaction, verdicts: Sequence[tuple[Reminder, Verdict]]) -> None:
    """Write down what became of claimed rows."""
    if not verdicts:
        return
    places = ", ".join(["(%s, %s, %s)"] * len(verdicts))
    values: list[Any] = []
    for row, verdict in verdicts:
        values += [row.id, verdict.state, verdict.reason]
    transaction.later(
        "UPDATE reminder SET state = judged.state::reminder_state, reason = judged.reason, settled_at = %s"
        f" FROM (VALUES {places}) AS judged (id, state, reason) WHERE reminder.id = judged.id::uuid",
        [transaction.now, *values],
    )


def _claim(transaction: Transaction, where: str, values: Sequence[Any], limit: int) -> list[Ripe]:
    rows = transaction.all(
        f"SELECT {_ROW}, task.project_id, project.key || '-' || task.number AS key, task.title, task.due_date,"
        " task.due_at, task.due_version AS task_due_version, task.deleted_at IS NOT NULL OR project.deleted AS deleted,"
        " project.archived, status.category IN ('done', 'cancelled') AS completed,"
        " coalesce(member.role IS NOT NULL AND person.active, false) AS member,"
        " reminder.user_id = ANY(task.assignees) OR reminder.user_id = ANY(task.watchers) AS concerned"
        " FROM reminder JOIN task ON task.id = reminder.task_id JOIN project ON project.id = task.project_id"
        " JOIN status ON status.id = task.status_id"
        " LEFT JOIN member ON member.project_id = task.project_id AND member.user_id = reminder.user_id"
        " LEFT JOIN person ON person.user_id = reminder.user_id"
        f" WHERE reminder.state = 'scheduled' AND {where} ORDER BY reminder.fire_at LIMIT %s"
        " FOR UPDATE OF reminder SKIP LOCKED",
        (*values, limit),
    )
    return [_ripe(row) for row in rows]


def _ripe(row: Row) -> Ripe:
    deadline = Due.from_columns(row["due_date"], row["due_at"])
    facts = Facts(
        row["task_due_version"],
        row["deleted"],
        row["completed"],
        row["archived"],
        row["member"],
        row["concerned"],
    )
    reminder = Reminder(
        row["task_id"], row["user_id"], parse_rule(row["rule"]), row["due_version"], row["occurrence"],
        row["fire_at"], row["id"], ReminderState(row["state"]),
    )  # fmt: skip
    return Ripe(reminder, facts, row["project_id"], row["key"], row["title"], str(deadline))
