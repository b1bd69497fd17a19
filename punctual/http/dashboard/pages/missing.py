"""Addresses that lead nowhere."""

from aiohttp import web

from punctual.http.dashboard.problems import Problem
from punctual.http.dashboard.routing import For, Page


async def missing(_request: web.Request) -> web.Response:
    """Say so."""
    raise Problem(404, "There is nothing at this address.", code="not_found")


PAGES = [Page("*", "/{path:.*}", missing, For.ANYBODY)]
