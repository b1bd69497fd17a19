"""Somebody's inbox: loading a notification for a change, and storing what was read."""

from datetime import datetime
from uuid import UUID

from punctual.domain.notification import KINDS, Notification, not_found
from punctual.kit.transactions import Transaction

_ABOUT_ACCESS = [kind.name for kind in KINDS.values() if kind.about_access]
_COLUMNS = "id, kind, title, task_id, project_id, data, created_at, read_at"


def load(transaction: Transaction, notification_id: UUID, user_id: UUID | None) -> Notification:
    """A notification of the person's inbox, locked. Raises NotFound, also where its project was lost since."""
    row = transaction.one(
        f"SELECT {_COLUMNS} FROM notification WHERE id = %s AND user_id = %s AND NOT hidden"
        " AND (kind = ANY(%s) OR NOT EXISTS (SELECT FROM member WHERE member.project_id = notification.project_id"
        " AND member.user_id = notification.user_id AND role IS NULL)) FOR UPDATE",
        (notification_id, user_id, _ABOUT_ACCESS),
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


def leave_out_of_summaries(transaction: Transaction, user_id: UUID, project_id: UUID) -> None:
    """Take a project that was lost out of the person's summaries of missed reminders."""
    transaction.later(
        "UPDATE notification SET data = jsonb_set(data, '{reminders}', coalesce((SELECT jsonb_agg(reminder)"
        " FROM jsonb_array_elements(data -> 'reminders') AS reminder WHERE reminder ->> 'project_id' <> %s), '[]'))"
        " WHERE user_id = %s AND kind = 'task.reminders_missed'",
        (str(project_id), user_id),
    )
