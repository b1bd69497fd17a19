"""`punctual serve gateway|auth|user|…`: one process, one event loop, as many services as named."""

import argparse
import asyncio
import contextlib
import importlib
import logging
import resource
import signal
from collections.abc import AsyncIterator
from functools import partial
from urllib.parse import urlsplit

import uvloop
from aiohttp import web

from punctual import queries
from punctual.commands.at_work import tell_on_signal
from punctual.commands.heartbeat import Heartbeat
from punctual.commands.memory import settle_down
from punctual.commands.readiness import Migrated
from punctual.kit import logs, settings, traces
from punctual.kit.connections import Runner
from punctual.kit.errors import Unavailable
from punctual.kit.health import Check, add_health
from punctual.kit.metrics.exposition import expose
from punctual.kit.runtime import Runtime, runtime
from punctual.kit.settings import Settings
from punctual.kit.web import application

log = logging.getLogger(__name__)
MOST_FILES = 65_536


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which services."""
    parser.add_argument("services", nargs="+", choices=["gateway", *settings.BEHIND_THE_GATEWAY], metavar="service")


def run(arguments: argparse.Namespace) -> int:
    """Serve until SIGTERM or Ctrl-C."""
    logs.configure(" ".join(arguments.services), settings.current().log_level)
    _allow_many_connections()
    expose(settings.current())
    traces.start(arguments.services[0] if len(arguments.services) == 1 else "services", settings.current())
    uvloop.run(serve(arguments.services))
    return 0


async def serve(services: list[str]) -> None:
    """Run the applications of these services until a signal comes."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    tell_on_signal()
    async with contextlib.AsyncExitStack() as stack:
        # The dashboard alone asks the services and nothing else: it needs no broker.
        shared = None if services == [settings.DASHBOARD] else await stack.enter_async_context(runtime())
        for service in services:
            await stack.enter_async_context(_listening(service, shared))
        settle_down()
        await _beat(stop)


async def _beat(stop: asyncio.Event) -> None:
    heartbeat = Heartbeat(settings.current().heartbeat_file)
    while not stop.is_set():
        heartbeat.beat()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), heartbeat.pause)


def _allow_many_connections() -> None:
    """Each connection is an open file, of which many systems allow a thousand unless asked for more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(MOST_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


@contextlib.asynccontextmanager
async def _listening(service: str, shared: Runtime | None) -> AsyncIterator[None]:
    app, host, port = _application(service, shared)
    try:
        async with Runner(app).serving(host, port):
            log.info("%s listens on %s:%s", service, host, port)
            yield
    finally:
        if service in settings.SERVICES:
            await queries.close(service)


def _application(service: str, shared: Runtime | None) -> tuple[web.Application, str, int]:
    known = settings.current()
    if shared is None:
        return _dashboard(known)
    if service == "gateway":
        return (
            importlib.import_module("punctual.gateway.application").application(shared),
            known.host,
            known.port,
        )
    if service == settings.DASHBOARD:
        return _dashboard(known)
    module = importlib.import_module(f"punctual.http.{service}")
    app = application(service, module.ROUTES, shared)
    checks: dict[str, Check] = {
        "database": partial(queries.ping, service),
        "migrations": Migrated(service).check,
        "broker": partial(_broker, shared),
    }
    if service != "auth":  # which the keys come from: the others may wait for it to be ready
        checks["keys"] = partial(_keys, shared)
    add_health(app, checks, getattr(module, "DELAYS", None))
    return app, *_address(service, known)


def _dashboard(known: Settings) -> tuple[web.Application, str, int]:
    made: web.Application = importlib.import_module("punctual.http.dashboard.application").application(known)
    return made, *_address(settings.DASHBOARD, known)


def _address(service: str, known: Settings) -> tuple[str, int]:
    address = urlsplit(known.service_urls[service])
    # A name that stands for all replicas of a service is nothing to listen on.
    return known.service_host or address.hostname or "127.0.0.1", address.port or 80


async def _keys(shared: Runtime) -> None:
    shared.verifier.demand()


async def _broker(shared: Runtime) -> None:
    if not shared.bus.connected:
        await shared.bus.connect()
    if not shared.bus.connected:
        raise Unavailable("RabbitMQ isn't connected.")
