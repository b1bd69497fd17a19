"""Commands and listeners of the user service."""

from punctual.actors.user import accounts, administration, profiles, resync
from punctual.kit import plumbing
from punctual.schemas import events

plumbing.declare("user", events.OPERATION_FAILED)

__all__ = ["accounts", "administration", "profiles", "resync"]
