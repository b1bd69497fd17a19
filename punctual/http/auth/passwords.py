"""Passwords: hashed with argon2id, compared in the same time whether or not there is an account."""

import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from punctual.kit.errors import Invalid, TooManyRequests

# OWASP's first choice for a small machine.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


class WrongPassword(Invalid):
    """The current password isn't this one."""


class TooManyGuesses(TooManyRequests):
    """Too many failed attempts at this address; `retry_after` says in how many seconds the next one may come."""

    def __init__(self, seconds: int) -> None:
        detail = f"Too many failed attempts; try again in {seconds} s, or reset the password."
        super().__init__(detail, retry_after=seconds)


def hashed(password: str) -> str:
    """The hash that is stored. Takes a while."""
    return _HASHER.hash(_normal(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password is right; never where there is no hash, which takes just as long. Takes a while."""
    try:
        _HASHER.verify(password_hash or _NOBODYS, _normal(password))
    except VerificationError:
        return False
    return password_hash is not None


def demand_other_than(email: str | None, password: str, field: str) -> None:
    """Raises Invalid for a password that is the e-mail address."""
    if password.strip().lower() == email:
        raise Invalid("Must not be the e-mail address.", field=field)


def _normal(password: str) -> str:
    # The same keys make different code points on different systems.
    return unicodedata.normalize("NFKC", password)


_NOBODYS = hashed(secrets.token_urlsafe())
