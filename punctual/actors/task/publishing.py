"""How the task service tells what happened: the event and the history row, from one source."""

from typing import Any

from punctual.domain.task.task import Happening, Task
from punctual.kit.transactions import Transaction
from punctual.schemas.events import CATALOGUE
from punctual.storage.task import tasks as storage


def publish(transaction: Transaction, task: Task, **extra: Any) -> None:
    """Publish and record everything that happened to the task; `extra` goes into each payload."""
    entries = []
    for happening in task.happened:
        payload = {**_payload(task, happening), **extra}
        event_id = transaction.publish(CATALOGUE[happening.name], task.version, payload)
        told = {**happening.changes, **({"comment_id": extra["comment_id"]} if "comment_id" in extra else {})}
        entries.append((event_id, task.id, happening.name, told))
    if entries:
        storage.record(transaction, entries)
    task.happened.clear()


def _payload(task: Task, happening: Happening) -> dict[str, Any]:
    status = {"id": task.status.id, "name": task.status.name, "category": task.status.category}
    payload = {
        "task_id": task.id,
        "project_id": task.project_id,
        "key": task.key,
        "title": task.title,
        "status": status,
        "priority": task.priority,
        "due": str(task.due) if task.due else None,
        "assignees": task.assignees,
        "watchers": task.watchers,
        "changes": happening.changes,
    }
    return {**payload, "user_ids": happening.user_ids} if happening.user_ids else payload
