"""How the threads of the auth service read and have commands done: by asking the request's event loop."""

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

from aiohttp import web
from dramatiq import Message

from punctual.actors.auth import guesses
from punctual.actors.auth.letters import subject_of
from punctual.http.auth import passwords
from punctual.http.auth.keys import keyring
from punctual.http.auth.passwords import TooManyGuesses
from punctual.kit import ids, logs
from punctual.kit.denylist import ACCESS_TOKEN_SECONDS
from punctual.kit.dispatch import DISPATCHER, WAIT_SECONDS, accepted, operation_of
from punctual.kit.errors import Unavailable
from punctual.kit.outcomes import Caller, Outcome
from punctual.queries import Row, auth as queries

T = TypeVar("T")


async def perform(request: web.Request, message: Message[Any], caller: Caller | None = None) -> Outcome:
    """Have a command done. Raises Unavailable without an outcome in time."""
    # Each time a new operation: a stored outcome would open what was closed since, or count a failure too few.
    outcome = await _send(request, message, ids.uuid7(), caller or Caller(), WAIT_SECONDS)
    if outcome is None:
        raise Unavailable("This can't be done right now; try again shortly.")
    return outcome


async def hand_over(request: web.Request, message: Message[Any]) -> web.Response:
    """Have a stranger's command confirmed by the broker, and answer 202 at once: how long it takes may tell too much.

    Raises Unavailable.
    """
    await _send(request, message, operation_of(request), Caller(), 0)
    return accepted(request, message)


async def _send(
    request: web.Request, message: Message[Any], operation: UUID, caller: Caller, wait: float
) -> Outcome | None:
    options = {
        "caller": {"id": caller.id, "role": caller.role, "session_id": caller.session_id},
        "request_id": logs.request_id(),
    }
    return await request.app[DISPATCHER].perform(message, operation, options, wait)


class Bridge:
    """One request, as a thread sees it."""

    def __init__(self, request: web.Request) -> None:
        self.request = request
        self._loop = asyncio.get_running_loop()

    def wait_for(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run it on the event loop."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    def perform(self, message: Message[Any], caller: Caller | None = None) -> Outcome:
        """Have a command done. Raises Unavailable."""
        return self.wait_for(perform(self.request, message, caller))

    def prove(self, email: str, password: str) -> Row | None:
        """The account (`id`, `password_version`) if this is its password and it is active.

        Whether more may be tried is asked when it is this request's turn, and its failure is on record before
        the next one's, so guesses sent all at once gain nothing. Raises TooManyGuesses, Unavailable.
        """
        found = self.wait_for(queries.credentials(email, subject_of(email), datetime.now(UTC)))
        if found["wait"]:
            raise TooManyGuesses(found["wait"])
        if passwords.matches(found["password_hash"], password) and found["active"]:
            return found
        self.perform(guesses.record_failure.message(subject=subject_of(email)))
        return None

    def tokens(self, granted: dict[str, Any], refresh_token: str) -> dict[str, Any]:
        """What the token endpoint answers once a command has granted it."""
        key = self.wait_for(keyring.current())
        access_token = key.access_token(
            UUID(granted["user_id"]), UUID(granted["session_id"]), granted["role"], granted["at"]
        )
        return {
            "access_token": access_token,
            "token_type": "Bearer",
            "expires_in": ACCESS_TOKEN_SECONDS,
            "refresh_token": refresh_token,
        }
