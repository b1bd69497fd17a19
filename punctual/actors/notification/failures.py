"""Commands that were accepted and could not be done: their authors are told."""

from punctual.actors.notification.telling import tell
from punctual.kit.listeners import listener
from punctual.schemas import events

listener("notification", events.OPERATION_FAILED)(tell)
