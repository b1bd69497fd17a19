"""A project's statuses, for its admins."""

from typing import Any
from uuid import UUID

from punctual.domain.task.project import Project, Status, StatusInUse
from punctual.kit.commands import command
from punctual.kit.outcomes import Outcome
from punctual.kit.transactions import Transaction
from punctual.schemas import task as schemas
from punctual.storage.task import projects as storage


@command("task")
def create_status(
    transaction: Transaction,
    *,
    project: str,
    status_id: UUID,
    name: str,
    category: Any,
    position: int | None = None,
    is_default: bool | None = None,
) -> Outcome:
    """A new status, last unless `position` says otherwise."""
    found = _load(transaction, project)
    status = found.add_status(status_id, name, category, position)
    if is_default:
        status = found.change_status(status_id, is_default=True)
    storage.save_statuses(transaction, found)
    location = f"/api/v1/projects/{found.id}/statuses/{status_id}"
    return Outcome.created(location, _body(status), status.version)


@command("task")
def update_status(transaction: Transaction, *, project: str, status_id: UUID, changes: dict[str, Any]) -> Outcome:
    """Rename, recategorise, move, or make the default."""
    found = _load(transaction, project)
    status = found.change_status(status_id, **changes)
    storage.save_statuses(transaction, found)
    return Outcome.ok(_body(status), status.version)


@command("task")
def delete_status(transaction: Transaction, *, project: str, status_id: UUID) -> Outcome:
    """Delete a status that no task is in."""
    found = _load(transaction, project)
    status = found.remove_status(status_id)
    if storage.status_is_used(transaction, found.id, status_id):
        raise StatusInUse(
            f"Tasks are in the status {status.name}, or were when deleted; move them first, or rename it."
        )
    storage.delete_status(transaction, status_id)
    return Outcome.gone()


def _load(transaction: Transaction, reference: str) -> Project:
    found = storage.load(transaction, reference, lock=True)
    found.demand("admin")
    return found


def _body(status: Status) -> dict[str, Any]:
    body: dict[str, Any] = schemas.Status().dump(status)
    return body
