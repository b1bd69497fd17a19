"""Commands and listeners of the project service."""

from punctual.actors.project import invitations, members, people, projects, resync
from punctual.kit import plumbing
from punctual.schemas import events

plumbing.declare("project", events.OPERATION_FAILED)

__all__ = ["invitations", "members", "people", "projects", "resync"]
