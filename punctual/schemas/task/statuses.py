"""Statuses of a project, and counts of tasks."""

from marshmallow import fields, validate

from punctual.schemas.fields import CATEGORIES, NAME_MAX, Flag, Line, Shape, Whole
from punctual.schemas.task.tasks import StatusName


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
