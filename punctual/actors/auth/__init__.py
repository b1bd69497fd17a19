"""Commands, listeners and jobs of the auth service."""

from punctual.actors.auth import accounts, forgetting, guesses, keys, letters, people, resync, sessions
from punctual.kit import plumbing
from punctual.schemas import events

plumbing.declare("auth", events.OPERATION_FAILED)

__all__ = ["accounts", "forgetting", "guesses", "keys", "letters", "people", "resync", "sessions"]
