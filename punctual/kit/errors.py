"""Broken rules: one family of errors, each knowing its HTTP status, rendered as RFC 9457 problems."""

import re
from http import HTTPStatus
from typing import Any, ClassVar


class DomainError(Exception):
    """A rule was broken. Stored as `rejected`, never retried.

    `status` and `code` live on the class; `field` names the offending input, `extra` goes into the problem.
    """

    status: ClassVar[int] = 409
    code: ClassVar[str] = "conflict"

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "code" not in cls.__dict__:
            cls.code = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", cls.__name__).lower()

    def __init__(self, detail: str, *, field: str | None = None, **extra: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.field = field
        self.extra = extra

    def problem(self) -> dict[str, Any]:
        """The body of application/problem+json, without `request_id`."""
        errors = {"errors": {self.field: [self.detail]}} if self.field else {}
        return {**problem(self.status, self.code, self.detail), **errors, **self.extra}


class Invalid(DomainError):
    """The input breaks a rule of its field."""

    status = 422


class InvalidFields(Invalid):
    """Several fields are wrong at once; `errors` maps each to its messages."""

    code = "invalid"

    def __init__(self, errors: dict[str, Any]) -> None:
        super().__init__("The request has invalid fields; see errors.", errors=_named(errors))


class BadRequest(DomainError):
    """The request can't be read at all."""

    status = 400


class Unauthenticated(DomainError):
    """No token, or one that isn't valid."""

    status = 401


class Forbidden(DomainError):
    """May be seen, not be done."""

    status = 403


class NotFound(DomainError):
    """Doesn't exist, or may not be seen."""

    status = 404


class NotReplicated(NotFound):
    """Not in this service's replica: perhaps only not yet, so a command is retried for a few seconds."""

    code = "not_found"


class Conflict(DomainError):
    """Collides with the present state."""


class PreconditionFailed(DomainError):
    """If-Match names an older version; `current` carries the present state."""

    status = 412


class TooLarge(DomainError):
    """Over a documented limit."""

    status = 413


class UnsupportedMediaType(DomainError):
    """The body is something else than the address takes."""

    status = 415


class TooManyRequests(DomainError):
    """Over the rate limit; Retry-After says when to come back."""

    status = 429


class Unavailable(DomainError):
    """A part is gone for the moment; nothing was accepted, so try again."""

    status = 503


def _named(errors: dict[Any, Any]) -> dict[str, Any]:
    # Positions in a list come as numbers, JSON knows only names.
    return {str(key): _named(value) if isinstance(value, dict) else value for key, value in errors.items()}


def problem(status: int, code: str, detail: str, **extra: Any) -> dict[str, Any]:
    """An RFC 9457 problem as a dictionary."""
    return {"title": HTTPStatus(status).phrase, "status": status, "code": code, "detail": detail, **extra}
