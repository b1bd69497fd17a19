"""The token and the revocation endpoint: forms in, OAuth 2's answers out."""

from urllib.parse import parse_qsl

from aiohttp import web
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749.errors import InvalidRequestError

from punctual.http.auth.authorization_server import Answer, FormRequest, Server
from punctual.http.auth.bridge import Bridge
from punctual.http.auth.threads import EXCHANGING, HASHING
from punctual.kit import logs
from punctual.kit.dispatch import BODY
from punctual.kit.errors import problem
from punctual.kit.openapi import documented
from punctual.kit.responses import json_response
from punctual.schemas import auth as schemas

FORM = "application/x-www-form-urlencoded"
MOST_FIELDS = 20
SERVER = Server()


@documented(form=(schemas.PasswordForm, schemas.RefreshForm))
async def token(request: web.Request) -> web.Response:
    """Get an access token: for a password (this opens a session) or for a refresh token.

    A refresh token can be used once; its answer has the next one. Using an old one ends the session, except
    for a repeat within ten seconds, should the answer have been lost.
    """
    try:
        form = _form(request)
        if "grant_type" not in form:
            raise InvalidRequestError("Missing 'grant_type' in request.")
        threads = HASHING if form["grant_type"] == "password" else EXCHANGING
        return _respond(await threads.run(SERVER.create_token_response, FormRequest(form, Bridge(request))))
    except OAuth2Error as error:
        return _respond(SERVER.handle_error_response(None, error))


@documented(form=(schemas.RevocationForm,))
async def revoke(request: web.Request) -> web.Response:
    """End the session that an access or a refresh token belongs to; a token that isn't known is no error."""
    try:
        wanted = FormRequest(_form(request), Bridge(request))
        return _respond(await EXCHANGING.run(SERVER.create_endpoint_response, "revocation", wanted))
    except OAuth2Error as error:
        return _respond(SERVER.handle_error_response(None, error))


def _form(request: web.Request) -> dict[str, str]:
    if request.content_type != FORM:
        raise InvalidRequestError(f"The body must be a form; send it as Content-Type: {FORM}.")
    try:
        # RFC 6749: fields without a value count as left out, and none may come twice.
        pairs = parse_qsl(request[BODY].decode(), errors="strict", max_num_fields=MOST_FIELDS)
    except (KeyError, ValueError):
        raise InvalidRequestError(f"The body must be a form of at most {MOST_FIELDS} fields in UTF-8.") from None
    form = dict(pairs)
    if len(form) < len(pairs):
        raise InvalidRequestError("No field may be sent twice.")
    return form


def _respond(answer: Answer) -> web.Response:
    status, body, headers = answer
    if status < 400:
        return json_response(body, status=status, headers=headers)
    # What OAuth 2 demands, and beside it what every other problem has.
    code: str = body["error"]
    described = problem(status, code, body.get("error_description") or code.replace("_", " "))
    whole = {**body, **described, "request_id": logs.request_id()}
    return json_response(whole, status=status, headers=headers)
