"""How much e-mail waits, and whether anybody sends it."""

from typing import Any

import psycopg2.errors

from punctual.commands.connections import Refused, connect, rows, variable
from punctual.commands.doctor.durations import spoken
from punctual.commands.doctor.findings import Finding, fault, note, ok
from punctual.kit.settings import Settings

OVERDUE_SECONDS = 300
_WAITING = """
    SELECT count(*), count(*) FILTER (WHERE attempts > 0 AND state = 'queued'),
        extract(epoch FROM now() - min(next_attempt_at))::float8,
        (array_agg(reason ORDER BY next_attempt_at DESC) FILTER (WHERE attempts > 0 AND state = 'queued'))[1]
    FROM (SELECT attempts, state, next_attempt_at, reason FROM delivery WHERE channel = 'email'
        UNION ALL SELECT attempts, state, next_attempt_at, reason FROM digest) AS mail
    WHERE state IN ('queued', 'sending')
"""


def check(known: Settings) -> list[Finding]:
    """The deliveries by e-mail; nothing where the database's own fault says enough."""
    try:
        with connect(known.databases["notification"].reader, variable("notification", "reader")) as connection:
            return [waiting(connection)]
    except (Refused, psycopg2.errors.UndefinedTable):
        return []


def waiting(connection: Any) -> Finding:
    """What the notification database says of it."""
    count, tried, late, reason = rows(connection, _WAITING)[0]
    what = "e-mails"
    if not count:
        return ok(what, "none waits")
    if late > OVERDUE_SECONDS:
        why = f"{count} wait, the first should have gone {spoken(late)} ago"
        return fault(what, why, "punctual work --queues mail and punctual schedule must run: see the lines above")
    if tried:
        return note(
            what, f"{count} wait, {tried} of them for another try; last: {reason}", "they are tried for 18 hours"
        )
    return ok(what, f"{count} on their way")
