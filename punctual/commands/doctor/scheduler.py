"""Whether the scheduler lives: each service notes when a worker last carried out one of its ticks."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import psycopg2
import psycopg2.errors

from punctual.commands.connections import Refused, connect, rows, variable
from punctual.commands.doctor.durations import spoken
from punctual.commands.doctor.findings import Finding, fault, note, ok
from punctual.kit.settings import SERVICES, Settings

STALE_SECONDS = 30
REMEDY = "start one: punctual schedule; where one runs, its ticks wait for a worker (see the queues above)"


def check(known: Settings) -> list[Finding]:
    """The age of the last tick of each service."""
    ages: dict[str, float | None] = {}

    def look(service: str) -> None:
        with suppress(Refused, psycopg2.errors.UndefinedTable):
            ages[service] = _age(service, known)

    # At once, lest servers that don't answer are waited for one after the other.
    with ThreadPoolExecutor(len(SERVICES)) as pool:
        list(pool.map(look, SERVICES))
    if not ages:
        return [note("scheduler", "unknown while no database is reachable and migrated", "see the databases above")]
    late = [
        f"{service} {'never' if age is None else spoken(age) + ' ago'}"
        for service, age in sorted(ages.items())
        if age is None or age > STALE_SECONDS
    ]
    if late:
        return [fault("scheduler", f"the last tick was carried out: {', '.join(late)}", REMEDY)]
    eldest = max(age or 0.0 for age in ages.values())
    return [ok("scheduler", f"the last tick of each of {len(ages)} services was carried out within {eldest:.0f} s")]


def _age(service: str, known: Settings) -> float | None:
    """Seconds; None where no tick was ever carried out. Raises Refused or UndefinedTable."""
    with connect(known.databases[service].reader, variable(service, "reader")) as connection:
        age = rows(connection, "SELECT extract(epoch FROM now() - max(ran_at))::float8 FROM tick")[0][0]
        return None if age is None else max(age, 0.0)
