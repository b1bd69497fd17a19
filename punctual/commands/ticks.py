"""The ticks of scheduled actors: sent from one thread, wherever they are sent from."""

import logging
from collections.abc import Iterable

from apscheduler.schedulers.background import BackgroundScheduler
from dramatiq.errors import ConnectionClosed

from punctual.kit.schedule import Job

log = logging.getLogger(__name__)


def start(jobs: Iterable[Job]) -> BackgroundScheduler:
    """Send each job's tick at its interval, until the scheduler that this returns is shut down."""
    # One thread: ticks are tiny, and Dramatiq's connection belongs to the thread that uses it.
    scheduler = BackgroundScheduler(
        timezone="UTC",
        executors={"default": {"type": "threadpool", "max_workers": 1}},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    for job in jobs:
        scheduler.add_job(tick, "interval", (job,), seconds=job.seconds, id=job.actor.actor_name)
    scheduler.start()
    return scheduler


def tick(job: Job) -> None:
    """Send one tick; a tick that can't be sent is not worth keeping."""
    try:
        job.actor.send()
    except (ConnectionClosed, ConnectionError, OSError) as error:
        log.warning("No tick for %s: %s", job.actor.actor_name, error)
