"""What happens to tasks, told to whom it concerns."""

from typing import Any
from uuid import UUID

from punctual.actors.notification.telling import tell, tell_all
from punctual.kit.listeners import Event, listener, listener_of_many
from punctual.kit.transactions import Transaction
from punctual.schemas import events
from punctual.storage.notification import replicas

listener_of_many(
    "notification",
    events.TASK_CREATED,
    events.TASK_UPDATED,
    events.TASK_ASSIGNED,
    events.TASK_UNASSIGNED,
    events.TASK_STATUS_CHANGED,
    events.TASK_COMPLETED,
    events.TASK_REOPENED,
    events.TASK_DELETED,
    events.TASK_DUE_CHANGED,
    events.TASK_COMMENTED,
    events.TASK_MENTIONED,
    events.TASK_DUE_SOON,
    events.TASK_DUE,
    events.TASK_OVERDUE,
)(tell_all)


@listener("notification", events.TASK_REMINDERS_MISSED)
def reminders_missed(transaction: Transaction, event: Event) -> None:
    """One summary of an outage, without the projects that the person has left since."""
    lost = replicas.lost_projects(transaction, UUID(event.payload["user_id"]))
    kept: list[dict[str, Any]] = [
        reminder for reminder in event.payload["reminders"] if UUID(reminder["project_id"]) not in lost
    ]
    if kept:
        event.payload["reminders"] = kept
        tell(transaction, event)
