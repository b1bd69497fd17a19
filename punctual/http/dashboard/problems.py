"""What went wrong, as a page or a form can show it."""

from collections.abc import Mapping
from typing import Any


class Problem(Exception):
    """A service's refusal, or the dashboard's own: `errors` has messages by field, `current` the state of a 412."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        code: str = "",
        errors: Mapping[str, Any] | None = None,
        current: Mapping[str, Any] | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.errors = {name: _sentences(said) for name, said in (errors or {}).items()}
        self.current = current
        self.retry_after = retry_after


class Moved(Exception):
    """What this page shows has another address by now."""

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self.location = location


class SignedOut(Exception):
    """The session has ended; there is nothing to do but to sign in."""


def _sentences(said: Any) -> list[str]:
    """The messages of a field, however deep: those of a list's items come by position."""
    if isinstance(said, Mapping):
        return [sentence for inner in said.values() for sentence in _sentences(inner)]
    if isinstance(said, list):
        return [str(sentence) for sentence in said]
    return [str(said)]
