"""What hangs on a task: comments, history, watchers."""

from marshmallow import fields

from punctual.schemas.fields import Instant, Shape, Text

COMMENT_MAX = 50_000


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
