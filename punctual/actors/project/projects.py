"""Create, change, archive and delete projects."""

from typing import Any
from uuid import UUID

from punctual.actors.project.publishing import publish_member, publish_project
from punctual.domain import project as domain
from punctual.kit.commands import command
from punctual.kit.outcomes import Outcome
from punctual.kit.transactions import Transaction
from punctual.schemas import events, project as schemas
from punctual.storage import project as storage


@command("project")
def create(transaction: Transaction, *, project_id: UUID, key: str, name: str, description: str) -> Outcome:
    """A new project, its creator the owner."""
    assert transaction.caller.id
    project = domain.create(project_id, key, name, description, transaction.caller.id, transaction.now)
    storage.insert(transaction, project)
    publish_project(transaction, events.PROJECT_CREATED, project)
    publish_member(transaction, events.PROJECT_MEMBER_ADDED, project, transaction.caller.id)
    return Outcome.created(f"/api/v1/projects/{project.id}", _body(transaction, project), project.version)


@command("project")
def update(transaction: Transaction, *, project: str, changes: dict[str, Any]) -> Outcome:
    """Change name, description or key."""
    found = _guarded(transaction, project, "admin")
    former_key = found.key
    if found.change(transaction.now, **changes):
        storage.save(transaction, found, former_key)
        publish_project(transaction, events.PROJECT_UPDATED, found)
    return Outcome.ok(_body(transaction, found), found.version)


@command("project")
def archive(transaction: Transaction, *, project: str, archived: bool) -> Outcome:
    """Make a project read-only, or writable again."""
    found = _guarded(transaction, project, "admin")
    if found.archive(transaction.now, archived=archived):
        storage.save(transaction, found)
        publish_project(transaction, events.PROJECT_ARCHIVED if archived else events.PROJECT_UPDATED, found)
    return Outcome.ok(_body(transaction, found), found.version)


@command("project")
def delete(transaction: Transaction, *, project: str) -> Outcome:
    """Delete a project; its tasks go with it."""
    found = _guarded(transaction, project, "owner")
    found.version += 1
    storage.delete(transaction, found)
    publish_project(transaction, events.PROJECT_DELETED, found, deleted=True)
    return Outcome.gone()


def _guarded(transaction: Transaction, reference: str, role: str) -> domain.Project:
    found = storage.load(transaction, reference)
    found.demand(transaction.caller.id, role)
    transaction.guard(found.version, lambda: _body(transaction, found))
    return found


def _body(transaction: Transaction, project: domain.Project) -> dict[str, Any]:
    body: dict[str, Any] = schemas.Project().dump(project)
    return {**body, "role": project.role_of(transaction.caller.id)}
