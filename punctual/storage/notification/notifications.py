"""Notifications: who is to be told and how, and writing all of an event's at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from punctual.domain.notification import LOST_ACCESS, Notification, Recipient, Verdict, not_found
from punctual.kit import ids, logs, wire
from punctual.kit.transactions import Transaction

_LOCK = 0x6E6F7469  # the name space of the advisory locks, any constant
_BUCKETS = 128
_COLUMNS = "id, kind, title, task_id, project_id, data, created_at, read_at"


@dataclass(frozen=True, slots=True)
class Happening:
    """What all notifications of one event share."""

    event_id: UUID
    kind: str
    task_id: UUID | None
    project_id: UUID | None
    actor_id: UUID | None
    data: dict[str, Any]


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


@dataclass(frozen=True, slots=True)
class Withheld:
    """A notification that somebody was not told of."""

    id: UUID
    title: str
    happening: Happening


def recipients(
    transaction: Transaction, user_ids: Sequence[UUID], caller: UUID | None, project_id: UUID | None, kind: str
) -> tuple[list[Recipient], str | None]:
    """These people in this order, as far as telling them goes, and the display name of who caused it."""
    rows = transaction.all(
        "SELECT wanted.user_id, coalesce(person.time_zone, 'UTC') AS time_zone,"
        " coalesce(person.active, true) AS active,"
        " member.user_id IS NOT NULL AND member.role IS NULL AS lost_access, preference.in_app, preference.email,"
        " person.display_name FROM unnest(%s::uuid[]) WITH ORDINALITY AS wanted (user_id, place)"
        " LEFT JOIN person ON person.user_id = wanted.user_id"
        " LEFT JOIN member ON member.project_id = %s AND member.user_id = wanted.user_id"
        " LEFT JOIN preference ON preference.user_id = wanted.user_id AND preference.kind = %s ORDER BY wanted.place",
        ([*user_ids, caller], project_id, kind),
    )
    names = [row.pop("display_name") for row in rows]
    return [Recipient(**row) for row in rows[:-1]], names[-1]


def insert(transaction: Transaction, happening: Happening, told: Sequence[Told]) -> None:
    """All notifications of an event with their deliveries, in one statement however many they are."""
    notifications = [ids.uuid7() for _ in told]
    verdicts = [verdict for each in told for verdict in (each.in_app, each.email)]
    in_turn(transaction, [each.user_id for each in told])
    transaction.later(
        "WITH told AS (INSERT INTO notification (id, user_id, event_id, kind, title, task_id, project_id, actor_id,"
        " data, hidden, request_id, created_at) SELECT new.id, new.user_id, %s, %s, new.title, %s, %s, %s, %s,"
        " new.hidden, %s, %s FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::boolean[])"
        " AS new (id, user_id, title, hidden) ON CONFLICT ON CONSTRAINT notification_once DO NOTHING RETURNING id)"
        " INSERT INTO delivery (id, notification_id, channel, state, reason, next_attempt_at, sent_at)"
        " SELECT new.id, told.id, new.channel, new.state, new.reason, new.next_attempt_at, new.sent_at"
        " FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::text[], %s::timestamptz[], %s::timestamptz[])"
        " AS new (id, notification_id, channel, state, reason, next_attempt_at, sent_at)"
        " JOIN told ON told.id = new.notification_id",
        (
            happening.event_id, happening.kind, happening.task_id, happening.project_id, happening.actor_id,
            wire.dumps(happening.data).decode(), logs.request_id(), transaction.now,
            notifications,
            [each.user_id for each in told],
            [each.title for each in told],
            [each.hidden for each in told],
            [ids.uuid7() for _ in verdicts],
            [notification for notification in notifications for _ in range(2)],
            ["in_app", "email"] * len(told),
            [verdict.state for verdict in verdicts],
            [verdict.reason for verdict in verdicts],
            [verdict.next_attempt_at for verdict in verdicts],
            [verdict.sent_at for verdict in verdicts],
        ),
    )  # fmt: skip


def in_turn(transaction: Transaction, user_ids: Sequence[UUID]) -> None:
    """From here to the commit, nobody else gives these people's notifications a position."""
    buckets = sorted({user_id.int % _BUCKETS for user_id in user_ids})
    transaction.later("SELECT pg_advisory_xact_lock(%s, bucket) FROM unnest(%s) AS bucket", (_LOCK, buckets))


def withheld(transaction: Transaction, user_id: UUID, project_id: UUID, since: datetime) -> list[Withheld]:
    """What the person was not told since then because the project seemed lost to them."""
    rows = transaction.all(
        "SELECT notification.id, event_id, kind, title, task_id, actor_id FROM notification"
        " JOIN delivery ON notification_id = notification.id AND channel = 'in_app' AND reason = %s"
        " WHERE user_id = %s AND project_id = %s AND created_at >= %s AND hidden ORDER BY position",
        (LOST_ACCESS, user_id, project_id, since),
    )
    return [Withheld(row.pop("id"), row.pop("title"), Happening(**row, project_id=project_id, data={})) for row in rows]


def release(transaction: Transaction, notification_id: UUID, told: Told) -> None:
    """Tell after all, as something new for the streams."""
    in_turn(transaction, [told.user_id])
    transaction.later(
        "UPDATE notification SET hidden = %s, position = nextval('notification_position') WHERE id = %s",
        (told.hidden, notification_id),
    )
    for channel, verdict in (("in_app", told.in_app), ("email", told.email)):
        transaction.later(
            "UPDATE delivery SET state = %s, reason = %s, next_attempt_at = %s, sent_at = %s"
            " WHERE notification_id = %s AND channel = %s",
            (verdict.state, verdict.reason, verdict.next_attempt_at, verdict.sent_at, notification_id, channel),
        )


def load(transaction: Transaction, notification_id: UUID, user_id: UUID | None) -> Notification:
    """A notification of the person's inbox, locked. Raises NotFound."""
    row = transaction.one(
        f"SELECT {_COLUMNS} FROM notification WHERE id = %s AND user_id = %s AND NOT hidden FOR UPDATE",
        (notification_id, user_id),
    )
    if row is None:
        raise not_found(notification_id)
    return Notification(**row)


def save(transaction: Transaction, notification: Notification) -> None:
    """Whether it was read."""
    transaction.later("UPDATE notification SET read_at = %s WHERE id = %s", (notification.read_at, notification.id))


def read_all(transaction: Transaction, user_id: UUID | None, until: datetime) -> None:
    """Mark everything read that was there at that instant."""
    transaction.later(
        "UPDATE notification SET read_at = %s"
        " WHERE user_id = %s AND read_at IS NULL AND NOT hidden AND created_at <= %s",
        (transaction.now, user_id, until),
    )
