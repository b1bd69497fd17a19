"""One submission of a form: what it said, and a key that makes its repeats harmless."""

from typing import Any
from uuid import UUID, uuid5

from aiohttp import web
from multidict import MultiDict, MultiDictProxy

from punctual.http.dashboard import csrf
from punctual.http.dashboard.problems import Problem
from punctual.kit import ids

ONCE = "once"
SUBMITTED = web.RequestKey("submitted", MultiDictProxy)
_KEYS = UUID("6f1c7e9a-52f0-4c1b-9d6e-0a7c2d3b4e5f")


async def receive(request: web.Request) -> None:
    """Read and check the form of an unsafe request. Raises Problem."""
    try:
        given = await request.post()
    except web.HTTPRequestEntityTooLarge:
        raise Problem(413, "This is more than the 1 MiB that a form may send. Shorten it, and send it again.") from None
    except ValueError:
        raise Problem(400, "The form could not be read: it isn't UTF-8.") from None
    # A browser sends line ends as CRLF; everywhere else a line ends as it was typed.
    fields = MultiDict((name, value.replace("\r\n", "\n")) for name, value in given.items() if isinstance(value, str))
    csrf.check(request, fields.get(csrf.FIELD, ""))
    request[SUBMITTED] = MultiDictProxy(fields)


def key_of(request: web.Request, method: str, path: str, body: bytes) -> str:
    """The Idempotency-Key of a change: the same when the same form is sent again with the same content."""
    submitted = request.get(SUBMITTED)
    once = (submitted or {}).get(ONCE) or request.headers.get("Idempotency-Key") or str(ids.uuid7())
    return str(uuid5(_KEYS, f"{once}\n{method} {path}\n{body.hex()}"))


def hidden(request: web.Request) -> dict[str, Any]:
    """The fields that every form carries unseen."""
    return {csrf.FIELD: csrf.token(request), ONCE: str(ids.uuid7())}
