"""What waits in a database that shouldn't, and its clock."""

import time
from collections.abc import Callable, Iterator
from typing import Any

from punctual.commands.connections import rows
from punctual.commands.doctor.durations import spoken
from punctual.commands.doctor.findings import Finding, fault, ok

OUTBOX_SECONDS = 60


def skewed(connection: Any, tolerated: float, clock: Callable[[], float] = time.time) -> float:
    """How far the server's clock is ahead, in seconds; 0 while it is within what is tolerated."""
    asked = clock()
    there = float(rows(connection, "SELECT extract(epoch FROM clock_timestamp())::float8")[0][0])
    answered = clock()
    ahead = there - (asked + answered) / 2
    return ahead if abs(ahead) > tolerated + (answered - asked) / 2 else 0.0


def waiting(service: str, connection: Any) -> Iterator[Finding]:
    """The outbox and the dead letters."""
    late, age = rows(
        connection,
        "SELECT count(*) FILTER (WHERE created_at < now() - make_interval(secs => %s)),"
        " extract(epoch FROM now() - min(created_at))::float8 FROM outbox",
        (OUTBOX_SECONDS,),
    )[0]
    what = f"{service} outbox"
    if late:
        why = f"{late} message{'s' * (late != 1)} not published, the oldest for {spoken(age)}"
        yield fault(
            what, why, "RabbitMQ, a worker and the scheduler must run; what else is wrong here stops one of them"
        )
    else:
        yield ok(what, "nothing waits longer than a minute")
    dead = rows(connection, "SELECT count(*) FROM dead_letter")[0][0]
    if dead:
        why = f"{dead} message{'s' * (dead != 1)} given up"
        yield fault(
            f"{service} dead letters",
            why,
            f"punctual dead-letters list --service {service}; then show, replay or discard",
        )
