"""The ledger of reminders and people's rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from punctual.domain.task.due import Due
from punctual.domain.task.reminders import (
    Facts,
    Plan,
    Promise,
    Reason,
    Reminder,
    ReminderState,
    Rule,
    Verdict,
    parse_rule,
    parse_rules,
)
from punctual.domain.task.task import Task
from punctual.kit import ids
from punctual.kit.transactions import Row, Transaction

_ROW = """reminder.id, reminder.task_id, reminder.user_id, reminder.rule, reminder.due_version, reminder.occurrence,
    reminder.fire_at, reminder.state"""


@dataclass(frozen=True, slots=True)
class Concern:
    """One person's side of a task: their zone, their rules, and their rows in the ledger."""

    user_id: UUID
    time_zone: str
    of_task: tuple[Rule, ...] | None
    of_person: tuple[Rule, ...] | None
    rows: list[Reminder]


def concerns(transaction: Transaction, task: Task, user_ids: Sequence[UUID] | None) -> list[Concern]:
    """These people's concerns with a task (None: everybody's who has any), as far as they are active members."""
    among = (
        "person.user_id = ANY(%(users)s)"
        if user_ids is not None
        else (
            "(person.user_id = ANY(%(assignees)s::uuid[]) OR mine.rules IS NOT NULL OR person.user_id IN"
            " (SELECT user_id FROM reminder WHERE task_id = %(task)s AND state = 'scheduled'))"
        )
    )
    rows = transaction.all(
        "SELECT person.user_id, person.time_zone, mine.rules AS of_task, reminder_rules.rules AS of_person,"
        " (SELECT json_agg(json_build_array(id, rule, due_version, occurrence, fire_at, state)) FROM reminder"
        "   WHERE task_id = %(task)s AND user_id = person.user_id"
        "     AND (due_version = %(due_version)s OR state = 'scheduled')) AS ledger"
        " FROM person JOIN member ON member.user_id = person.user_id AND member.project_id = %(project)s"
        "   AND member.role IS NOT NULL"
        " LEFT JOIN task_reminder_rules mine ON mine.task_id = %(task)s AND mine.user_id = person.user_id"
        " LEFT JOIN reminder_rules ON reminder_rules.user_id = person.user_id"
        f" WHERE person.active AND {among}",
        {
            "task": task.id, "project": task.project_id, "due_version": task.due_version,
            "users": list(user_ids or ()), "assignees": task.assignees,
        },
    )  # fmt: skip
    return [_concern(task.id, row) for row in rows]


def insert(transaction: Transaction, promises: Sequence[Promise]) -> None:
    """New promises; one that stands already stays as it is."""
    if not promises:
        return
    values: list[Any] = []
    for promise in promises:
        values += [
            ids.uuid7(), promise.task_id, promise.user_id, promise.rule.wire, promise.due_version, promise.occurrence,
            promise.fire_at,
        ]  # fmt: skip
    places = ", ".join(["(%s, %s, %s, %s, %s, %s, %s, 'scheduled')"] * len(promises))
    transaction.later(
        "INSERT INTO reminder (id, task_id, user_id, rule, due_version, occurrence, fire_at, state)"
        f" VALUES {places} ON CONFLICT ON CONSTRAINT reminder_promise DO NOTHING",
        values,
    )


def apply(transaction: Transaction, plan: Plan, reason: str) -> None:
    """Carry a plan out; `reason` says why what is cancelled is."""
    insert(transaction, plan.insert)
    for row in plan.move:
        transaction.later(
            "UPDATE reminder SET fire_at = %s, state = 'scheduled', reason = NULL, settled_at = NULL WHERE id = %s",
            (row.fire_at, row.id),
        )
    _settle(transaction, [row.id for row in plan.cancel], ReminderState.CANCELLED, reason)
    _settle(transaction, [row.id for row in plan.supersede], ReminderState.SUPERSEDED, Reason.DUE_CHANGED)


def cancel(transaction: Transaction, task_id: UUID, reason: str, user_ids: Sequence[UUID] | None = None) -> None:
    """Take back what is still promised for a task to these people (None: to everybody)."""
    transaction.later(
        "UPDATE reminder SET state = 'cancelled', reason = %s, settled_at = %s"
        " WHERE task_id = %s AND state = 'scheduled' AND (%s::uuid[] IS NULL OR user_id = ANY(%s::uuid[]))",
        (reason, transaction.now, task_id, user_ids, user_ids),
    )


def supersede(transaction: Transaction, task_id: UUID, due_version: int) -> None:
    """Take back what was promised for former deadlines."""
    transaction.later(
        "UPDATE reminder SET state = 'superseded', reason = %s, settled_at = %s"
        " WHERE task_id = %s AND state = 'scheduled' AND due_version < %s",
        (Reason.DUE_CHANGED, transaction.now, task_id, due_version),
    )


def save_rules(transaction: Transaction, user_id: UUID, rules: Sequence[Rule] | None) -> None:
    """A person's rules for all their tasks; None: the defaults again."""
    if rules is None:
        transaction.later("DELETE FROM reminder_rules WHERE user_id = %s", (user_id,))
        return
    transaction.later(
        "INSERT INTO reminder_rules (user_id, rules) VALUES (%s, %s::text[])"
        " ON CONFLICT (user_id) DO UPDATE SET rules = EXCLUDED.rules",
        (user_id, [rule.wire for rule in rules]),
    )


def rules_of(transaction: Transaction, user_id: UUID) -> tuple[Rule, ...] | None:
    """A person's rules for all their tasks; None where they chose none."""
    row = transaction.one("SELECT rules FROM reminder_rules WHERE user_id = %s", (user_id,))
    return parse_rules(row["rules"]) if row else None


def save_task_rules(transaction: Transaction, task_id: UUID, user_id: UUID, rules: Sequence[Rule] | None) -> None:
    """A person's rules for one task; None: no longer their own."""
    if rules is None:
        transaction.later("DELETE FROM task_reminder_rules WHERE task_id = %s AND user_id = %s", (task_id, user_id))
        return
    transaction.later(
        "INSERT INTO task_reminder_rules (task_id, user_id, rules) VALUES (%s, %s, %s::text[])"
        " ON CONFLICT (task_id, user_id) DO UPDATE SET rules = EXCLUDED.rules",
        (task_id, user_id, [rule.wire for rule in rules]),
    )


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


def _concern(task_id: UUID, row: Row) -> Concern:
    ledger = [
        Reminder(
            task_id, row["user_id"], parse_rule(rule), due_version, occurrence, datetime.fromisoformat(fire_at),
            UUID(row_id), ReminderState(state),
        )
        for row_id, rule, due_version, occurrence, fire_at, state in row["ledger"] or ()
    ]  # fmt: skip
    of_task = None if row["of_task"] is None else parse_rules(row["of_task"])
    of_person = None if row["of_person"] is None else parse_rules(row["of_person"])
    return Concern(row["user_id"], row["time_zone"], of_task, of_person, ledger)


def _settle(transaction: Transaction, row_ids: Sequence[UUID], state: ReminderState, reason: str) -> None:
    if row_ids:
        transaction.later(
            "UPDATE reminder SET state = %s, reason = %s, settled_at = %s WHERE id = ANY(%s)",
            (state, reason, transaction.now, list(row_ids)),
        )
