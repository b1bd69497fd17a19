"""Who is to be told and how, and writing all notifications of some events at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from punctual.domain.notification import Recipient, Schedule, Verdict
from punctual.kit import ids, metrics, wire
from punctual.kit.transactions import Row, Transaction

_LOCK = 0x6E6F7469  # the name space of the advisory locks, any constant
_BUCKETS = 128


@dataclass(frozen=True, slots=True)
class Happening:
    """What all notifications of one event share."""

    event_id: UUID
    kind: str
    task_id: UUID | None
    project_id: UUID | None
    actor_id: UUID | None
    data: dict[str, Any]
    request_id: str | None = None
    traceparent: str | None = None


@dataclass(frozen=True, slots=True)
class Addressed:
    """Whom an event of this kind concerns; `caller` is who caused it."""

    kind: str
    project_id: UUID | None
    user_ids: Sequence[UUID]
    caller: UUID | None


@dataclass(frozen=True, slots=True)
class Told:
    """One person's notification of an event."""

    user_id: UUID
    title: str
    in_app: Verdict
    email: Verdict

    @property
    def hidden(self) -> bool:
        """Whether it is kept out of the inbox."""
        return self.in_app.state != "sent"


def recipients(transaction: Transaction, addressed: Sequence[Addressed]) -> list[tuple[list[Recipient], str | None]]:
    """For each event its people in their order, as far as telling them goes, and the name of who caused it."""
    wanted = [(user_id, each.project_id, each.kind) for each in addressed for user_id in (*each.user_ids, each.caller)]
    # Subqueries, not joins: a plan must never begin with everybody in a large project.
    rows = transaction.all(
        "SELECT wanted.user_id, person.time_zone, person.active, person.display_name,"
        " (SELECT role IS NULL FROM member WHERE member.project_id = wanted.project_id"
        " AND member.user_id = wanted.user_id) AS lost_access,"
        " (SELECT ARRAY[in_app, email] FROM preference WHERE preference.user_id = wanted.user_id"
        " AND preference.kind = wanted.kind) AS chosen,"
        " (SELECT to_json(mail_schedule) FROM mail_schedule WHERE mail_schedule.user_id = wanted.user_id) AS schedule"
        " FROM unnest(%s::uuid[], %s::uuid[], %s::text[])"
        " WITH ORDINALITY AS wanted (user_id, project_id, kind, place)"
        " LEFT JOIN person ON person.user_id = wanted.user_id ORDER BY wanted.place",
        [list(column) for column in zip(*wanted, strict=True)],
    )
    found, place = [], 0
    for each in addressed:
        last = place + len(each.user_ids)
        found.append(([_recipient(row) for row in rows[place:last]], rows[last]["display_name"]))
        place = last + 1
    return found


def _recipient(row: Row) -> Recipient:
    in_app, email = row["chosen"] or (None, None)
    return Recipient(
        row["user_id"],
        row["time_zone"] or "UTC",
        row["active"] is not False,
        bool(row["lost_access"]),
        in_app,
        email,
        Schedule.stored(row["schedule"]),
    )


def insert(transaction: Transaction, happenings: Sequence[tuple[Happening, Sequence[Told]]]) -> None:
    """All notifications of some events with their deliveries, in one statement however many they are."""
    told = [(ids.uuid7(), happening, each) for happening, people in happenings for each in people]
    verdicts = [(new_id, verdict) for new_id, _, each in told for verdict in (each.in_app, each.email)]
    for _, _, each in told:
        metrics.delivery("in_app", each.in_app.state)
        metrics.delivery("email", each.email.state)
    in_turn(transaction, [each.user_id for _, _, each in told])
    transaction.later(
        "WITH told AS (INSERT INTO notification (id, user_id, event_id, kind, title, task_id, project_id, actor_id,"
        " data, hidden, request_id, traceparent, created_at) SELECT new.id, new.user_id, event.id, event.kind,"
        " new.title, event.task_id, event.project_id, event.actor_id, event.data::jsonb, new.hidden,"
        " event.request_id, event.traceparent, %s"
        " FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::text[], %s::boolean[])"
        " AS new (id, user_id, event_id, title, hidden)"
        " JOIN unnest(%s::uuid[], %s::text[], %s::uuid[], %s::uuid[], %s::uuid[], %s::text[], %s::text[],"
        " %s::text[]) AS event (id, kind, task_id, project_id, actor_id, data, request_id, traceparent)"
        " ON event.id = new.event_id"
        " ON CONFLICT ON CONSTRAINT notification_once DO NOTHING RETURNING id)"
        " INSERT INTO delivery (id, notification_id, channel, state, reason, next_attempt_at, sent_at)"
        " SELECT new.id, told.id, new.channel, new.state, new.reason, new.next_attempt_at, new.sent_at"
        " FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::text[], %s::timestamptz[], %s::timestamptz[])"
        " AS new (id, notification_id, channel, state, reason, next_attempt_at, sent_at)"
        " JOIN told ON told.id = new.notification_id",
        (
            transaction.now,
            [new_id for new_id, _, _ in told],
            [each.user_id for _, _, each in told],
            [happening.event_id for _, happening, _ in told],
            [each.title for _, _, each in told],
            [each.hidden for _, _, each in told],
            [happening.event_id for happening, _ in happenings],
            [happening.kind for happening, _ in happenings],
            [happening.task_id for happening, _ in happenings],
            [happening.project_id for happening, _ in happenings],
            [happening.actor_id for happening, _ in happenings],
            [wire.dumps(happening.data).decode() for happening, _ in happenings],
            [happening.request_id for happening, _ in happenings],
            [happening.traceparent for happening, _ in happenings],
            [ids.uuid7() for _ in verdicts],
            [new_id for new_id, _ in verdicts],
            ["in_app", "email"] * len(told),
            [verdict.state for _, verdict in verdicts],
            [verdict.reason for _, verdict in verdicts],
            [verdict.next_attempt_at for _, verdict in verdicts],
            [verdict.sent_at for _, verdict in verdicts],
        ),
    )


def in_turn(transaction: Transaction, user_ids: Sequence[UUID]) -> None:
    """From here to the commit, nobody else gives these people's notifications a position."""
    buckets = sorted({user_id.int % _BUCKETS for user_id in user_ids})
    transaction.later("SELECT pg_advisory_xact_lock(%s, bucket) FROM unnest(%s::integer[]) AS bucket", (_LOCK, buckets))
