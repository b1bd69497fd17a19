"""`punctual schedule`: send every scheduled actor its tick. Any number may run; the actors see to it that it's safe."""

import argparse
import logging
import signal
import threading

from punctual.commands.heartbeat import Heartbeat
from punctual.commands.state import tell
from punctual.commands.ticks import start
from punctual.commands.work import import_actors
from punctual.kit import logs, settings
from punctual.kit.metrics.exposition import expose
from punctual.kit.schedule import JOBS

log = logging.getLogger(__name__)


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """It takes none."""


def run(_arguments: argparse.Namespace) -> int:
    """Schedule until SIGTERM or Ctrl-C."""
    logs.configure("scheduler", settings.current().log_level)
    import_actors()
    tell(settings.current())
    expose(settings.current())
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    scheduler = start(JOBS)
    log.info("Scheduling %d jobs", len(JOBS))
    heartbeat = Heartbeat(settings.current().heartbeat_file)
    while not stop.is_set():
        if scheduler.running:
            heartbeat.beat()
        stop.wait(heartbeat.pause)
    scheduler.shutdown(wait=False)
    return 0
