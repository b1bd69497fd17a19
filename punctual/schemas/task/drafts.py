"""Quick add: a line, and what it was understood as."""

from marshmallow import fields, validate

from punctual.kit import ids
from punctual.schemas.fields import PRIORITIES, PROJECT_KEY, Line, Shape, TimeZone
from punctual.schemas.task.tasks import Due

QUICK_ADD_MAX = 500
DRAFT_KINDS = ("title", "project", "priority", "assignee", "due")


class QuickAdd(Shape):
    """One line that says a task; `project` (id or key) is where it belongs unless the line says #KEY."""

    text = Line(required=True, most=QUICK_ADD_MAX)
    project = fields.String(
        load_default=None, allow_none=True, validate=validate.Regexp(rf"{PROJECT_KEY}|^{ids.WRITTEN}$(?!\n)")
    )
    time_zone = TimeZone(load_default=None, allow_none=True)


class DraftProject(Shape):
    """The project that a draft belongs to."""

    id = fields.UUID()
    key = fields.String()
    name = fields.String()


class DraftPart(Shape):
    """What stands from `start` up to `end` (in characters of the line), what it says, and as which value."""

    kind = fields.String(validate=validate.OneOf(DRAFT_KINDS))
    start = fields.Integer()
    end = fields.Integer()
    text = fields.String()
    value = fields.String()


class DraftProblem(Shape):
    """What was not understood or is missing, and the way out; what is missing has no place in the line."""

    kind = fields.String(validate=validate.OneOf(DRAFT_KINDS))
    start = fields.Integer(allow_none=True)
    end = fields.Integer(allow_none=True)
    text = fields.String(allow_none=True)
    detail = fields.String()


class TaskDraft(Shape):
    """What a line was understood as; nothing of it is stored. Due, priority and assignees are as a task takes them."""

    text = fields.String()
    title = fields.String()
    project = fields.Nested(DraftProject, allow_none=True)
    priority = fields.String(validate=validate.OneOf(PRIORITIES))
    due = Due(allow_none=True)
    assignees = fields.List(fields.UUID())
    parts = fields.List(fields.Nested(DraftPart))
    problems = fields.List(fields.Nested(DraftProblem))
