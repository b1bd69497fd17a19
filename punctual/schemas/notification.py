"""Shapes of notifications, their deliveries, and preferences."""

from typing import Any

from marshmallow import fields, validate

from punctual.schemas.fields import Flag, Id, Instant, PageQuery, QueryFlag, Shape

CHANNELS = ("in_app", "email")
STATES = ("queued", "held", "sending", "sent", "failed", "dead", "suppressed")
KINDS_MAX = 100
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CLOCK = r"^([01][0-9]|2[0-3]):[0-5][0-9]$(?!\n)"
KINDS = (
    "task.assigned",
    "task.unassigned",
    "task.mentioned",
    "task.commented",
    "task.created",
    "task.updated",
    "task.status_changed",
    "task.completed",
    "task.reopened",
    "task.due_changed",
    "task.deleted",
    "task.due_soon",
    "task.due",
    "task.overdue",
    "task.reminders_missed",
    "project.member_added",
    "project.member_role_changed",
    "project.member_removed",
    "project.archived",
    "project.deleted",
    "project.invited",
    "operation.failed",
    "notification.tested",
)
STEPS = ("accepted", "queued", "inbox", "worker", "smtp", "delivered")


class Notification(Shape):
    """What one event tells the caller; `data` holds the facts that its kind is worded from."""

    id = fields.UUID()
    kind = fields.String()
    title = fields.String()
    task_id = fields.UUID(allow_none=True)
    project_id = fields.UUID(allow_none=True)
    data = fields.Dict(keys=fields.String())
    created_at = Instant()
    read_at = Instant(allow_none=True)


class NotificationQuery(PageQuery):
    """Which of the caller's notifications; `muted`: those that their preferences keep out of the inbox."""

    unread = QueryFlag(load_default=False)
    muted = QueryFlag(load_default=False)
    after = Instant()
    task_id = Id()


class GroupQuery(PageQuery):
    """Which of the caller's notifications to group."""

    unread = QueryFlag(load_default=False)
    after = Instant()


class NotificationGroup(Shape):
    """What was told of one task, or one notification that is about none; `latest` is the newest of them."""

    task_id = fields.UUID(allow_none=True)
    total = fields.Integer()
    unread = fields.Integer()
    latest = fields.Nested(Notification)


class Unread(Shape):
    """How many of the caller's notifications are unread."""

    unread = fields.Integer()


class Delivery(Shape):
    """What became of a notification on one channel, and why."""

    id = fields.UUID()
    notification_id = fields.UUID(allow_none=True)
    event_id = fields.UUID(allow_none=True)
    task_id = fields.UUID(allow_none=True)
    user_id = fields.UUID(allow_none=True)
    recipient = fields.String(allow_none=True)
    kind = fields.String()
    channel = fields.String(validate=validate.OneOf(CHANNELS))
    state = fields.String(validate=validate.OneOf(STATES))
    reason = fields.String(allow_none=True)
    attempts = fields.Integer()
    attempted_at = Instant(allow_none=True)
    next_attempt_at = Instant(allow_none=True)
    sent_at = Instant(allow_none=True)
    created_at = Instant()


class Step(Shape):
    """A hop of a test notification: when it was done or failed, or why it wasn't done."""

    name = fields.String(validate=validate.OneOf(STEPS))
    state = fields.String(validate=validate.OneOf(("done", "pending", "failed", "skipped")))
    at = Instant(allow_none=True)
    reason = fields.String(allow_none=True)


class NotificationTest(Shape):
    """A test notification and its hops in order; `smtp` is the mail server's answer, `delivered` that it took it."""

    id = fields.UUID()
    state = fields.String(validate=validate.OneOf(("done", "pending", "failed")))
    notification_id = fields.UUID(allow_none=True)
    steps = fields.List(fields.Nested(Step))


class Deliveries(Shape):
    """The deliveries of one notification."""

    items = fields.List(fields.Nested(Delivery))


class DeliveryQuery(PageQuery):
    """Which deliveries; others' than one's own only for administrators of the instance."""

    user_id = Id()
    task_id = Id()
    state = fields.String(validate=validate.OneOf(STATES))
    channel = fields.String(validate=validate.OneOf(CHANNELS))


class Preference(Shape):
    """Whether one kind shows in the inbox, and whether it comes by e-mail."""

    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    in_app = Flag(required=True)
    email = Flag(required=True)


class Clock(fields.String):
    """A time of day in the person's own zone, such as 08:00."""

    def __init__(self, **kwargs: Any) -> None:
        wrong = "Must be a time from 00:00 to 23:59."
        super().__init__(validate=validate.Regexp(CLOCK, error=wrong), metadata={"example": "08:00"}, **kwargs)


class QuietHours(Shape):
    """When no e-mails come, by the clock of the person's own zone; they begin on these days, `to` may be on the next.

    From a time to the same time is a whole day.
    """

    begins = Clock(required=True, data_key="from", attribute="from")
    ends = Clock(required=True, data_key="to", attribute="to")
    days = fields.List(
        fields.String(validate=validate.OneOf(DAYS)), load_default=lambda: list(DAYS), validate=validate.Length(1, 7)
    )


class QuietHoursIn(QuietHours):
    """The same as they are chosen: without days, on every day."""


class DigestRhythm(Shape):
    """How often e-mails come as one, with what is still unread: `at` counts for days and weeks, `day` for weeks.

    Reminders come at once all the same, unless `reminders` puts them into the digest, too.
    """

    every = fields.String(required=True, validate=validate.OneOf(("hour", "day", "week")))
    at = Clock(load_default="08:00")
    day = fields.String(load_default="mon", validate=validate.OneOf(DAYS))
    reminders = Flag(load_default=False)


class DigestRhythmIn(DigestRhythm):
    """The same as it is chosen; only `every` must be said."""


class Preferences(Shape):
    """What the caller wants to hear of, and when e-mails come; null: no quiet hours, each e-mail at once."""

    items = fields.List(fields.Nested(Preference))
    quiet_hours = fields.Nested(QuietHours, allow_none=True)
    digest = fields.Nested(DigestRhythm, allow_none=True)


class PreferencesIn(Shape):
    """New preferences: kinds that aren't named go back to their defaults.

    Quiet hours and the digest stay unless they are named; null ends them.
    """

    items = fields.List(fields.Nested(Preference), required=True, validate=validate.Length(max=KINDS_MAX))
    quiet_hours = fields.Nested(QuietHoursIn, allow_none=True)
    digest = fields.Nested(DigestRhythmIn, allow_none=True)


class Unsubscription(Shape):
    """Whether e-mails of a kind (`all`: of any) come to whom a link is for."""

    kind = fields.String()
    email = fields.Boolean()
