"""The processes that answer HTTP: the gateway, the services, and the keys that tokens are signed with."""

import asyncio
import os
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from punctual.commands.doctor.configuration import LOOPBACK
from punctual.commands.doctor.findings import Finding, fault, note, ok
from punctual.kit.settings import Settings

TIMEOUT = aiohttp.ClientTimeout(total=6, connect=3)
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}  # noqa: S104 - where to ask, not where to listen
Answer = tuple[int, Any]


def check(known: Settings) -> list[Finding]:
    """Ask all of them at once."""
    return asyncio.run(_check(known))


async def _check(known: Settings) -> list[Finding]:
    host = EVERYWHERE.get(known.host, known.host)
    doors = {**known.service_urls, "gateway": f"http://{host}:{known.port}"}
    async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
        asked = [_process(session, name, url) for name, url in doors.items()]
        findings = await asyncio.gather(*asked, _keys(session, known), _issuer(session, known), _public(session, known))
    return [finding for group in findings for finding in group]


async def _process(session: aiohttp.ClientSession, name: str, url: str) -> list[Finding]:
    what = "gateway" if name == "gateway" else f"{name} service"
    variable = "PUNCTUAL_PORT" if name == "gateway" else f"PUNCTUAL_URL_{name.upper()}"
    try:
        status, body = await _get(session, f"{url}/health/ready")
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        return [fault(what, f"{url}: {_plain(error)}", f"start it: punctual serve {name}; or correct {variable}")]
    if not isinstance(body, dict) or "status" not in body:
        why = f"{url}: something answers there that is not Punctual (HTTP {status})"
        return [fault(what, why, f"end that program, or choose another address in {variable}")]
    if status != 200:
        parts = body.get("parts") or {}
        away = "; ".join(f"{part}: {word}" for part, word in parts.items() if word != "ok")
        return [fault(what, f"{url} is not ready: {away}", "see these parts in the other lines, and its log")]
    return [ok(what, f"{url} is ready"), *_late(name, body)]


def _late(name: str, body: dict[str, Any]) -> list[Finding]:
    # The gateway only passes it on.
    if name == "gateway":
        return []
    remedy = "whatever else is wrong here holds them up; docs/runbook.md has it under PunctualRemindersDelayed"
    degraded = body.get("degraded") or {}
    return [fault(late, f"delayed since {said['since']}", remedy) for late, said in degraded.items()]


async def _keys(session: aiohttp.ClientSession, known: Settings) -> list[Finding]:
    what = "signing keys"
    try:
        status, body = await _get(session, f"{known.service_urls['auth']}/.well-known/jwks.json")
    except (aiohttp.ClientError, OSError, TimeoutError):
        return [note(what, "unknown while the auth service is away", "start it: punctual serve auth")]
    keys = body.get("keys") if isinstance(body, dict) and status == 200 else None
    if not keys:
        remedy = "a worker makes the first key: see that punctual work runs, and the auth service's log"
        return [fault(what, "auth publishes none, so nobody can sign in", remedy)]
    if any("d" in key for key in keys):
        remedy = "withdraw these keys at once, and report it: this must never happen"
        return [fault(what, "auth publishes private keys", remedy)]
    return [ok(what, f"{len(keys)} published, the newest {keys[-1].get('kid')}")]


async def _issuer(session: aiohttp.ClientSession, known: Settings) -> list[Finding]:
    try:
        status, body = await _get(session, f"{known.service_urls['auth']}/.well-known/oauth-authorization-server")
    except (aiohttp.ClientError, OSError, TimeoutError):
        return []
    issuer = body.get("issuer") if isinstance(body, dict) and status == 200 else None
    if issuer == known.public_url:
        return []
    why = f"auth signs as {issuer}, here PUNCTUAL_PUBLIC_URL is {known.public_url}"
    return [fault("signing keys", why, "give every process the same PUNCTUAL_PUBLIC_URL: tokens name it as issuer")]


async def _public(session: aiohttp.ClientSession, known: Settings) -> list[Finding]:
    """Whether the public address leads here; one of this machine only is the gateway's own."""
    if (urlsplit(known.public_url).hostname or "") in LOOPBACK:
        return []
    try:
        status, body = await _get(session, f"{known.public_url}/health/live")
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        remedy = "normal where this machine may not go out by that way; else look at DNS, the proxy and its certificate"
        return [note("public address", f"{known.public_url} can't be opened from here: {_plain(error)}", remedy)]
    if status != 200 or not isinstance(body, dict) or body.get("status") != "live":
        remedy = "let the proxy pass everything on to the gateway, or correct PUNCTUAL_PUBLIC_URL"
        return [fault("public address", f"{known.public_url} does not lead to Punctual (HTTP {status})", remedy)]
    return [ok("public address", f"{known.public_url} leads to the gateway")]


async def _get(session: aiohttp.ClientSession, url: str) -> Answer:
    async with session.get(url, allow_redirects=False) as answer:
        try:
            return answer.status, await answer.json(content_type=None)
        except ValueError:
            return answer.status, None


def _plain(error: BaseException) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, aiohttp.ClientConnectorError):
        return os.strerror(error.errno) if error.errno else str(error.os_error)
    return str(error) or type(error).__name__
