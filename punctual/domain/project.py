"""Projects: who may do what in them, and what always holds (a project keeps an owner)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from punctual.kit.errors import Conflict, Forbidden, NotFound

RANKS = {"viewer": 0, "commenter": 1, "member": 2, "admin": 3, "owner": 4}
INVITATION_LIFE = timedelta(days=14)
MOST_FORMER_KEYS = 20


class KeyInUse(Conflict):
    """Another project has this key."""


class TooManyFormerKeys(Conflict):
    """The project had as many keys already as go on to lead to it."""


class LastOwner(Conflict):
    """The project would be left without an owner."""


class ProjectArchived(Conflict):
    """An archived project is read-only."""


class InvitationExpired(Conflict):
    """The invitation is too old, or was used."""


def key_in_use(key: str) -> KeyInUse:
    """The rule that keys, former ones too, are unique among living projects."""
    return KeyInUse(f"The key {key} is in use by another project; choose another.", field="key")


@dataclass(slots=True)
class Project:
    """A project with the roles of all its members, and the keys that lead to it, too, the oldest first."""

    id: UUID
    key: str
    name: str
    description: str
    created_by: UUID
    created_at: datetime
    updated_at: datetime
    archived: bool = False
    version: int = 1
    members_version: int = 0
    roles: dict[UUID, str] = field(default_factory=dict)
    former_keys: list[str] = field(default_factory=list)

    def role_of(self, user_id: UUID | None) -> str:
        """The person's role. Raises NotFound for an outsider, who may not know that the project exists."""
        role = self.roles.get(user_id) if user_id else None
        if role is None:
            raise not_found(self.id)
        return role

    def demand(self, user_id: UUID | None, role: str) -> None:
        """Raises NotFound for an outsider, Forbidden for a member below `role`."""
        if RANKS[self.role_of(user_id)] < RANKS[role]:
            raise Forbidden(f"This needs the project role {role} or higher.")

    def change(self, now: datetime, **values: str) -> bool:
        """Set name, description or key, of which the former stays the project's; False when nothing differs."""
        if self.archived:
            raise ProjectArchived("The project is archived; unarchive it first.")
        differing = {name: value for name, value in values.items() if getattr(self, name) != value}
        if "key" in differing:
            self._retire_key(differing["key"])
        for name, value in differing.items():
            setattr(self, name, value)
        if differing:
            self._touched(now)
        return bool(differing)

    def archive(self, now: datetime, *, archived: bool) -> bool:
        """Archive or unarchive; False when it was so already."""
        if self.archived == archived:
            return False
        self.archived = archived
        self._touched(now)
        return True

    def set_role(self, by: UUID | None, user_id: UUID, role: str) -> bool:
        """Add a member or change a role; False when it was so already. Owners are made and unmade by owners."""
        self.demand(by, "admin")
        present = self.roles.get(user_id)
        if "owner" in (role, present) and present != role:
            self.demand(by, "owner")
        if present == role:
            return False
        if present == "owner":
            self._keep_an_owner(user_id)
        self._member(user_id, role)
        return True

    def join(self, user_id: UUID, role: str) -> bool:
        """Enter by invitation; False when the person has this role or a higher one already."""
        present = self.roles.get(user_id)
        if present is not None and RANKS[present] >= RANKS[role]:
            return False
        self._member(user_id, role)
        return True

    def remove(self, by: UUID | None, user_id: UUID) -> None:
        """Remove a member, or leave. Raises NotFound when the person is no member."""
        if by == user_id:
            self.role_of(by)
        else:
            self.demand(by, "admin")
        present = self.roles.get(user_id)
        if present is None:
            raise NotFound("This person isn't a member of the project.")
        if present == "owner":
            if by != user_id:
                self.demand(by, "owner")
            self._keep_an_owner(user_id)
        del self.roles[user_id]
        self.members_version += 1

    def _retire_key(self, new: str) -> None:
        if new not in self.former_keys and len(self.former_keys) >= MOST_FORMER_KEYS:
            raise TooManyFormerKeys(
                f"The project had {MOST_FORMER_KEYS} other keys already, which go on to lead to it; take one of them"
                f" back: {', '.join(self.former_keys)}.",
                field="key",
            )
        self.former_keys = [*(key for key in self.former_keys if key != new), self.key]

    def _member(self, user_id: UUID, role: str) -> None:
        self.roles[user_id] = role
        self.members_version += 1

    def _keep_an_owner(self, leaving: UUID) -> None:
        if not any(role == "owner" and user_id != leaving for user_id, role in self.roles.items()):
            raise LastOwner("A project keeps at least one owner; make somebody else an owner first.", field="role")

    def _touched(self, now: datetime) -> None:
        self.version += 1
        self.updated_at = now


@dataclass(slots=True)
class Invitation:
    """An invitation by e-mail; only the hash of its token is kept."""

    id: UUID
    project_id: UUID
    email: str
    role: str
    token_hash: str
    invited_by: UUID
    created_at: datetime
    expires_at: datetime
    accepted_at: datetime | None = None
    accepted_by: UUID | None = None

    def accept(self, now: datetime, by: UUID) -> None:
        """Use it. Raises InvitationExpired when it is too old or was used."""
        if self.accepted_at or now >= self.expires_at:
            raise InvitationExpired("The invitation was used or has expired; ask for a new one.")
        self.accepted_at, self.accepted_by = now, by


def create(project_id: UUID, key: str, name: str, description: str, by: UUID, now: datetime) -> Project:
    """A new project, its creator the owner."""
    project = Project(project_id, key, name, description, by, now, now)
    project.join(by, "owner")
    return project


def not_found(reference: object) -> NotFound:
    """The same answer for what doesn't exist and for what may not be seen."""
    return NotFound(f"There is no project {reference}.")
