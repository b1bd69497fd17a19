"""`punctual work`: run the actors of every service, or of some queues, in the threads of one process."""

import argparse
import importlib
import logging
import signal
import sys
import threading
from collections.abc import Iterable

import psycopg2
from dramatiq import Worker
from dramatiq.errors import ConnectionClosed

from punctual.commands.at_work import tell_of
from punctual.commands.connections import Refused, connect, variable
from punctual.commands.heartbeat import Heartbeat
from punctual.commands.memory import settle_down
from punctual.commands.migrations import Outdated, standing
from punctual.commands.state import tell
from punctual.commands.ticks import start
from punctual.kit import background, logs, settings, traces
from punctual.kit.broker import MAIL, broker
from punctual.kit.listeners import BINDINGS
from punctual.kit.metrics.exposition import expose
from punctual.kit.relay import relay
from punctual.kit.schedule import JOBS
from punctual.kit.topology import declare_topology

log = logging.getLogger(__name__)
PREFETCH = 64
# They wait for mail servers, the others for each other.
MAIL_THREADS = 8
MIGRATED_SECONDS = 5.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which queues, and how many threads."""
    parser.add_argument("--queues", nargs="+", metavar="queue", help="only these queues (default: all but mail)")
    threads = f"worker threads, 1 to 64 (default: PUNCTUAL_WORKER_THREADS or 4; for mail alone {MAIL_THREADS})"
    parser.add_argument("--threads", type=int, choices=range(1, 65), metavar="N", help=threads)
    parser.add_argument("--schedule", action="store_true", help="send the ticks, too, so that no scheduler is needed")


def run(arguments: argparse.Namespace) -> int:
    """Work until SIGTERM or Ctrl-C, then finish what was begun."""
    logs.configure("worker", settings.current().log_level)
    import_actors()
    _declare()
    known = broker.get_declared_queues()
    queues = set(arguments.queues or known - {MAIL})
    if unknown := sorted(queues - known):
        print(f"There is no queue {unknown[0]}; there are {', '.join(sorted(known))}.", file=sys.stderr)
        return 2
    if arguments.schedule:
        tell(settings.current())
    expose(settings.current())
    traces.start("worker", settings.current())
    traces.follow(broker)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    tell_of(background.loop())
    _await_migrations({_service_of(queue) for queue in queues}, stop)
    worker = Worker(
        broker,
        queues=queues,
        worker_threads=arguments.threads or _threads(queues),
        worker_timeout=1000,
    )
    # Enough that acknowledging in batches never leaves a thread without work.
    worker.queue_prefetch = PREFETCH
    worker.start()
    scheduler = start(JOBS) if arguments.schedule else None
    settle_down()
    log.info("Working on %s", ", ".join(sorted(queues)))
    heartbeat = Heartbeat(settings.current().heartbeat_file)
    while not stop.is_set():
        if _whole(worker):
            heartbeat.beat()
        stop.wait(heartbeat.pause)
    if scheduler:
        scheduler.shutdown(wait=False)
    worker.stop(timeout=20_000)
    relay.finish(seconds=5)
    broker.close()
    background.stop(seconds=2)
    return 0


def _whole(worker: Worker) -> bool:
    return all(thread.is_alive() for thread in [*worker.workers, *worker.consumers.values()])


def _threads(queues: set[str]) -> int:
    return MAIL_THREADS if queues == {MAIL} else settings.current().worker_threads


def _declare() -> None:
    """Queues and bindings once more, for a broker that was emptied; one that is away gets them from the next start."""
    try:
        declare_topology(broker, BINDINGS, sorted(broker.get_declared_queues()))
    except ConnectionClosed as error:
        log.warning("RabbitMQ can't be reached yet, or refuses: %s", error)


def _await_migrations(services: Iterable[str], stop: threading.Event) -> None:
    """Begin with nothing while a database is older than this program: every message would be given up as a bug."""
    for service in sorted(services):
        while (reason := _outdated(service)) and not stop.is_set():
            log.error("Waiting: %s", reason)
            stop.wait(MIGRATED_SECONDS)


def _outdated(service: str) -> str | None:
    url = settings.current().databases[service].writer
    try:
        with connect(url, variable(service, "writer")) as connection:
            standing(service, connection).demand()
    except Outdated as error:
        return str(error)
    except (Refused, psycopg2.Error) as error:
        # Messages wait for a database that is away.
        log.warning("The database of %s can't be asked for its migrations: %s", service, error)
    return None


def _service_of(queue: str) -> str:
    return "notification" if queue == MAIL else queue.partition(".")[0]


def import_actors() -> None:
    """The roll-call: every actor declares itself when its module is imported."""
    for service in settings.SERVICES:
        importlib.import_module(f"punctual.actors.{service}")
