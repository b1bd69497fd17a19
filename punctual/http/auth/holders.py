"""Whoever proves to hold something, and the tokens that are issued for it.

Issuing is one command, which decides and stores at once. All of this runs in a thread.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from authlib.oauth2.rfc6749.errors import InvalidGrantError

from punctual.actors.auth import sessions
from punctual.actors.auth.letters import subject_of
from punctual.actors.auth.posting import token_hash
from punctual.http.auth.bridge import Bridge
from punctual.http.auth.devices import Device
from punctual.http.auth.keys import keyring
from punctual.kit.errors import Unauthenticated, Unavailable
from punctual.kit.outcomes import Caller, Outcome
from punctual.kit.web import VERIFIER
from punctual.queries import Row, auth as queries


@dataclass(frozen=True, slots=True)
class SignIn:
    """Somebody who has proved a password."""

    bridge: Bridge
    account: Row
    email: str

    def issue(self) -> dict[str, Any]:
        """Open a session; its tokens."""
        refresh_token = secrets.token_urlsafe(32)
        device = Device.of(self.bridge.request)
        message = sessions.open_session.message(
            asked_at=datetime.now(UTC),
            account_id=self.account["id"],
            password_version=self.account["password_version"],
            subject=subject_of(self.email),
            token_hash=token_hash(refresh_token),
            device=device.name,
            address=device.address,
        )
        return self.bridge.tokens(_granted(self.bridge.perform(message)), refresh_token)


@dataclass(frozen=True, slots=True)
class Credential:
    """A token of a session that somebody holds."""

    bridge: Bridge
    token: str
    account_id: UUID | None
    session_id: UUID
    confidential: bool = False

    def check_client(self, _client: object) -> bool:
        """Every token is the one client's."""
        return True

    def get_scope(self) -> str:
        """Scopes aren't used: a token may do what its user may."""
        return ""

    def issue(self) -> dict[str, Any]:
        """Rotate; the tokens that follow."""
        key = self.bridge.wait_for(keyring.current())
        successor = key.successor(self.token)
        message = sessions.rotate.message(
            asked_at=datetime.now(UTC),
            token_hash=token_hash(self.token),
            successor_hash=token_hash(successor),
            confidential=self.confidential,
        )
        return self.bridge.tokens(_granted(self.bridge.perform(message)), successor)

    def end(self) -> None:
        """End the session."""
        message = sessions.end_session.message(session_id=self.session_id)
        self.bridge.perform(message, Caller(self.account_id, session_id=self.session_id))


def holder_of_refresh_token(bridge: Bridge, token: str, *, confidential: bool = False) -> Credential | None:
    """Whose refresh token it is, used or not; `confidential` if the client has proved that it keeps its tokens."""
    found = bridge.wait_for(queries.refresh_token(token_hash(token)))
    if found is None:
        return None
    return Credential(bridge, token, found["account_id"], found["session_id"], confidential)


def holder_of_access_token(bridge: Bridge, token: str) -> Credential | None:
    """Whose access token it is, if it is good."""
    try:
        caller = bridge.wait_for(bridge.request.app[VERIFIER].verify(token))
    except Unauthenticated:
        return None
    return Credential(bridge, token, caller.id, caller.session_id) if caller.session_id else None


def _granted(outcome: Outcome) -> dict[str, Any]:
    if outcome.status >= 500:
        raise Unavailable(outcome.body["detail"])
    if outcome.state != "done":
        raise InvalidGrantError(outcome.body["detail"])
    granted: dict[str, Any] = outcome.body
    return granted
