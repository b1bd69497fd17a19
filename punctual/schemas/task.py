"""Shapes of tasks, statuses, comments, history and reminders."""

from typing import Any
from uuid import UUID

from marshmallow import ValidationError, fields, validate

from punctual.schemas.fields import (
    CATEGORIES,
    NAME_MAX,
    PRIORITIES,
    TITLE_MAX,
    Instant,
    Line,
    PageQuery,
    Shape,
    Text,
)

_DUE_MAX = 40
_RULE_MAX = 40
MOST_RULES = 20
MOST_ASSIGNEES = 100
COMMENT_MAX = 50_000


class Due(fields.String):
    """A deadline: a date, or an instant with its zone. Told as it was set, an instant in UTC."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else str(value)


class TaskIn(Shape):
    """A new task, or with PATCH what changes of one."""

    title = Line(required=True, most=TITLE_MAX)
    description = Text(load_default="")
    status_id = fields.UUID(load_default=None, allow_none=True)
    priority = fields.String(load_default="none", validate=validate.OneOf(PRIORITIES))
    due = Due(load_default=None, allow_none=True, validate=validate.Length(1, _DUE_MAX))
    assignees = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=MOST_ASSIGNEES))


class StatusName(Shape):
    """The status of a task."""

    id = fields.UUID()
    name = fields.String()
    category = fields.String(validate=validate.OneOf(CATEGORIES))


class Task(Shape):
    """A task."""

    id = fields.UUID()
    project_id = fields.UUID()
    key = fields.String()
    number = fields.Integer()
    title = fields.String()
    description = fields.String()
    status = fields.Nested(StatusName)
    priority = fields.String(validate=validate.OneOf(PRIORITIES))
    due = Due(allow_none=True)
    assignees = fields.List(fields.UUID())
    created_by = fields.UUID()
    created_at = Instant()
    updated_at = Instant()
    completed_at = Instant(allow_none=True)
    version = fields.Integer()


class Assignee(fields.Field[UUID | str]):
    """`me`, or a user's id."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> UUID | str:
        if value == "me":
            return "me"
        try:
            return UUID(str(value))
        except ValueError:
            raise ValidationError("Must be me or a user's id.") from None


class TaskQuery(PageQuery):
    """Which tasks to list."""

    status = fields.UUID()
    category = fields.String(validate=validate.OneOf((*CATEGORIES, "open", "closed")))
    priority = fields.String(validate=validate.OneOf(PRIORITIES))
    assignee = Assignee()
    due_before = fields.String(validate=validate.Length(1, _DUE_MAX))
    due_after = fields.String(validate=validate.Length(1, _DUE_MAX))
    q = Line(most=200)


class StatusIn(Shape):
    """A new status, or with PATCH what changes of one."""

    name = Line(required=True, most=NAME_MAX)
    category = fields.String(required=True, validate=validate.OneOf(CATEGORIES))
    position = fields.Integer(strict=True, validate=validate.Range(0, 49))
    is_default = fields.Boolean()


class Status(StatusName):
    """A status of a project; `position` counts from 0."""

    position = fields.Integer()
    is_default = fields.Boolean()
    version = fields.Integer()


class CommentIn(Shape):
    """What somebody says. People are mentioned as @name."""

    text = Text(required=True, least=1, most=COMMENT_MAX)


class Comment(Shape):
    """A comment on a task."""

    id = fields.UUID()
    task_id = fields.UUID()
    author_id = fields.UUID()
    text = fields.String()
    mentions = fields.List(fields.UUID())
    created_at = Instant()
    updated_at = Instant()
    version = fields.Integer()


class History(Shape):
    """Something that happened to a task; `changes` maps a field to [old, new]."""

    id = fields.UUID()
    name = fields.String()
    caller_id = fields.UUID(allow_none=True)
    occurred_at = Instant()
    changes = fields.Dict()


class Watcher(Shape):
    """Somebody who follows a task."""

    user_id = fields.UUID()


class RulesIn(Shape):
    """Reminder rules: ISO 8601 durations from the deadline; None: the defaults (again)."""

    rules = fields.List(
        fields.String(validate=validate.Length(1, _RULE_MAX)),
        required=True,
        allow_none=True,
        validate=validate.Length(max=MOST_RULES),
    )


class Rules(Shape):
    """The rules in force, and whether they are the person's own."""

    rules = fields.List(fields.String())
    own = fields.Boolean()


class Reminder(Shape):
    """A promise to remind somebody."""

    id = fields.UUID()
    user_id = fields.UUID()
    rule = fields.String()
    fire_at = Instant()
    state = fields.String()
    reason = fields.String(allow_none=True)
    settled_at = Instant(allow_none=True)


class TaskReminders(Rules):
    """The caller's rules for a task, and everybody's promises."""

    items = fields.List(fields.Nested(Reminder))
