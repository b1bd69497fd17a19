"""How the project service tells what happened."""

from uuid import UUID

from punctual.domain.project import Project
from punctual.kit.transactions import Transaction
from punctual.schemas.events import EventType


def publish_project(transaction: Transaction, event: EventType, project: Project, *, deleted: bool = False) -> None:
    """A project's whole state."""
    payload = {
        "project_id": project.id,
        "key": project.key,
        "name": project.name,
        "archived": project.archived,
        "deleted": deleted,
        "former_keys": [] if deleted else project.former_keys,
    }
    transaction.publish(event, project.version, payload)


def publish_member(transaction: Transaction, event: EventType, project: Project, user_id: UUID) -> None:
    """One person's place in a project; ordered by the project's count of membership changes."""
    payload = {
        "project_id": project.id,
        "project_key": project.key,
        "project_name": project.name,
        "user_id": user_id,
        "role": project.roles.get(user_id),
    }
    transaction.publish(event, project.members_version, payload)
