"""The ledger: promises made, moved and taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from punctual.domain.task.reminders import (
    Plan,
    Promise,
    Reason,
    Reminder,
    ReminderState,
    Rule,
    parse_rule,
    parse_rules,
)
from punctual.domain.task.task import Task
from punctual.kit import ids
from punctual.kit.transactions import Row, Transaction


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
