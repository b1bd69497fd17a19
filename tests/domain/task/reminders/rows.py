"""Rows of the ledger as a database would hold them."""

from uuid import UUID

from punctual.domain.task.reminders import Promise, Reminder, ReminderState


def recorded(promise: Promise, row_id: UUID, state: ReminderState = ReminderState.SCHEDULED) -> Reminder:
    return Reminder(
        task_id=promise.task_id,
        user_id=promise.user_id,
        rule=promise.rule,
        due_version=promise.due_version,
        occurrence=promise.occurrence,
        fire_at=promise.fire_at,
        id=row_id,
        state=state,
    )
