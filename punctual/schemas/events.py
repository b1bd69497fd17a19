"""The one catalogue of events: name, owner, payload shape, listeners, and an example of each.

Whatever changes a task, by whichever door, emits the same event; history, notifications and everything later
hang on it. Payloads carry enough state for replicas; the envelope carries id, name, version of the aggregate,
occurred_at, caller, request_id and quiet.
"""

from dataclasses import dataclass
from typing import Any

from marshmallow import EXCLUDE, Schema, fields

_ID = "01932c5e-7b00-7000-8000-00000000000"
EVERYONE = ("auth", "project", "task", "notification")


class Payload(Schema):
    """Additions by a newer version of the owner are passed over."""

    class Meta:
        """Tolerate what a newer owner adds."""

        unknown = EXCLUDE


class Account(Payload):
    """A new account, as auth registered it."""

    user_id = fields.UUID(required=True)
    email = fields.String(required=True)
    display_name = fields.String(required=True)
    time_zone = fields.String(required=True)
    role = fields.String(required=True)


class Profile(Account):
    """A person's whole state, as the user service holds it."""

    locale = fields.String(required=True)
    active = fields.Boolean(required=True)


class Session(Payload):
    """A session that ended before its time."""

    session_id = fields.UUID(required=True)
    user_id = fields.UUID(required=True)


class Project(Payload):
    """A project's whole state."""

    project_id = fields.UUID(required=True)
    key = fields.String(required=True)
    name = fields.String(required=True)
    archived = fields.Boolean(required=True)
    deleted = fields.Boolean(required=True)


class Membership(Payload):
    """One person's place in a project; `role` is None once removed. Versions count per project."""

    project_id = fields.UUID(required=True)
    project_key = fields.String(required=True)
    project_name = fields.String(required=True)
    user_id = fields.UUID(required=True)
    role = fields.String(required=True, allow_none=True)


class Invitation(Payload):
    """An invitation by e-mail; its secret never comes through here."""

    invitation_id = fields.UUID(required=True)
    project_id = fields.UUID(required=True)
    project_key = fields.String(required=True)
    project_name = fields.String(required=True)
    email = fields.String(required=True)
    role = fields.String(required=True)


class TaskState(Payload):
    """A task as it is after the change. `due` is a date or an instant; `changes` maps a field to [old, new]."""

    task_id = fields.UUID(required=True)
    project_id = fields.UUID(required=True)
    key = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Dict(required=True)
    priority = fields.String(required=True)
    due = fields.String(required=True, allow_none=True)
    assignees = fields.List(fields.UUID(), required=True)
    watchers = fields.List(fields.UUID(), required=True)
    changes = fields.Dict(keys=fields.String(), values=fields.List(fields.Raw(allow_none=True)), required=True)


class Assignment(TaskState):
    """Who was assigned or unassigned by the change."""

    user_ids = fields.List(fields.UUID(), required=True)


class Comment(TaskState):
    """A comment; `user_ids` are those it mentions."""

    comment_id = fields.UUID(required=True)
    text = fields.String(required=True)
    user_ids = fields.List(fields.UUID(), required=True)


class Reminder(Payload):
    """A promise that came due, for one person. `late_by` is in seconds, 0 when in time."""

    reminder_id = fields.UUID(required=True)
    user_id = fields.UUID(required=True)
    task_id = fields.UUID(required=True)
    project_id = fields.UUID(required=True)
    key = fields.String(required=True)
    title = fields.String(required=True)
    due = fields.String(required=True)
    rule = fields.String(required=True)
    fire_at = fields.AwareDateTime(required=True)
    late_by = fields.Integer(required=True)


class MissedReminders(Payload):
    """What a person would have been told during an outage of over 48 hours, in one."""

    user_id = fields.UUID(required=True)
    reminders = fields.List(fields.Nested(Reminder), required=True)


class Notifications(Payload):
    """New in-app notifications: whose streams have something to show."""

    user_ids = fields.List(fields.UUID(), required=True)


class Test(Payload):
    """A notification that somebody sends themselves."""

    __test__ = False
    test_id = fields.UUID(required=True)
    user_id = fields.UUID(required=True)


class Failure(Payload):
    """A command that was accepted and could not be done because of a fault."""

    operation_id = fields.UUID(required=True)
    service = fields.String(required=True)
    name = fields.String(required=True)
    user_id = fields.UUID(required=True)


@dataclass(frozen=True, slots=True)
class EventType:
    """One row of the catalogue."""

    name: str
    owner: str
    payload: type[Payload]
    listeners: tuple[str, ...]
    example: dict[str, Any]


