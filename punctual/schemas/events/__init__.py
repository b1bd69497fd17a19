"""The one catalogue of events: name, owner, payload shape, listeners, and an example of each.

Whatever changes a task, by whichever door, emits the same event; history, notifications and everything later
hang on it. The envelope carries id, name, version of the aggregate, occurred_at, caller, request_id and quiet.
"""

from dataclasses import dataclass
from typing import Any

from punctual.schemas.events import examples as eg
from punctual.schemas.events.payloads import (
    Account,
    Assignment,
    Comment,
    DeletedComment,
    EditedComment,
    Failure,
    Invitation,
    Membership,
    MissedReminders,
    Notifications,
    Payload,
    Profile,
    Project,
    Reminder,
    Session,
    Status,
    TaskState,
    Test,
)

EVERYONE = ("auth", "project", "task", "notification")


@dataclass(frozen=True, slots=True)
class EventType:
    """One row of the catalogue."""

    name: str
    owner: str
    payload: type[Payload]
    listeners: tuple[str, ...]
    example: dict[str, Any]


_TO = ("task", "notification")
_TELL = ("notification",)

USER_CREATED = EventType("user.created", "auth", Account, ("user", "project", "task", "notification"), eg.ACCOUNT)
USER_UPDATED = EventType("user.updated", "user", Profile, EVERYONE, eg.PROFILE)
USER_ROLE_CHANGED = EventType("user.role_changed", "user", Profile, EVERYONE, eg.PROFILE)
USER_DEACTIVATED = EventType("user.deactivated", "user", Profile, EVERYONE, {**eg.PROFILE, "active": False})
SESSION_REVOKED = EventType("session.revoked", "auth", Session, (), {"session_id": eg.ID + "9", "user_id": eg.ID + "1"})
PROJECT_CREATED = EventType("project.created", "project", Project, _TO, eg.PROJECT)
PROJECT_UPDATED = EventType("project.updated", "project", Project, _TO, eg.PROJECT)
PROJECT_ARCHIVED = EventType("project.archived", "project", Project, _TO, {**eg.PROJECT, "archived": True})
PROJECT_DELETED = EventType("project.deleted", "project", Project, _TO, {**eg.PROJECT, "deleted": True})
PROJECT_MEMBER_ADDED = EventType("project.member_added", "project", Membership, _TO, eg.MEMBER)
PROJECT_MEMBER_ROLE_CHANGED = EventType("project.member_role_changed", "project", Membership, _TO, eg.MEMBER)
PROJECT_MEMBER_REMOVED = EventType("project.member_removed", "project", Membership, _TO, {**eg.MEMBER, "role": None})
PROJECT_INVITED = EventType("project.invited", "project", Invitation, _TELL, eg.INVITED)
TASK_CREATED = EventType("task.created", "task", TaskState, _TELL, eg.TASK)
TASK_UPDATED = EventType("task.updated", "task", TaskState, _TELL, eg.TASK)
TASK_ASSIGNED = EventType("task.assigned", "task", Assignment, _TELL, eg.ASSIGNED)
TASK_UNASSIGNED = EventType("task.unassigned", "task", Assignment, _TELL, eg.ASSIGNED)
TASK_STATUS_CHANGED = EventType("task.status_changed", "task", TaskState, _TELL, eg.TASK)
TASK_COMPLETED = EventType("task.completed", "task", TaskState, _TELL, eg.TASK)
TASK_REOPENED = EventType("task.reopened", "task", TaskState, _TELL, eg.TASK)
TASK_DELETED = EventType("task.deleted", "task", TaskState, _TELL, eg.TASK)
TASK_DUE_CHANGED = EventType("task.due_changed", "task", TaskState, _TELL, eg.TASK)
TASK_COMMENTED = EventType("task.commented", "task", Comment, _TELL, eg.COMMENT)
TASK_MENTIONED = EventType("task.mentioned", "task", Comment, _TELL, eg.COMMENT)
TASK_COMMENT_EDITED = EventType("task.comment_edited", "task", EditedComment, (), eg.EDITED_COMMENT)
TASK_COMMENT_DELETED = EventType("task.comment_deleted", "task", DeletedComment, (), eg.DELETED_COMMENT)
STATUS_CREATED = EventType("status.created", "task", Status, (), {**eg.STATUS, "changes": {}})
STATUS_UPDATED = EventType("status.updated", "task", Status, (), eg.STATUS)
STATUS_DELETED = EventType("status.deleted", "task", Status, (), {**eg.STATUS, "changes": {}})
TASK_DUE_SOON = EventType("task.due_soon", "task", Reminder, _TELL, eg.REMINDER)
TASK_DUE = EventType("task.due", "task", Reminder, _TELL, {**eg.REMINDER, "rule": "PT0S"})
TASK_OVERDUE = EventType("task.overdue", "task", Reminder, _TELL, {**eg.REMINDER, "rule": "P1D", "late_by": 840})
TASK_REMINDERS_MISSED = EventType(
    "task.reminders_missed",
    "task",
    MissedReminders,
    _TELL,
    {"user_id": eg.ID + "1", "reminders": [eg.REMINDER]},
)
NOTIFICATION_CREATED = EventType("notification.created", "notification", Notifications, (), eg.NOTIFIED)
NOTIFICATION_TESTED = EventType("notification.tested", "notification", Test, _TELL, eg.TESTED)
OPERATION_FAILED = EventType("operation.failed", "every service", Failure, _TELL, eg.FAILED)

CATALOGUE: dict[str, EventType] = {
    event.name: event for event in list(globals().values()) if isinstance(event, EventType)
}
