"""E-mails that are held until a time that suits the person, or until the digest that they are in was sent."""

from collections.abc import Sequence
from uuid import UUID

from punctual.domain.notification import Schedule, Verdict
from punctual.kit.transactions import Row, Transaction


def people_due(transaction: Transaction, most: int) -> dict[UUID, Schedule]:
    """Whose e-mails are held no longer, locked, with their schedules: those of so many e-mails at most."""
    rows = transaction.all(
        "SELECT user_id, to_json(mail_schedule) AS schedule FROM mail_schedule WHERE user_id IN (SELECT user_id FROM"
        " (SELECT notification_id FROM delivery WHERE state = 'held' AND next_attempt_at <= %s"
        " ORDER BY next_attempt_at LIMIT %s) AS due JOIN notification ON notification.id = notification_id)"
        " FOR UPDATE SKIP LOCKED",
        (transaction.now, most),
    )
    return {row["user_id"]: Schedule.stored(row["schedule"]) for row in rows}


def due(transaction: Transaction, user_ids: Sequence[UUID]) -> list[Row]:
    """All of these people's that are held no longer, locked: `id`, `user_id` and `kind`."""
    return transaction.all(
        "SELECT delivery.id, user_id, kind FROM delivery JOIN notification ON notification.id = notification_id"
        " WHERE state = 'held' AND next_attempt_at <= %s AND user_id = ANY(%s)"
        " ORDER BY delivery.id FOR UPDATE OF delivery",
        (transaction.now, list(user_ids)),
    )


def queue(transaction: Transaction, delivery_ids: Sequence[UUID]) -> None:
    """Let them go."""
    transaction.later(
        "UPDATE delivery SET state = 'queued', reason = NULL WHERE id = ANY(%s) AND state = 'held'",
        (list(delivery_ids),),
    )


def held(transaction: Transaction, user_id: UUID) -> list[Row]:
    """A person's held e-mails, locked: `id`, `kind`, and the person's `time_zone` and `schedule`.

    Without those that are in a digest already.
    """
    return transaction.all(
        "SELECT delivery.id, kind, coalesce(time_zone, 'UTC') AS time_zone,"
        " (SELECT to_json(mail_schedule) FROM mail_schedule WHERE mail_schedule.user_id = notification.user_id)"
        " AS schedule FROM delivery JOIN notification ON notification.id = notification_id LEFT JOIN person"
        " USING (user_id) WHERE state = 'held' AND next_attempt_at IS NOT NULL AND user_id = %s"
        " ORDER BY delivery.id FOR UPDATE OF delivery",
        (user_id,),
    )


def hold_anew(transaction: Transaction, delivery_ids: Sequence[UUID], verdict: Verdict) -> None:
    """Hold them otherwise, or no more."""
    transaction.later(
        "UPDATE delivery SET state = %s, reason = %s, next_attempt_at = %s WHERE id = ANY(%s) AND state = 'held'",
        (verdict.state, verdict.reason, verdict.next_attempt_at, list(delivery_ids)),
    )