_ACCOUNT = {
    "user_id": _ID + "1",
    "email": "ada@example.org",
    "display_name": "Ada",
    "time_zone": "Europe/London",
    "role": "admin",
}
_PROFILE = {**_ACCOUNT, "locale": "en", "active": True}
_PROJECT = {"project_id": _ID + "2", "key": "OPS", "name": "Operations", "archived": False, "deleted": False}
_MEMBER = {
    "project_id": _ID + "2",
    "project_key": "OPS",
    "project_name": "Operations",
    "user_id": _ID + "1",
    "role": "member",
}
_INVITED = {
    "invitation_id": _ID + "3",
    "project_id": _ID + "2",
    "project_key": "OPS",
    "project_name": "Operations",
    "email": "carol@example.org",
    "role": "member",
}
_TASK = {
    "task_id": _ID + "4",
    "project_id": _ID + "2",
    "key": "OPS-1",
    "title": "Renew the certificate",
    "status": {"id": _ID + "5", "name": "To do", "category": "todo"},
    "priority": "high",
    "due": "2026-12-24",
    "assignees": [_ID + "1"],
    "watchers": [_ID + "1"],
    "changes": {"priority": ["none", "high"]},
}
_ASSIGNED = {**_TASK, "user_ids": [_ID + "1"]}
_COMMENT = {**_ASSIGNED, "comment_id": _ID + "6", "text": "@ada please look"}
_REMINDER = {
    "reminder_id": _ID + "7",
    "user_id": _ID + "1",
    "task_id": _ID + "4",
    "project_id": _ID + "2",
    "key": "OPS-1",
    "title": "Renew the certificate",
    "due": "2026-12-24",
    "rule": "-P1D",
    "fire_at": "2026-12-24T00:00:00Z",
    "late_by": 0,
}
_NOTIFIED = {"user_ids": [_ID + "1"]}
_TESTED = {"test_id": _ID + "a", "user_id": _ID + "1"}
_FAILED = {"operation_id": _ID + "8", "service": "task", "name": "task.create", "user_id": _ID + "1"}

_TO = ("task", "notification")
_TELL = ("notification",)

USER_CREATED = EventType("user.created", "auth", Account, ("user", "project", "task", "notification"), _ACCOUNT)
USER_UPDATED = EventType("user.updated", "user", Profile, EVERYONE, _PROFILE)
USER_ROLE_CHANGED = EventType("user.role_changed", "user", Profile, EVERYONE, _PROFILE)
USER_DEACTIVATED = EventType("user.deactivated", "user", Profile, EVERYONE, {**_PROFILE, "active": False})
SESSION_REVOKED = EventType("session.revoked", "auth", Session, (), {"session_id": _ID + "9", "user_id": _ID + "1"})
PROJECT_CREATED = EventType("project.created", "project", Project, _TO, _PROJECT)
PROJECT_UPDATED = EventType("project.updated", "project", Project, _TO, _PROJECT)
PROJECT_ARCHIVED = EventType("project.archived", "project", Project, _TO, {**_PROJECT, "archived": True})
PROJECT_DELETED = EventType("project.deleted", "project", Project, _TO, {**_PROJECT, "deleted": True})
PROJECT_MEMBER_ADDED = EventType("project.member_added", "project", Membership, _TO, _MEMBER)
PROJECT_MEMBER_ROLE_CHANGED = EventType("project.member_role_changed", "project", Membership, _TO, _MEMBER)
PROJECT_MEMBER_REMOVED = EventType("project.member_removed", "project", Membership, _TO, {**_MEMBER, "role": None})
PROJECT_INVITED = EventType("project.invited", "project", Invitation, _TELL, _INVITED)
TASK_CREATED = EventType("task.created", "task", TaskState, _TELL, _TASK)
TASK_UPDATED = EventType("task.updated", "task", TaskState, _TELL, _TASK)
TASK_ASSIGNED = EventType("task.assigned", "task", Assignment, _TELL, _ASSIGNED)
TASK_UNASSIGNED = EventType("task.unassigned", "task", Assignment, _TELL, _ASSIGNED)
TASK_STATUS_CHANGED = EventType("task.status_changed", "task", TaskState, _TELL, _TASK)
TASK_COMPLETED = EventType("task.completed", "task", TaskState, _TELL, _TASK)
TASK_REOPENED = EventType("task.reopened", "task", TaskState, _TELL, _TASK)
TASK_DELETED = EventType("task.deleted", "task", TaskState, _TELL, _TASK)
TASK_DUE_CHANGED = EventType("task.due_changed", "task", TaskState, _TELL, _TASK)
TASK_COMMENTED = EventType("task.commented", "task", Comment, _TELL, _COMMENT)
TASK_MENTIONED = EventType("task.mentioned", "task", Comment, _TELL, _COMMENT)
TASK_DUE_SOON = EventType("task.due_soon", "task", Reminder, _TELL, _REMINDER)
TASK_DUE = EventType("task.due", "task", Reminder, _TELL, {**_REMINDER, "rule": "PT0S"})
TASK_OVERDUE = EventType("task.overdue", "task", Reminder, _TELL, {**_REMINDER, "rule": "P1D", "late_by": 840})
TASK_REMINDERS_MISSED = EventType(
    "task.reminders_missed", "task", MissedReminders, _TELL, {"user_id": _ID + "1", "reminders": [_REMINDER]}
)
NOTIFICATION_CREATED = EventType("notification.created", "notification", Notifications, (), _NOTIFIED)
NOTIFICATION_TESTED = EventType("notification.tested", "notification", Test, _TELL, _TESTED)
OPERATION_FAILED = EventType("operation.failed", "every service", Failure, _TELL, _FAILED)

CATALOGUE: dict[str, EventType] = {
    event.name: event for event in list(globals().values()) if isinstance(event, EventType)
}
