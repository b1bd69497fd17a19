"""One change of many tasks."""

from marshmallow import fields, validate

from punctual.kit import ids
from punctual.schemas.fields import PRIORITIES, Id, Shape
from punctual.schemas.task.tasks import MOST_ASSIGNEES, Due

MOST_TASKS = 100
TASK_KEY = r"^[A-Z][A-Z0-9]{1,9}-[1-9][0-9]{0,8}$(?!\n)"


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
    changes = fields.Nested(
        TaskChanges,
        required=True,
        validate=validate.Length(1, error="Name at least one change."),
        metadata={"minProperties": 1},
    )


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
