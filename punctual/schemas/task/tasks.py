"""Tasks, lists of them, and their deadlines."""

from typing import Any
from uuid import UUID

from marshmallow import ValidationError, fields, validate

from punctual.kit import ids
from punctual.schemas.fields import CATEGORIES, PRIORITIES, TITLE_MAX, Id, Instant, Line, PageQuery, Shape, Text

_DUE_MAX = 40
_YEARS = "^(19[7-9][0-9]|[2-8][0-9]{3}|9[0-8][0-9]{2}|99[0-8][0-9]|999[0-8])-"
MOST_ASSIGNEES = 100


class Due(fields.String):
    """A deadline: a date, or an instant with its zone. Told as it was set, an instant in UTC."""

    default_error_messages = {"long": "Longer than maximum length {most}.", "empty": "Must not be empty."}

    def __init__(self, **kwargs: Any) -> None:
        forms = [{"format": "date", "pattern": _YEARS}, {"format": "date-time", "pattern": _YEARS}]
        none = [{"type": "null"}] if kwargs.get("allow_none") else []
        super().__init__(metadata={"anyOf": [*forms, *none]}, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **kwargs)
        if not text:
            raise self.make_error("empty")
        if len(text) > _DUE_MAX:
            raise self.make_error("long", most=_DUE_MAX)
        return text

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else str(value)


class TaskIn(Shape):
    """A new task, or with PATCH what changes of one."""

    title = Line(required=True, most=TITLE_MAX)
    description = Text(load_default="")
    status_id = Id(load_default=None, allow_none=True)
    priority = fields.String(load_default="none", validate=validate.OneOf(PRIORITIES))
    due = Due(load_default=None, allow_none=True)
    assignees = fields.List(Id(), load_default=list, validate=validate.Length(max=MOST_ASSIGNEES))


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

    def __init__(self, **kwargs: Any) -> None:
        described = {"type": "string", "anyOf": [{"const": "me"}, {"format": "uuid"}]}
        super().__init__(metadata=described, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> UUID | str:
        if value == "me":
            return "me"
        try:
            return ids.parse(value)
        except ValueError:
            raise ValidationError("Must be me or a user's id.") from None


class BoardQuery(Shape):
    """Which tasks to show."""

    priority = fields.String(validate=validate.OneOf(PRIORITIES))
    assignee = Assignee()
    due_before = Due()
    due_after = Due()
    q = Line(most=200)


class TaskQuery(PageQuery, BoardQuery):
    """Which tasks to list."""

    status = Id()
    category = fields.String(validate=validate.OneOf((*CATEGORIES, "open", "closed")))
