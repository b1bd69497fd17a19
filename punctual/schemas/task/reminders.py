"""Reminder rules, and what is promised."""

from marshmallow import fields, validate

from punctual.schemas.fields import Instant, Shape

_RULE_MAX = 40
_DURATION = "^[+-]?P(?=[0-9T])([0-9]{1,6}W)?([0-9]{1,6}D)?(T(?=[0-9])([0-9]{1,6}H)?([0-9]{1,6}M)?(0{1,6}S)?)?$"
MOST_RULES = 20


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
