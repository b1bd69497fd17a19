"""Shapes of tasks, statuses, comments, history and reminders."""

from typing import Any
from uuid import UUID

from marshmallow import ValidationError, fields, validate, validates_schema

from punctual.kit import ids
from punctual.schemas.fields import (
    CATEGORIES,
    NAME_MAX,
    PRIORITIES,
    PROJECT_KEY,
    TITLE_MAX,
    Flag,
    Id,
    Instant,
    Line,
    PageQuery,
    Shape,
    Text,
    TimeZone,
    Whole,
)

_DUE_MAX = 40
_RULE_MAX = 40
_YEARS = "^(19[7-9][0-9]|[2-8][0-9]{3}|9[0-8][0-9]{2}|99[0-8][0-9]|999[0-8])-"
_DURATION = "^[+-]?P(?=[0-9T])([0-9]{1,6}W)?([0-9]{1,6}D)?(T(?=[0-9])([0-9]{1,6}H)?([0-9]{1,6}M)?(0{1,6}S)?)?$"
MOST_RULES = 20
MOST_ASSIGNEES = 100
MOST_TASKS = 100
TASK_KEY = r"^[A-Z][A-Z0-9]{1,9}-[1-9][0-9]{0,8}$(?!\n)"
COMMENT_MAX = 50_000
QUICK_ADD_MAX = 500
DRAFT_KINDS = ("title", "project", "priority", "assignee", "due")


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


class TaskChanges(Shape):
    """What becomes of many tasks; what is absent stays as it is, a deadline of null clears."""

    status_id = Id()
    priority = fields.String(validate=validate.OneOf(PRIORITIES))
    due = Due(allow_none=True)
    add_assignees = fields.List(Id(), validate=validate.Length(1, MOST_ASSIGNEES))
    remove_assignees = fields.List(Id(), validate=validate.Length(1, MOST_ASSIGNEES))


class BulkChange(Shape):
    """Tasks of one project, by id or key, and what becomes of each of them."""

    tasks = fields.List(
        fields.String(validate=validate.Regexp(rf"{TASK_KEY}|^{ids.WRITTEN}$(?!\n)")),
        required=True,
        validate=validate.Length(1, MOST_TASKS),
    )
    changes = fields.Nested(TaskChanges, required=True)

    @validates_schema
    def both(self, given: dict[str, Any], **_: Any) -> None:
        """With PATCH nothing else demands them."""
        missing = {name: ["Missing data for required field."] for name in ("tasks", "changes") if name not in given}
        if missing:
            raise ValidationError(missing)
        if not given["changes"]:
            raise ValidationError({"changes": ["Name at least one change."]})


class BulkOutcome(Shape):
    """What became of one task, named as it was asked for; `problem` is the reason of a rejection."""

    task = fields.String()
    state = fields.String(validate=validate.OneOf(("changed", "unchanged", "rejected")))
    id = fields.UUID(allow_none=True)
    key = fields.String(allow_none=True)
    version = fields.Integer(allow_none=True)
    problem = fields.Dict(allow_none=True)


class BulkOutcomes(Shape):
    """What became of each task, in the order asked for."""

    items = fields.List(fields.Nested(BulkOutcome))


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


class TaskQuery(PageQuery):
    """Which tasks to list."""

    status = Id()
    category = fields.String(validate=validate.OneOf((*CATEGORIES, "open", "closed")))
    priority = fields.String(validate=validate.OneOf(PRIORITIES))
    assignee = Assignee()
    due_before = Due()
    due_after = Due()
    q = Line(most=200)


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


class StatusIn(Shape):
    """A new status, or with PATCH what changes of one."""

    name = Line(required=True, most=NAME_MAX)
    category = fields.String(required=True, validate=validate.OneOf(CATEGORIES))
    position = Whole(validate=validate.Range(0, 49))
    is_default = Flag()


class Status(StatusName):
    """A status of a project; `position` counts from 0."""

    position = fields.Integer()
    is_default = fields.Boolean()
    version = fields.Integer()


class ProjectCounts(Shape):
    """How much there is to do in a project; `overdue_tasks` by the caller's clock, and open as well."""

    project_id = fields.UUID()
    project_key = fields.String()
    open_tasks = fields.Integer()
    overdue_tasks = fields.Integer()


class StatusCounts(Shape):
    """How many tasks are in a status; none that is closed is overdue."""

    status_id = fields.UUID()
    tasks = fields.Integer()
    overdue_tasks = fields.Integer()


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
        fields.String(
            validate=validate.Length(1, _RULE_MAX), metadata={"pattern": _DURATION, "format": "signed-duration"}
        ),
        required=True,
        allow_none=True,
        validate=validate.Length(max=MOST_RULES),
        metadata={"uniqueItems": True},
    )


class Rules(Shape):
    """The rules in force, and whether they are the person's own."""

    rules = fields.List(fields.String())
    own = fields.Boolean()


class Reminder(Shape):
    """A promise to remind somebody.

    Once it has fired `settled_at` is when, `late_by` by how many seconds (0 within a minute), and `event_id` what the
    person's deliveries name.
    """

    id = fields.UUID()
    user_id = fields.UUID()
    rule = fields.String()
    due_version = fields.Integer()
    fire_at = Instant()
    state = fields.String()
    reason = fields.String(allow_none=True)
    settled_at = Instant(allow_none=True)
    late_by = fields.Integer(allow_none=True)
    event_id = fields.UUID(allow_none=True)


class TaskReminders(Rules):
    """The caller's rules for a task, and everybody's promises."""

    items = fields.List(fields.Nested(Reminder))
