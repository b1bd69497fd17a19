"""`punctual schedule`: send every scheduled actor its tick. Any number may run; the actors see to it that it's safe."""

import argparse
import logging
import signal
import threading

from apscheduler.schedulers.background import BackgroundScheduler
from dramatiq.errors import ConnectionClosed

from punctual.commands.state import tell
from punctual.commands.work import import_actors
from punctual.kit import logs, settings
from punctual.kit.metrics.exposition import expose
from punctual.kit.schedule import JOBS, Job

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
    # One thread: ticks are tiny, and Dramatiq's connection belongs to the thread that uses it.
    scheduler = BackgroundScheduler(
        timezone="UTC",
        executors={"default": {"type": "threadpool", "max_workers": 1}},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    for job in JOBS:
        scheduler.add_job(tick, "interval", (job,), seconds=job.seconds, id=job.actor.actor_name)
    scheduler.start()
    log.info("Scheduling %d jobs", len(JOBS))
    stop.wait()
    scheduler.shutdown(wait=False)
    return 0


def tick(job: Job) -> None:
    """Send one tick; a tick that can't be sent is not worth keeping."""
    try:
        job.actor.send()
    except (ConnectionClosed, ConnectionError, OSError) as error:
        log.warning("No tick for %s: %s", job.actor.actor_name, error)
