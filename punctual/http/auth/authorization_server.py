"""Authlib's authorization server over this service's commands.

Authlib is synchronous, so it runs in a thread, and reaches the event loop through the request's bridge. Issuing
a token is one command, which decides and stores at once; what Authlib would have saved and revoked by then
already is.
"""

import logging
from typing import Any

from authlib.oauth2.rfc6749 import AuthorizationServer, ClientMixin, OAuth2Request
from authlib.oauth2.rfc6749.errors import InvalidGrantError, InvalidRequestError
from authlib.oauth2.rfc6749.grants import RefreshTokenGrant, ResourceOwnerPasswordCredentialsGrant
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc7009 import RevocationEndpoint

from punctual.http.auth.bridge import Bridge
from punctual.http.auth.holders import Credential, SignIn, holder_of_access_token, holder_of_refresh_token
from punctual.http.auth.passwords import TooManyGuesses
from punctual.kit.clients import is_dashboard

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
        form = self.request.form
        confidential = is_dashboard(form.get("client_id"), form.get("client_secret"))
        return holder_of_refresh_token(self.request.bridge, refresh_token, confidential=confidential)

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
        return holder_of_refresh_token(bridge, token) or holder_of_access_token(bridge, token)

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


# At debug level Authlib logs the tokens that it issues.
logging.getLogger("authlib").setLevel(logging.INFO)
