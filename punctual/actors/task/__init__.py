"""Commands, listeners and scheduled actors of the task service."""

from punctual.actors.task import bulk, canary, comments, deadlines, people, projects, reminders, statuses, tasks
from punctual.kit import plumbing
from punctual.schemas import events

plumbing.declare("task", events.OPERATION_FAILED)

__all__ = ["bulk", "canary", "comments", "deadlines", "people", "projects", "reminders", "statuses", "tasks"]
