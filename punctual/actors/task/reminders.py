"""People's reminder rules: for all their tasks, and for one."""

from uuid import UUID

from punctual.actors.task.arming import RULES_CHANGED, rearm_task
from punctual.domain.task.reminders import DEFAULT_RULES, parse_rules, rules_in_force
from punctual.kit.commands import command
from punctual.kit.outcomes import Outcome
from punctual.kit.transactions import Transaction
from punctual.storage.task import reminders as storage, tasks

BATCH = 100


@command("task")
def set_rules(transaction: Transaction, *, rules: list[str] | None) -> Outcome:
    """The caller's rules for all their tasks; what is promised already is fitted to them, batch by batch."""
    assert transaction.caller.id
    chosen = None if rules is None else parse_rules(rules)
    storage.save_rules(transaction, transaction.caller.id, chosen)
    transaction.send(rearm_person.message(user_id=transaction.caller.id))
    rules_now = DEFAULT_RULES if chosen is None else chosen
    return Outcome.ok({"rules": [rule.wire for rule in rules_now], "own": chosen is not None})


@command("task")
def set_task_rules(transaction: Transaction, *, task: str, rules: list[str] | None) -> Outcome:
    """The caller's rules for one task; a watcher who sets some asks to be reminded."""
    assert transaction.caller.id
    found, project = tasks.load(transaction, task)
    project.demand("viewer", writing=False)
    chosen = None if rules is None else parse_rules(rules)
    storage.save_task_rules(transaction, found.id, transaction.caller.id, chosen)
    if chosen and transaction.caller.id not in found.assignees and found.watch(transaction.caller.id):
        tasks.save(transaction, found)
    rearm_task(transaction, found, [transaction.caller.id], RULES_CHANGED)
    in_force = rules_in_force(
        assigned=transaction.caller.id in found.assignees,
        watching=transaction.caller.id in found.watchers,
        of_task=chosen,
        of_person=storage.rules_of(transaction, transaction.caller.id),
    )
    return Outcome.ok({"rules": [rule.wire for rule in in_force], "own": chosen is not None})


@command("task")
def rearm_person(transaction: Transaction, *, user_id: UUID, after: UUID | None = None) -> Outcome:
    """Fit one batch of a person's promises to their rules and zone; sends itself on while there are more."""
    batch = tasks.load_batch(
        transaction,
        "(task.assignees @> ARRAY[%s] OR task.id IN (SELECT task_id FROM task_reminder_rules WHERE user_id = %s))"
        " AND task.completed_at IS NULL AND (task.due_at IS NOT NULL OR task.due_date IS NOT NULL)"
        " AND (%s::uuid IS NULL OR task.id > %s)",
        (user_id, user_id, after, after),
        BATCH,
    )
    for task, _ in batch:
        rearm_task(transaction, task, [user_id], RULES_CHANGED)
    if len(batch) == BATCH:
        transaction.send(rearm_person.message(user_id=user_id, after=batch[-1][0].id))
    return Outcome.gone()
