"""Replicas of projects and memberships, and what their members are told."""

from uuid import UUID

from punctual.actors.notification.telling import tell, tell_these, tell_withheld
from punctual.kit.listeners import Event, listener
from punctual.kit.transactions import Transaction
from punctual.schemas import events
from punctual.storage.notification import inbox, replicas


def keep_project(transaction: Transaction, event: Event) -> None:
    """A project as it is now."""
    replicas.upsert_project(transaction, event.payload, event.version)


for _event in (events.PROJECT_CREATED, events.PROJECT_UPDATED):
    listener("notification", _event)(keep_project)


@listener("notification", events.PROJECT_ARCHIVED)
def project_archived(transaction: Transaction, event: Event) -> None:
    """Read-only from now on."""
    _keep_and_tell_members(transaction, event)


@listener("notification", events.PROJECT_DELETED)
def project_deleted(transaction: Transaction, event: Event) -> None:
    """Gone, and its tasks with it."""
    _keep_and_tell_members(transaction, event)


@listener("notification", events.PROJECT_MEMBER_ADDED)
def member_added(transaction: Transaction, event: Event) -> None:
    """Somebody is in; what they were not told for want of this news, they are told now."""
    _keep_member(transaction, event)
    tell(transaction, event)
    project_id, user_id = UUID(event.payload["project_id"]), UUID(event.payload["user_id"])
    tell_withheld(transaction, user_id, project_id, event)


@listener("notification", events.PROJECT_MEMBER_ROLE_CHANGED)
def member_role_changed(transaction: Transaction, event: Event) -> None:
    """Somebody is in as something else."""
    _keep_member(transaction, event)
    tell(transaction, event)


@listener("notification", events.PROJECT_MEMBER_REMOVED)
def member_removed(transaction: Transaction, event: Event) -> None:
    """Somebody is out, and what was told of the project with them."""
    _keep_member(transaction, event)
    inbox.leave_out_of_summaries(transaction, UUID(event.payload["user_id"]), UUID(event.payload["project_id"]))
    tell(transaction, event)


@listener("notification", events.PROJECT_INVITED)
def invited(transaction: Transaction, event: Event) -> None:
    """Somebody is invited who may have an account already."""
    if not event.quiet:
        tell_these(transaction, event, replicas.people_at(transaction, event.payload["email"]))


def _keep_and_tell_members(transaction: Transaction, event: Event) -> None:
    keep_project(transaction, event)
    if not event.quiet:
        tell_these(transaction, event, replicas.members(transaction, UUID(event.payload["project_id"])))


def _keep_member(transaction: Transaction, event: Event) -> None:
    payload = event.payload
    replicas.set_member(
        transaction, UUID(payload["project_id"]), UUID(payload["user_id"]), payload["role"], event.version
    )
