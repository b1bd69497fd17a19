"""The API's own description: the services' OpenAPI documents as one, and a page of it for people."""

import asyncio
import logging
import re
import time
from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Any

import aiohttp
from aiohttp import web

import punctual
from punctual.gateway.pages import render
from punctual.gateway.routes import ROWS, Row
from punctual.kit import wire
from punctual.kit.responses import json_response

log = logging.getLogger(__name__)
FETCH_SECONDS = 3.0
FRESH_SECONDS = 60.0
INCOMPLETE_SECONDS = 2.0
PAGE_POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
INTRODUCTION = (
    "Punctual's API. Sign in with POST /api/v1/auth/token and send the access token as a bearer token."
    " Changes are accepted although a part may be away for the moment: what isn't done within the wait that"
    " Prefer names is answered with 202 and the address where its outcome can be read."
)


class Documents:
    """Fetches and merges the services' documents; what a service said last stands while it is away."""

    def __init__(self, session: aiohttp.ClientSession, urls: Mapping[str, str], public_url: str) -> None:
        self._session = session
        self._urls = urls
        self._public_url = public_url
        self._known: dict[str, dict[str, Any]] = {}
        self._merged = b""
        self._page = b""
        self._good_until = float("-inf")
        self._lock = asyncio.Lock()
        self._style = files(__package__).joinpath("templates", "docs.css").read_bytes()

    async def openapi(self, _request: web.Request) -> web.Response:
        """The OpenAPI document of everything that this gateway lets in."""
        await self._refresh()
        return json_response(self._merged)

    async def page(self, _request: web.Request) -> web.Response:
        """The same as a page."""
        await self._refresh()
        headers = {"Content-Security-Policy": PAGE_POLICY, "Cache-Control": "no-cache"}
        return web.Response(body=self._page, content_type="text/html", charset="utf-8", headers=headers)

    async def style(self, _request: web.Request) -> web.Response:
        """The page's style sheet."""
        headers = {"Cache-Control": "public, max-age=3600"}
        return web.Response(body=self._style, content_type="text/css", charset="utf-8", headers=headers)

    async def _refresh(self) -> None:
        async with self._lock:
            if time.monotonic() < self._good_until:
                return
            await asyncio.gather(*(self._fetch(service) for service in self._urls))
            document = merge(self._known.values(), ROWS, self._public_url)
            self._merged = wire.dumps(document)
            self._page = render(document, sorted(self._urls.keys() - self._known.keys()))
            complete = len(self._known) == len(self._urls)
            self._good_until = time.monotonic() + (FRESH_SECONDS if complete else INCOMPLETE_SECONDS)

    async def _fetch(self, service: str) -> None:
        try:
            async with (
                asyncio.timeout(FETCH_SECONDS),
                self._session.get(f"{self._urls[service]}/internal/openapi.json", raise_for_status=True) as answer,
            ):
                self._known[service] = wire.loads(await answer.read())
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            log.warning("The %s service's description can't be read right now: %s", service, error)


def merge(documents: Iterable[Mapping[str, Any]], rows: Iterable[Row], public_url: str) -> dict[str, Any]:
    """One document of the operations that stand in the routing table, with all components."""
    public = {(method.lower(), _shape(row.path)) for row in rows for method in row.methods.split()}
    paths: dict[str, dict[str, Any]] = {}
    components: dict[str, dict[str, Any]] = {}
    for document in documents:
        for path, operations in document.get("paths", {}).items():
            for method, operation in operations.items():
                if (method, _shape(path)) in public:
                    paths.setdefault(path, {})[method] = operation
        for kind, named in document.get("components", {}).items():
            components.setdefault(kind, {}).update(named)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Punctual", "version": punctual.__version__, "description": INTRODUCTION},
        "servers": [{"url": public_url}],
        "paths": paths,
        "components": components,
    }


def _shape(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path)
