"""Commands, listeners and the mail actors of the notification service."""

from punctual.actors.notification import (
    canary,
    digests,
    failures,
    holding,
    inbox,
    people,
    preferences,
    projects,
    resending,
    secrets,
    sending,
    tasks,
    testing,
    unsubscribing,
)
from punctual.kit import plumbing
from punctual.kit.broker import MAIL
from punctual.schemas import events

plumbing.declare("notification", events.OPERATION_FAILED, MAIL)

__all__ = [
    "canary",
    "digests",
    "failures",
    "holding",
    "inbox",
    "people",
    "preferences",
    "projects",
    "resending",
    "secrets",
    "sending",
    "tasks",
    "testing",
    "unsubscribing",
]
