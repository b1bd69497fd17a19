"""Pages by method and path, and what surrounds each: session, form, signing in, errors, the log."""

import enum
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from aiohttp import web

from punctual.http.dashboard import client, flash, session, submission
from punctual.http.dashboard.problems import Moved, Problem, SignedOut
from punctual.http.dashboard.rendering import abandon, prepare, problem_page, redirect
from punctual.http.dashboard.viewer import viewer
from punctual.kit import ids, logs

log = logging.getLogger(__name__)
access_log = logging.getLogger("punctual.access")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class For(enum.Enum):
    """Whom a page is for. What they may do there the services judge."""

    ANYBODY = "anybody"
    SIGNED_IN = "signed in"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Page:
    """One method on one path; `POST` has its form checked before the handler runs, a `part` of a page has no header."""

    method: str
    path: str
    handler: Handler
    whom: For = For.SIGNED_IN
    part: bool = False


def endpoint(page: Page) -> Handler:
    """The page's handler with all that surrounds it."""

    async def handle(request: web.Request) -> web.StreamResponse:
        started = time.perf_counter()
        request_id = request.headers.get("X-Request-ID", "")[:64] or str(ids.uuid7())
        with logs.context(request_id=request_id):
            response = await _answer(page, request)
            await abandon(request)
            if not response.prepared:
                await session.save(request, response)
                flash.clear(request, response)
            if access_log.isEnabledFor(logging.INFO):
                extra = {
                    "method": request.method,
                    "path": logs.without_secrets(request.path),
                    "status": response.status,
                    "ms": round((time.perf_counter() - started) * 1000, 1),
                }
                access_log.info("request", extra={"fields": extra})
            return response

    return handle


async def _answer(page: Page, request: web.Request) -> web.StreamResponse:
    await session.load(request)
    try:
        if request.method == "POST":
            await submission.receive(request)
        if page.whom is not For.ANYBODY and not session.signed_in(request):
            return redirect(request, _sign_in_address(request))
        await _admit(page, request)
        return await page.handler(request)
    except Moved as moved:
        return redirect(request, moved.location)
    except SignedOut:
        session.end(request)
        return _to_sign_in(request, "Your session has ended. Sign in again.")
    except Problem as problem:
        return await problem_page(request, problem)
    except Exception:
        log.exception("%s %s failed", request.method, logs.without_secrets(request.path))
        return await problem_page(request, Problem(500, "A fault in Punctual; its log has it.", code="failed"))


async def _admit(page: Page, request: web.Request) -> None:
    if not session.signed_in(request):
        return
    if session.expires_soon(request):
        try:
            await client.renew(request)
        except Problem:
            # The old token is still good for a moment; and some pages need none.
            if session.expired(request) and page.whom is not For.ANYBODY:
                raise
    if page.whom is not For.ANYBODY and not page.part:
        prepare(request)
    if page.whom is For.ADMIN and (await viewer(request)).role != "admin":
        raise Problem(403, "Only an administrator of this instance may see this.")


def _to_sign_in(request: web.Request, sentence: str) -> web.Response:
    return redirect(request, _sign_in_address(request), sentence, kind="fault")


def _sign_in_address(request: web.Request) -> str:
    if request.method == "GET" and request.path_qs != "/":
        return "/sign-in?" + urlencode({"next": request.path_qs})
    return "/sign-in"
