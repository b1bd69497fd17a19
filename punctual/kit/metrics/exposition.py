"""`/metrics` on a port of its own, which the public door has no way to."""

import logging
import threading
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import REGISTRY, CollectorRegistry, make_wsgi_app
from prometheus_client.exposition import ThreadingWSGIServer

from punctual.kit.settings import Settings, SettingsError

log = logging.getLogger(__name__)


class _Quiet(WSGIRequestHandler):
    timeout = 10

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
        """Nobody wants a line for every scrape."""


def expose(known: Settings, registry: CollectorRegistry = REGISTRY) -> WSGIServer | None:
    """Answer scrapes from now on, in threads of their own; without a port there is nothing.

    Raises SettingsError when the port can't be had.
    """
    if known.metrics_port is None:
        return None
    app = make_wsgi_app(registry)
    try:
        server = make_server(known.metrics_host, known.metrics_port, app, ThreadingWSGIServer, handler_class=_Quiet)
    except OSError as error:
        raise SettingsError(
            f"PUNCTUAL_METRICS_PORT: {known.metrics_host}:{known.metrics_port} can't be listened on"
            f" ({error.strerror}). Give each process on this machine a port of its own, or unset it."
        ) from None
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    log.info("Metrics at http://%s:%d/metrics", known.metrics_host, server.server_port)
    return server
