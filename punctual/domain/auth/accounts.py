"""Accounts: who may sign in, with what, and what other services decided about them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from punctual.kit.errors import Conflict, DomainError


class InvalidGrant(DomainError):
    """Neither a password nor a refresh token that opens anything; the code is OAuth 2's own."""

    status = 400


class PasswordChanged(Conflict):
    """The password that was proved isn't the account's any more."""


class AlreadyVerified(Conflict):
    """The e-mail address needs no further proof."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What the user service says of a person, as far as signing in is concerned."""

    display_name: str
    time_zone: str
    role: str
    active: bool


@dataclass(slots=True)
class Account:
    """Somebody who can sign in. `version` counts the profile's changes at the user service.

    Access tokens issued up to `tokens_void_until` are refused although they haven't expired.
    """

    id: UUID
    email: str
    password_hash: str
    display_name: str
    time_zone: str
    role: str
    created_at: datetime
    password_version: int = 1
    active: bool = True
    version: int = 1
    email_verified_at: datetime | None = None
    tokens_void_until: datetime | None = None

    def demand_sign_in(self, password_version: int) -> None:
        """Raises InvalidGrant unless the proved password is still the account's and the account is active."""
        if not self.active or password_version != self.password_version:
            raise InvalidGrant("The e-mail address or the password is wrong.")

    def demand_active(self) -> None:
        """Raises InvalidGrant for a deactivated account."""
        if not self.active:
            raise InvalidGrant("The session has ended; sign in again.")

    def change_password(self, password_hash: str, password_version: int) -> None:
        """Set a password, having proved the old one. Raises PasswordChanged if that isn't current any more."""
        if password_version != self.password_version:
            raise PasswordChanged("The password was changed meanwhile; sign in with the new one.")
        self.reset_password(password_hash)

    def reset_password(self, password_hash: str) -> None:
        """Set a password without the old one."""
        self.password_hash = password_hash
        self.password_version += 1

    def verify_email(self, now: datetime) -> None:
        """The owner of the address has shown that mail to it arrives."""
        self.email_verified_at = self.email_verified_at or now

    def follow(self, profile: Profile, version: int, now: datetime) -> bool:
        """Take over the profile; an older one never overwrites a newer. Whether all sessions must end now.

        Whoever loses something (access, the admin's role) loses the tokens that still claim it.
        """
        if version <= self.version:
            return False
        ends = self.active and not profile.active
        if ends or (self.role == "admin" and profile.role != "admin"):
            self.tokens_void_until = now
        self.display_name, self.time_zone = profile.display_name, profile.time_zone
        self.role, self.active, self.version = profile.role, profile.active, version
        return ends
