"""What somebody was not told because a project seemed lost to them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from punctual.domain.notification import LOST_ACCESS
from punctual.kit import metrics
from punctual.kit.transactions import Transaction
from punctual.storage.notification.telling import Happening, Told, in_turn


@dataclass(frozen=True, slots=True)
class Withheld:
    """A notification that somebody was not told of."""

    id: UUID
    title: str
    happening: Happening


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
        metrics.delivery(channel, verdict.state)
        transaction.later(
            "UPDATE delivery SET state = %s, reason = %s, next_attempt_at = %s, sent_at = %s"
            " WHERE notification_id = %s AND channel = %s",
            (verdict.state, verdict.reason, verdict.next_attempt_at, verdict.sent_at, notification_id, channel),
        )
