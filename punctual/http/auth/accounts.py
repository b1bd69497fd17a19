"""Registering, passwords and the proof of an e-mail address."""

from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from punctual.actors.auth import accounts, letters
from punctual.actors.auth.posting import token_hash
from punctual.http.auth.bridge import Bridge, hand_over
from punctual.http.auth.passwords import WrongPassword, demand_other_than, hashed
from punctual.http.auth.threads import HASHING
from punctual.kit import ids, wire
from punctual.kit.dispatch import BODY, dispatch, operation_of
from punctual.kit.errors import NotFound, Unauthenticated
from punctual.kit.web import Auth, Route, fields, user_id
from punctual.queries import auth as queries, operations
from punctual.schemas import auth as schemas


async def register(request: web.Request) -> web.Response:
    """Register an account. If the address has one already, its owner is told by e-mail, and the answer is the same."""
    password = fields(request).pop("password")
    _conceal(request, fields(request))
    password_hash = await HASHING.run(hashed, password)
    message = accounts.register.message(account_id=ids.uuid7(), password_hash=password_hash, **fields(request))
    return await dispatch(request, message)


async def change_password(request: web.Request) -> web.Response:
    """Change one's password; all other sessions end."""
    given = fields(request)
    _conceal(request, {})
    email = await queries.email(user_id(request))
    if email is None:
        raise Unauthenticated("There is no such account any more.")
    demand_other_than(email, given["new_password"], "new_password")
    proved = 0
    # Once it is done the old password is wrong; then a repeat only asks for the outcome again.
    if await operations.operation("auth", operation_of(request)) is None:
        account = await HASHING.run(Bridge(request).prove, email, given["current_password"])
        if account is None:
            raise WrongPassword("This isn't your current password.", field="current_password")
        proved = account["password_version"]
    password_hash = await HASHING.run(hashed, given["new_password"])
    message = accounts.change_password.message(password_hash=password_hash, password_version=proved)
    return await dispatch(request, message)


async def request_password_reset(request: web.Request) -> web.Response:
    """Send a link for a new password, if the address has an account; nothing in the answer tells whether it has."""
    return await hand_over(request, letters.request_password_reset.message(**fields(request)))


async def reset_password(request: web.Request) -> web.Response:
    """Set a new password with the token from the e-mail; all sessions end."""
    password = fields(request)["password"]
    _conceal(request, {})
    hashed_token = token_hash(request.match_info["token"])
    letter = await queries.letter(hashed_token, "password_reset", datetime.now(UTC))
    if letter is None and await operations.operation("auth", operation_of(request)) is None:
        raise NotFound("This link was used already, has expired or never was; ask for a new one.", field="token")
    demand_other_than(letter["email"] if letter else None, password, "password")
    password_hash = await HASHING.run(hashed, password)
    message = letters.reset_password.message(token_hash=hashed_token, password_hash=password_hash)
    return await dispatch(request, message)


async def request_verification(request: web.Request) -> web.Response:
    """Send the e-mail that verifies one's address once more."""
    return await dispatch(request, letters.request_verification.message())


async def verify_email(request: web.Request) -> web.Response:
    """Verify an address with the token from the e-mail."""
    return await dispatch(request, letters.verify_email.message(token_hash=token_hash(request.match_info["token"])))


def _conceal(request: web.Request, told: dict[str, Any]) -> None:
    # A command keeps a fast hash of its request's body, so that a repeat is known; no password may be in there.
    request[BODY] = wire.dumps(told)


_AUTH = "/api/v1/auth"
_RESETS = _AUTH + "/password-resets"
_VERIFICATIONS = _AUTH + "/email-verifications"

ROUTES = [
    Route(
        "POST", _AUTH + "/register", register,
        auth=Auth.OPEN, body=schemas.RegistrationIn, reply=schemas.Registered, status=201,
    ),
    Route("PUT", _AUTH + "/password", change_password, body=schemas.PasswordIn, status=204),
    Route("POST", _RESETS, request_password_reset, auth=Auth.OPEN, body=schemas.PasswordResetIn, status=202),
    Route("PUT", _RESETS + "/{token}", reset_password, auth=Auth.OPEN, body=schemas.NewPasswordIn, status=204),
    Route("POST", _VERIFICATIONS, request_verification, status=204),
    Route("PUT", _VERIFICATIONS + "/{token}", verify_email, auth=Auth.OPEN, status=204),
]  # fmt: skip
