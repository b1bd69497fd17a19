"""E-mails that are held until a time that suits the person."""

from collections.abc import Sequence
from uuid import UUID

from punctual.domain.notification import Verdict
from punctual.kit.transactions import Row, Transaction


def release(transaction: Transaction, most: int) -> int:
    """Queue so many at most that need to be held no longer; how many those were."""
    return len(
        transaction.all(
            "WITH due AS (SELECT id FROM delivery WHERE state = 'held' AND next_attempt_at <= %s"
            " ORDER BY next_attempt_at LIMIT %s FOR UPDATE SKIP LOCKED)"
            " UPDATE delivery SET state = 'queued', reason = NULL FROM due WHERE delivery.id = due.id RETURNING due.id",
            (transaction.now, most),
        )
    )


def held(transaction: Transaction, user_id: UUID) -> list[Row]:
    """A person's held e-mails, locked: `id`, `kind`, and the person's `time_zone` and `schedule`."""
    return transaction.all(
        "SELECT delivery.id, kind, coalesce(time_zone, 'UTC') AS time_zone,"
        " (SELECT to_json(mail_schedule) FROM mail_schedule WHERE mail_schedule.user_id = notification.user_id)"
        " AS schedule FROM delivery JOIN notification ON notification.id = notification_id LEFT JOIN person"
        " USING (user_id) WHERE state = 'held' AND user_id = %s ORDER BY delivery.id FOR UPDATE OF delivery",
        (user_id,),
    )


def hold_anew(transaction: Transaction, delivery_ids: Sequence[UUID], verdict: Verdict) -> None:
    """Hold them otherwise, or no more."""
    transaction.later(
        "UPDATE delivery SET state = %s, reason = %s, next_attempt_at = %s WHERE id = ANY(%s) AND state = 'held'",
        (verdict.state, verdict.reason, verdict.next_attempt_at, list(delivery_ids)),
    )
