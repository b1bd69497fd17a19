"""What waits in the services' databases, asked as their readers. Each question needs an index only."""

import logging
from typing import Any

import psycopg2

from punctual.commands.connections import Refused, connect, rows, variable
from punctual.commands.state.families import Sample
from punctual.kit.canary import CANARY
from punctual.kit.settings import Settings

log = logging.getLogger(__name__)
_PLUMBING = """SELECT (SELECT count(*) FROM outbox),
    (SELECT coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8 FROM outbox),
    (SELECT count(*) FROM dead_letter),
    (SELECT extract(epoch FROM now() - max(ran_at))::float8 FROM tick)"""
_REMINDERS = """SELECT count(*), coalesce(extract(epoch FROM now() - min(fire_at)), 0)::float8
    FROM reminder WHERE state = 'scheduled' AND fire_at <= now()"""
_UNSETTLED = """SELECT channel, state, count(*) FROM delivery
    WHERE state IN ('queued', 'held', 'sending', 'failed', 'dead') GROUP BY channel, state"""
_MAIL = """SELECT coalesce(extract(epoch FROM now() - min(since)), 0)::float8 FROM (
    SELECT min(next_attempt_at) FROM delivery WHERE state IN ('queued', 'sending') AND next_attempt_at <= now()
    UNION ALL
    SELECT min(next_attempt_at) FROM secret_mail WHERE state IN ('queued', 'sending') AND next_attempt_at <= now()
    UNION ALL
    SELECT min(next_attempt_at) FROM digest WHERE state IN ('queued', 'sending') AND next_attempt_at <= now()
    ) AS due (since)"""
_CANARY = """SELECT extract(epoch FROM now() - (data->>'fire_at')::timestamptz)::float8,
    extract(epoch FROM created_at - (data->>'fire_at')::timestamptz)::float8
    FROM notification WHERE user_id = %s AND NOT hidden AND data ? 'fire_at' ORDER BY position DESC LIMIT 1"""
_STATES = ("queued", "held", "sending", "failed", "dead")


def look(known: Settings, service: str) -> list[Sample] | None:
    """Everything of one service; None when its database doesn't answer."""
    try:
        with connect(known.databases[service].reader, variable(service, "reader")) as connection:
            samples = [Sample("punctual_database_up", (service,), 1), *_plumbing(connection, service)]
            if service == "task":
                samples += _reminders(connection)
            if service == "notification":
                samples += _told(connection)
            return samples
    except (Refused, psycopg2.Error) as error:
        log.warning("The database of %s can't be looked at: %s", service, error)
        return None


def _plumbing(connection: Any, service: str) -> list[Sample]:
    [(waiting, lag, dead, tick)] = rows(connection, _PLUMBING)
    samples = [
        Sample("punctual_outbox_messages", (service,), waiting),
        Sample("punctual_outbox_lag_seconds", (service,), lag),
        Sample("punctual_dead_letters", (service,), dead),
    ]
    return samples if tick is None else [*samples, Sample("punctual_tick_age_seconds", (service,), tick)]


def _reminders(connection: Any) -> list[Sample]:
    [(due, lag)] = rows(connection, _REMINDERS)
    return [Sample("punctual_reminders_due", (), due), Sample("punctual_reminder_lag_seconds", (), lag)]


def _told(connection: Any) -> list[Sample]:
    counts = {("email", state): 0 for state in _STATES}
    counts |= {(channel, state): count for channel, state, count in rows(connection, _UNSETTLED)}
    samples = [Sample("punctual_unsettled_deliveries", labels, count) for labels, count in counts.items()]
    samples.append(Sample("punctual_mail_lag_seconds", (), rows(connection, _MAIL)[0][0]))
    for age, trip in rows(connection, _CANARY, (CANARY,)):
        samples += [Sample("punctual_canary_age_seconds", (), age), Sample("punctual_canary_trip_seconds", (), trip)]
    return samples
