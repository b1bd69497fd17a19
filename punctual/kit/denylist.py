"""Sessions and people whose tokens are refused although they aren't expired yet.

Short: an entry lives as long as an access token. Fed live by events, and read whole from auth at start.
"""

import math
import time
from collections.abc import Iterable, Iterator
from uuid import UUID

ACCESS_TOKEN_SECONDS = 600


class Denylist:
    """Revoked ids (of sessions or users) with the instant from which tokens are good again (epoch seconds)."""

    def __init__(self) -> None:
        self._revoked: dict[UUID, float] = {}
        # Whether it holds also what was revoked before this process began.
        self.seeded = False

    def __iter__(self) -> Iterator[tuple[UUID, float]]:
        """Each id with its instant."""
        return iter(list(self._revoked.items()))

    def revoke(self, subject: UUID, at: float | None = None) -> None:
        """Refuse tokens of this session or user that were issued up to `at` (now)."""
        at = at or time.time()
        self._revoked[subject] = max(at, self._revoked.get(subject, at))
        self._forget()

    def end(self, session_id: UUID) -> None:
        """Refuse every token of this session, also one that another clock has issued a moment later."""
        self.revoke(session_id, time.time() + ACCESS_TOKEN_SECONDS)

    def revokes(self, subjects: Iterable[UUID | None], issued_at: float) -> bool:
        """Whether a token issued then for one of these is revoked."""
        return any(issued_at <= self._revoked.get(subject, -math.inf) for subject in subjects if subject)

    def _forget(self) -> None:
        stale = time.time() - ACCESS_TOKEN_SECONDS - 60
        for subject in [subject for subject, at in self._revoked.items() if at < stale]:
            del self._revoked[subject]
