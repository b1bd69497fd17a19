"""Fitting the reminder ledger to a change of a task, of a person or of their rules."""

from collections.abc import Iterable
from uuid import UUID

from punctual.domain.task.reminders import Plan, Reason, arm, rearm, rules_in_force
from punctual.domain.task.task import Task
from punctual.domain.task.zones import zone_named
from punctual.kit.transactions import Transaction
from punctual.storage.task import reminders as storage
from punctual.storage.task.people import Person

NO_LONGER_CONCERNED = str(Reason.NOT_CONCERNED)
RULES_CHANGED = "the reminder rules were changed"


def arm_new(transaction: Transaction, task: Task, people: Iterable[Person]) -> None:
    """Promise a new task's assignees what their rules say."""
    if task.due is None or not task.open:
        return
    promises = []
    for person in people:
        rules = rules_in_force(assigned=True, watching=False, of_task=None, of_person=person.rules)
        zone = zone_named(person.time_zone)
        promises += arm(task.id, person.user_id, task.due, task.due_version, rules, zone, transaction.now)
    storage.insert(transaction, promises)


def rearm_task(
    transaction: Transaction,
    task: Task,
    user_ids: list[UUID] | None = None,
    reason: str = NO_LONGER_CONCERNED,
) -> None:
    """Fit the ledger of these people (None: of everybody) to the task as it is now."""
    if not task.open:
        storage.cancel(transaction, task.id, Reason.COMPLETED)
        return
    storage.supersede(transaction, task.id, task.due_version)
    concerns = storage.concerns(transaction, task, user_ids)
    for concern in concerns:
        storage.apply(transaction, _plan(transaction, task, concern), reason)
    strangers = set(user_ids or ()) - {concern.user_id for concern in concerns}
    if strangers:
        storage.cancel(transaction, task.id, Reason.NOT_A_MEMBER, list(strangers))


def _plan(transaction: Transaction, task: Task, concern: storage.Concern) -> Plan:
    rules = rules_in_force(
        assigned=concern.user_id in task.assignees,
        watching=concern.user_id in task.watchers,
        of_task=concern.of_task,
        of_person=concern.of_person,
    )
    zone = zone_named(concern.time_zone)
    return rearm(concern.rows, task.id, concern.user_id, task.due, task.due_version, rules, zone, transaction.now)
