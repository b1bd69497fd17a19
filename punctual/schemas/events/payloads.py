"""What events tell: enough state for replicas."""

from marshmallow import EXCLUDE, Schema, fields


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
    """A project's whole state. An owner that doesn't know of `former_keys` yet says nothing of them."""

    project_id = fields.UUID(required=True)
    key = fields.String(required=True)
    name = fields.String(required=True)
    archived = fields.Boolean(required=True)
    deleted = fields.Boolean(required=True)
    former_keys = fields.List(fields.String())


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


class EditedComment(TaskState):
    """A comment that says something else now; whom it mentions only now is told by task.mentioned."""

    comment_id = fields.UUID(required=True)
    text = fields.String(required=True)


class DeletedComment(TaskState):
    """A comment that is gone."""

    comment_id = fields.UUID(required=True)


class Status(Payload):
    """One status of a project as it is after the change, or was when deleted. Versions count per status.

    `changes` maps a field to [old, new]; the others of the project make room for a new position.
    """

    status_id = fields.UUID(required=True)
    project_id = fields.UUID(required=True)
    project_key = fields.String(required=True)
    name = fields.String(required=True)
    category = fields.String(required=True)
    position = fields.Integer(required=True)
    is_default = fields.Boolean(required=True)
    changes = fields.Dict(keys=fields.String(), values=fields.List(fields.Raw(allow_none=True)), required=True)


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
