"""The auth service: accounts, sessions, tokens and the keys that sign them."""

from aiohttp import web

from punctual.http import dead_letters, operations, queues
from punctual.http.auth import accounts, keys, sessions, tokens
from punctual.kit.dispatch import CALLER
from punctual.kit.openapi import documented
from punctual.kit.tokens import bearer
from punctual.kit.web import VERIFIER, Auth, Route
from punctual.schemas import auth as schemas


@documented(known=True)
async def operation(request: web.Request) -> web.Response:
    """What became of an operation; one that a stranger began is shown to whoever knows its id."""
    if header := request.headers.get("Authorization"):
        request[CALLER] = await request.app[VERIFIER].verify(bearer(header))
    return await operations.read(request)


_AUTH = "/api/v1/auth"
_WELL_KNOWN = "/.well-known"

ROUTES = [
    *accounts.ROUTES,
    *sessions.ROUTES,
    Route("POST", _AUTH + "/token", tokens.token, auth=Auth.OPEN, reply=schemas.Token),
    Route("POST", _AUTH + "/revoke", tokens.revoke, auth=Auth.OPEN, reply=schemas.Revoked),
    Route("GET", _WELL_KNOWN + "/jwks.json", keys.jwks, auth=Auth.OPEN, reply=schemas.KeySet),
    Route("GET", _WELL_KNOWN + "/oauth-authorization-server", keys.metadata, auth=Auth.OPEN, reply=schemas.Metadata),
    Route("GET", "/api/v1/operations/auth/{id}", operation, auth=Auth.OPEN, reply=operations.Operation),
    *dead_letters.routes("auth"),
    *queues.routes("auth"),
]
