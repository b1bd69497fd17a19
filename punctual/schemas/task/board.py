"""A board: what a project's page shows at once."""

from marshmallow import fields, validate

from punctual.schemas.fields import PRIORITIES, QueryInteger, Shape
from punctual.schemas.task.statuses import Status
from punctual.schemas.task.tasks import Due


class StreamQuery(Shape):
    """`age`: how many milliseconds ago was read what the stream is to keep up to date."""

    age = QueryInteger(validate=validate.Range(0, 86_400_000))


class BoardProject(Shape):
    """The project, and the caller's role in it."""

    id = fields.UUID()
    key = fields.String()
    name = fields.String()
    archived = fields.Boolean()
    role = fields.String()


class BoardStatus(Status):
    """A column; `tasks` are all that are in it, shown or not."""

    tasks = fields.Integer()


class BoardMember(Shape):
    """Somebody in the project; the name is unknown until the profile has arrived."""

    user_id = fields.UUID()
    display_name = fields.String(allow_none=True)
    role = fields.String()


class Card(Shape):
    """A task as a card."""

    id = fields.UUID()
    key = fields.String()
    title = fields.String()
    status_id = fields.UUID()
    priority = fields.String(validate=validate.OneOf(PRIORITIES))
    due = Due(allow_none=True)
    assignees = fields.List(fields.UUID())
    version = fields.Integer()


class Board(Shape):
    """Up to 600 open tasks by deadline, the 40 closed ones that changed last, and up to 1,000 members by name."""

    project = fields.Nested(BoardProject)
    statuses = fields.List(fields.Nested(BoardStatus))
    members = fields.List(fields.Nested(BoardMember))
    open = fields.List(fields.Nested(Card))
    closed = fields.List(fields.Nested(Card))
