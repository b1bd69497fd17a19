"""Tokens for a password, and giving them back."""

from typing import Any

from aiohttp import web

from punctual.http.dashboard import session
from punctual.http.dashboard.client import forwarded
from punctual.http.dashboard.services import BASE, SERVICES, problem_of


async def sign_in(request: web.Request, email: str, password: str) -> None:
    """Begin a session. Raises Problem: 400 for a wrong password, 429 after too many."""
    # RFC 6749 takes a field without a value for one that isn't there.
    form = {"grant_type": "password", "username": email.strip() or "-", "password": password or "-"}
    status, headers, body = await _form(request, "/auth/token", form)
    if status != 200:
        raise problem_of(status, headers, body)
    session.begin(request, body)


async def sign_out(request: web.Request) -> None:
    """End the session; here even when auth can't be told. Raises Problem when it couldn't."""
    token = request[session.SESSION].get("refresh")
    session.end(request)
    if token:
        status, headers, body = await _form(request, "/auth/revoke", {"token": token})
        if status != 200:
            raise problem_of(status, headers, body)


async def _form(request: web.Request, path: str, form: dict[str, str]) -> tuple[int, Any, Any]:
    headers = {name: value for name, value in forwarded(request).items() if name != "Authorization"}
    return await request.app[SERVICES].call("auth", "POST", BASE + path, headers, data=form)
