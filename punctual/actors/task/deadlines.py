"""The deadline actors: what is promised for now is told, once; what an outage delayed is told late, or summed up."""

from datetime import timedelta
from typing import Any

from punctual.domain.task.reminders import ReminderState, judge, summaries
from punctual.domain.task.reminders.firing import EXPIRY
from punctual.kit.schedule import scheduled
from punctual.kit.transactions import Transaction
from punctual.schemas import events
from punctual.storage.task import reminders as storage

BATCH = 200
PEOPLE = 20
_EVENTS = {"due_soon": events.TASK_DUE_SOON, "due": events.TASK_DUE, "overdue": events.TASK_OVERDUE}


@scheduled("task", seconds=2)
def check_deadlines(transaction: Transaction) -> bool:
    """Fire one batch of what is due; True while there is more."""
    ripe = storage.claim(transaction, transaction.now - EXPIRY, transaction.now, BATCH)
    verdicts = [(each.row, judge(each.row, transaction.now, each.facts)) for each in ripe]
    for each, (row, verdict) in zip(ripe, verdicts, strict=True):
        if verdict.state is ReminderState.FIRED:
            payload = _payload(each, verdict.late_by)
            transaction.publish(_EVENTS[row.rule.kind], row.due_version, payload, row.event_id)
    storage.settle(transaction, verdicts)
    return len(ripe) == BATCH


@scheduled("task", seconds=10)
def sum_up_missed(transaction: Transaction) -> bool:
    """Tell people in one summary what is over 48 hours late; True while there may be more."""
    ripe = {each.row.id: each for each in storage.claim_expired(transaction, transaction.now - EXPIRY, PEOPLE)}
    verdicts = [(each.row, judge(each.row, transaction.now, each.facts)) for each in ripe.values()]
    missed = [row for row, verdict in verdicts if verdict.state is ReminderState.EXPIRED]
    for summary in summaries(missed):
        told = [_payload(ripe[row.id], transaction.now - row.fire_at) for row in summary.missed]
        payload = {"user_id": summary.user_id, "reminders": told}
        transaction.publish(events.TASK_REMINDERS_MISSED, 1, payload, summary.id)
    storage.settle(transaction, verdicts)
    return bool(ripe)


def _payload(each: storage.Ripe, late_by: timedelta) -> dict[str, Any]:
    row = each.row
    return {
        "reminder_id": row.id,
        "user_id": row.user_id,
        "task_id": row.task_id,
        "project_id": each.project_id,
        "key": each.key,
        "title": each.title,
        "due": each.due,
        "rule": row.rule.wire,
        "fire_at": row.fire_at,
        "late_by": int(late_by.total_seconds()),
    }
