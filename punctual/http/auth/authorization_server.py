"""Authlib's authorization server over this service's commands.

Authlib is synchronous, so it runs in a thread, and reaches the event loop through the request's bridge. Issuing
a token is one command, which decides and stores at once; what Authlib would have saved and revoked by then
already is.
"""

import logging
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from authlib.oauth2.rfc6749 import AuthorizationServer, ClientMixin, OAuth2Request
from authlib.oauth2.rfc6749.errors import InvalidGrantError, InvalidRequestError
from authlib.oauth2.rfc6749.grants import RefreshTokenGrant, ResourceOwnerPasswordCredentialsGrant
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc7009 import RevocationEndpoint

from punctual.actors.auth import sessions
from punctual.actors.auth.letters import subject_of
from punctual.actors.auth.posting import token_hash
from punctual.http.auth.bridge import Bridge
from punctual.http.auth.devices import Device
from punctual.http.auth.keys import keyring
from punctual.http.auth.passwords import TooManyGuesses
from punctual.kit.errors import Unauthenticated, Unavailable
from punctual.kit.outcomes import Caller, Outcome
from punctual.kit.web import VERIFIER
from punctual.queries import Row, auth as queries

# Whether the way to the gateway is encrypted is for the operator to decide, behind it there is no TLS to see.
_URI = "https://auth.invalid/token"
Answer = tuple[int, dict[str, Any], dict[str, str]]


class FormRequest(OAuth2Request):  # type: ignore[misc]
    """A form as Authlib reads it."""

    def __init__(self, form: dict[str, str], bridge: Bridge) -> None:
        super().__init__("POST", _URI)
        self.payload = BasicOAuth2Payload(form)
        self.bridge = bridge

    @property
    def form(self) -> dict[str, str]:
        """The form's fields."""
        fields: dict[str, str] = self.payload.data
        return fields


class FirstParty(ClientMixin):  # type: ignore[misc]
    """The one client: public, without registration, for whoever has a password or a refresh token."""

    def check_grant_type(self, _grant_type: str) -> bool:
        """It may use every grant there is."""
        return True


class GuessedTooOften(InvalidGrantError):  # type: ignore[misc]
    """The same answer as for a wrong password, and when to come back."""

    status_code = 429

    def __init__(self, error: TooManyGuesses) -> None:
        super().__init__(error.detail)
        self._seconds = error.extra["retry_after"]

    def get_headers(self) -> list[tuple[str, str]]:
        """With Retry-After."""
        return [*super().get_headers(), ("Retry-After", str(self._seconds))]


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

    def check_client(self, _client: FirstParty) -> bool:
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
            asked_at=datetime.now(UTC), token_hash=token_hash(self.token), successor_hash=token_hash(successor)
        )
        return self.bridge.tokens(_granted(self.bridge.perform(message)), successor)

    def end(self) -> None:
        """End the session."""
        message = sessions.end_session.message(session_id=self.session_id)
        self.bridge.perform(message, Caller(self.account_id, session_id=self.session_id))


class PasswordGrant(ResourceOwnerPasswordCredentialsGrant):  # type: ignore[misc]
    """grant_type=password."""

    def authenticate_user(self, username: str, password: str) -> SignIn:
        """Who proves a password. Raises an OAuth2Error, or Unavailable."""
        if not username.isprintable():
            raise InvalidRequestError("username must not contain control characters.")
        email = username.strip().lower()
        try:
            account = self.request.bridge.prove(email, password)
        except TooManyGuesses as error:
            raise GuessedTooOften(error) from None
        if account is None:
            raise InvalidGrantError("The e-mail address or the password is wrong.")
        return SignIn(self.request.bridge, account, email)


class RefreshGrant(RefreshTokenGrant):  # type: ignore[misc]
    """grant_type=refresh_token."""

    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token: str) -> Credential | None:
        """The token as it is known, used or not: that is for the command to judge."""
        return _refresh_token(self.request.bridge, refresh_token)

    def authenticate_user(self, credential: Credential) -> Credential:
        """The holder."""
        return credential

    def revoke_old_credential(self, credential: Credential) -> None:
        """The rotation has done it."""


class Revocation(RevocationEndpoint):  # type: ignore[misc]
    """RFC 7009: revoking either token ends its session."""

    def authenticate_token(self, request: FormRequest, _client: FirstParty) -> Credential | None:
        """The token as it is known, whatever the hint says of its kind. Raises InvalidRequestError."""
        if "token" not in request.form:
            raise InvalidRequestError("Missing 'token' in request.")
        bridge, token = request.bridge, request.form["token"]
        return _refresh_token(bridge, token) or _access_token(bridge, token)

    def revoke_token(self, token: Credential, _request: FormRequest) -> None:
        """End the session. Raises Unavailable."""
        token.end()


class Server(AuthorizationServer):  # type: ignore[misc]
    """Hands back (status, body, headers)."""

    def __init__(self) -> None:
        super().__init__()
        self._client = FirstParty()
        self.register_grant(PasswordGrant)
        self.register_grant(RefreshGrant)
        self.register_endpoint(Revocation)
        self.register_token_generator("default", _issue)

    def create_oauth2_request(self, request: FormRequest) -> FormRequest:
        """It is one already."""
        return request

    def authenticate_client(self, *_: Any) -> FirstParty:
        """There is one client, and it is public."""
        return self._client

    def save_token(self, _token: dict[str, Any], _request: FormRequest) -> None:
        """Issuing has stored its hash."""

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Nobody listens."""

    def handle_response(self, status: int, body: dict[str, Any], headers: list[tuple[str, str]]) -> Answer:
        """For the handler, which sets the content type itself."""
        return status, body, {name: value for name, value in headers if name != "Content-Type"}


def _issue(*, user: SignIn | Credential, **_: Any) -> dict[str, Any]:
    return user.issue()


def _granted(outcome: Outcome) -> dict[str, Any]:
    if outcome.status == 503:
        raise Unavailable(outcome.body["detail"])
    if outcome.state != "done":
        raise InvalidGrantError(outcome.body["detail"])
    granted: dict[str, Any] = outcome.body
    return granted


def _refresh_token(bridge: Bridge, token: str) -> Credential | None:
    found = bridge.wait_for(queries.refresh_token(token_hash(token)))
    if found is None:
        return None
    return Credential(bridge, token, found["account_id"], found["session_id"])


def _access_token(bridge: Bridge, token: str) -> Credential | None:
    try:
        caller = bridge.wait_for(bridge.request.app[VERIFIER].verify(token))
    except Unauthenticated:
        return None
    return Credential(bridge, token, caller.id, caller.session_id) if caller.session_id else None


# At debug level Authlib logs the tokens that it issues.
logging.getLogger("authlib").setLevel(logging.INFO)
