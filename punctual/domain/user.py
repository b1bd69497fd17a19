"""People: what they say of themselves, and what administrators decide about them (one always remains)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from punctual.kit.errors import Conflict, Forbidden, NotFound, NotReplicated

ADMIN = "admin"
LOCALE = "en"


class LastAdmin(Conflict):
    """The instance would be left without an administrator."""


@dataclass(slots=True)
class Profile:
    """A person. `version` counts the changes, beginning with the account's creation."""

    id: UUID
    email: str
    display_name: str
    time_zone: str
    locale: str
    role: str
    active: bool
    created_at: datetime
    version: int = 1

    def change(self, **values: str) -> bool:
        """Set display name, time zone or locale; False when nothing differs."""
        differing = {name: value for name, value in values.items() if getattr(self, name) != value}
        for name, value in differing.items():
            setattr(self, name, value)
        self.version += bool(differing)
        return bool(differing)

    def set_role(self, role: str, admins: Collection[UUID]) -> bool:
        """Make or unmake an administrator; False when it was so already. Raises LastAdmin."""
        if self.role == role:
            return False
        self._keep_an_admin(admins)
        self.role = role
        self.version += 1
        return True

    def set_active(self, admins: Collection[UUID], *, active: bool) -> bool:
        """Deactivate, or let in again; False when it was so already. Raises LastAdmin."""
        if self.active == active:
            return False
        self._keep_an_admin(admins)
        self.active = active
        self.version += 1
        return True

    def _keep_an_admin(self, admins: Collection[UUID]) -> None:
        if set(admins) == {self.id}:
            raise LastAdmin("An instance keeps at least one active administrator; make somebody else one first.")


def demand_admin(user_id: UUID | None, admins: Collection[UUID]) -> None:
    """Raises Forbidden for anybody but the active administrators, whatever a token may still claim."""
    if user_id not in admins:
        raise Forbidden("Only an administrator of this instance may do this.")


def not_found(user_id: object) -> NotFound:
    """Nobody has this id, or not yet: accounts come from another service."""
    return NotReplicated(f"There is no person {user_id}.")
