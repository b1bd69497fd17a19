"""The one handler of every request: find its row, judge who asks and how often, hand it on."""

import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web

from punctual.gateway import refusals
from punctual.gateway.addresses import client_chain, counted_as
from punctual.gateway.bodies import demand_clear_framing, read_body
from punctual.gateway.cors import Cors
from punctual.gateway.errors import GatewayError, MethodNotAllowed, NotSignedIn, UnclearFraming
from punctual.gateway.headers import inwards, request_id_of
from punctual.gateway.matching import Matcher
from punctual.gateway.proxy import Call, Proxy
from punctual.gateway.rates import RateLimiter
from punctual.gateway.routes import GATEWAY, PAGES, ROWS, Row
from punctual.kit import logs, metrics, traces
from punctual.kit.denylist import Denylist
from punctual.kit.errors import BadRequest, DomainError, Forbidden, NotFound, Unauthenticated, problem
from punctual.kit.metrics import UNMATCHED
from punctual.kit.outcomes import Caller
from punctual.kit.responses import problem_response
from punctual.kit.settings import DASHBOARD, Settings
from punctual.kit.tokens import Verifier, bearer
from punctual.kit.web import Auth

log = logging.getLogger(__name__)
access_log = logging.getLogger("punctual.access")
REQUEST_ID = web.RequestKey("request_id", str)
ROW = web.RequestKey("row", Row)
MAX_STREAM_SECONDS = 3600.0
Own = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Door:
    """Lets requests in to the services, or answers why not. `own` has the gateway's own answers by path."""

    def __init__(
        self,
        known: Settings,
        verifier: Verifier,
        denylist: Denylist,
        limiter: RateLimiter | None,
        proxy: Proxy,
        own: Mapping[str, Own],
    ) -> None:
        self._verifier = verifier
        self._denylist = denylist
        self._limiter = limiter
        self._proxy = proxy
        self._own = own
        self._matcher = Matcher(ROWS, PAGES)
        self._cors = Cors(known.cors_origins)
        self._trusted_proxies = known.trusted_proxies
        self._scheme = known.public_url.partition(":")[0]
        self._closing = False

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer a request, whatever happens."""
        started = time.perf_counter()
        request_id = request[REQUEST_ID] = request_id_of(request)
        with logs.context(request_id=request_id):
            try:
                response = await self._admit(request, request_id)
                _count(request, response, time.perf_counter() - started)
                return response
            except DomainError as error:
                headers = error.headers if isinstance(error, GatewayError) else {}
                response = _refused(request, error.problem(), headers)
                if isinstance(error, UnclearFraming):
                    response.force_close()
            except Exception:
                log.exception("%s %s failed", request.method, logs.without_secrets(request.path))
                told = problem(500, "failed", "A fault in Punctual; the log has it under this request id.")
                response = _refused(request, told, {})
            seconds = time.perf_counter() - started
            _count(request, response, seconds)
            _log_refusal(request, response.status, seconds)
            return response

    def close(self) -> None:
        """End the streams that are open, within a second or so."""
        self._closing = True

    async def _admit(self, request: web.Request, request_id: str) -> web.StreamResponse:
        demand_clear_framing(request)
        target = request.raw_path if request.raw_path.startswith("/") else str(request.rel_url)
        if not target.isascii():
            raise BadRequest("The address has characters that must be percent-encoded.")
        rows = self._matcher.find(target.partition("?")[0])
        if rows is None:
            raise NotFound(f"There is nothing at {logs.without_secrets(request.path)}.")
        if request.method == "OPTIONS":
            return self._cors.options(request, rows)
        row = rows.get(request.method)
        if row is None:
            allowed = ", ".join(sorted(rows))
            raise MethodNotAllowed(f"{request.method} isn't possible here; {allowed} is.", {"Allow": allowed})
        request[ROW] = row
        chain = client_chain(request.remote, request.headers.getall("X-Forwarded-For", ()), self._trusted_proxies)
        caller = await self._caller(request, row, chain[0])
        if row.service == GATEWAY:
            return await self._own[row.path](request)
        headers = inwards(request, request_id, chain, self._scheme, cookies=row.service == DASHBOARD)
        headers.update(traces.carried())
        call = Call(
            service=row.service,
            method="GET" if request.method == "HEAD" else request.method,
            target=target,
            headers=headers,
            body=await read_body(request),
            key=headers.get("Idempotency-Key"),
        )
        if row.stream:
            return await self._proxy.stream(request, call, self._watch(caller))
        return await self._proxy.forward(request, call)

    async def _caller(self, request: web.Request, row: Row, address: str) -> Caller:
        rate = row.rate_of(request.method)
        # Before the token is looked at, so that guessing tokens is limited too.
        if self._limiter:
            await self._limiter.admit_address(rate, counted_as(address))
        if row.auth is Auth.OPEN:
            return Caller()
        header = request.headers.get("Authorization")
        try:
            caller = await self._verifier.verify(bearer(header))
        except Unauthenticated as error:
            fault = ', error="invalid_token"' if header else ""
            raise NotSignedIn(error.detail, {"WWW-Authenticate": f'Bearer realm="punctual"{fault}'}) from None
        if self._limiter:
            await self._limiter.admit_account(rate, caller.id)
        if row.auth is Auth.ADMIN and caller.role != "admin":
            raise Forbidden("Only an administrator of this instance may do this.")
        return caller

    def _watch(self, caller: Caller) -> Callable[[], bool]:
        """Whether a stream that begins now may go on: not after its session was revoked, and not for ever."""
        began, ends = time.time(), time.monotonic() + MAX_STREAM_SECONDS

        def alive() -> bool:
            if self._closing or time.monotonic() > ends:
                return False
            return not self._denylist.revokes((caller.id, caller.session_id), began)

        return alive


def route_of(request: web.Request) -> str:
    """The path of the request's row in the routing table."""
    row = request.get(ROW)
    return row.path if row else UNMATCHED


def _count(request: web.Request, response: web.StreamResponse, seconds: float) -> None:
    row = request.get(ROW)
    # A stream lasts as long as somebody listens, which says nothing about speed.
    timed = None if row and row.stream else seconds
    metrics.request(GATEWAY, request.method, route_of(request), response.status, timed)


def _refused(request: web.Request, told: dict[str, Any], headers: Mapping[str, str]) -> web.Response:
    if refusals.wants_page(request):
        return refusals.page(request, told, dict(headers))
    return problem_response(told, headers)


def _log_refusal(request: web.Request, status: int, seconds: float) -> None:
    """What a service answered is in the service's log; this is what never got there."""
    # A flood that the rate limits hold off must not flood the log.
    level = logging.DEBUG if status == 429 else logging.INFO
    if access_log.isEnabledFor(level):
        milliseconds = round(seconds * 1000, 1)
        path = logs.without_secrets(request.path)
        extra = {"method": request.method, "path": path, "status": status, "ms": milliseconds}
        access_log.log(level, "refused", extra={"fields": extra})
