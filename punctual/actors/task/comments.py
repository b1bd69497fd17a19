"""Comments and whom they mention."""

from typing import Any
from uuid import UUID

from punctual.actors.task.publishing import publish
from punctual.domain.task.comment import Comment
from punctual.domain.task.mentions import handles, mentioned
from punctual.domain.task.project import RANKS, Project
from punctual.domain.task.task import Task
from punctual.kit.commands import command
from punctual.kit.outcomes import Outcome
from punctual.kit.transactions import Transaction
from punctual.schemas import events, task as schemas
from punctual.storage.task import comments as storage, people, tasks


@command("task")
def comment(transaction: Transaction, *, task: str, comment_id: UUID, text: str) -> Outcome:
    """Say something; its author watches the task from then on, and the mentioned are told."""
    found, project = _load(transaction, task)
    assert transaction.caller.id
    now = transaction.now
    meant = _mentions(transaction, project, text)
    said = Comment(comment_id, found.id, transaction.caller.id, text, meant, now, now)
    storage.insert(transaction, said)
    if found.watch(said.author_id):
        tasks.save(transaction, found)
    found.remark("task.commented", meant)
    if meant:
        found.remark("task.mentioned", meant)
    publish(transaction, found, comment_id=comment_id, text=text, user_ids=meant)
    return Outcome.created(f"/api/v1/tasks/{found.id}/comments/{comment_id}", _body(said), said.version)


@command("task")
def edit_comment(transaction: Transaction, *, task: str, comment_id: UUID, changes: dict[str, Any]) -> Outcome:
    """Change one's own comment; whom it mentions only now is told."""
    found, project = _load(transaction, task)
    said = storage.load(transaction, found.id, comment_id)
    transaction.guard(said.version, lambda: _body(said))
    text = changes.get("text", said.text)
    version = said.version
    new = said.edit(transaction.caller.id, text, _mentions(transaction, project, text), transaction.now)
    if said.version > version:
        storage.save(transaction, said)
        found.remark(events.TASK_COMMENT_EDITED.name)
        if new:
            found.remark("task.mentioned", new)
        publish(transaction, found, comment_id=comment_id, text=text)
    return Outcome.ok(_body(said), said.version)


@command("task")
def delete_comment(transaction: Transaction, *, task: str, comment_id: UUID) -> Outcome:
    """Delete a comment; by its author, or an admin of the project."""
    found, project = _load(transaction, task)
    said = storage.load(transaction, found.id, comment_id)
    transaction.guard(said.version, lambda: _body(said))
    said.demand_deletion(transaction.caller.id, admin=RANKS[project.role or "viewer"] >= RANKS["admin"])
    storage.delete(transaction, comment_id)
    found.remark(events.TASK_COMMENT_DELETED.name)
    publish(transaction, found, comment_id=comment_id)
    return Outcome.gone()


def _load(transaction: Transaction, reference: str) -> tuple[Task, Project]:
    found, project = tasks.load(transaction, reference)
    project.demand("commenter")
    return found, project


def _mentions(transaction: Transaction, project: Project, text: str) -> list[UUID]:
    return mentioned(text, people.everybody(transaction, project.id)) if handles(text) else []


def _body(said: Comment) -> dict[str, Any]:
    body: dict[str, Any] = schemas.Comment().dump(said)
    return body
