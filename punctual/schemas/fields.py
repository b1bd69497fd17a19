"""Fields and shapes that more than one service uses; the limits of input live here."""

import re
from datetime import UTC
from typing import Any
from zoneinfo import available_timezones

from marshmallow import RAISE, Schema, fields, validate

TITLE_MAX = 255
TEXT_MAX = 100_000
NAME_MAX = 100
EMAIL_MAX = 254
PAGE_MAX = 200
PROJECT_KEY = r"^[A-Z][A-Z0-9]{1,9}$(?!\n)"  # Python's $ alone lets a line end pass
PRIORITIES = ("none", "low", "medium", "high", "urgent")
CATEGORIES = ("backlog", "todo", "in_progress", "done", "cancelled")
PROJECT_ROLES = ("owner", "admin", "member", "commenter", "viewer")
INSTANCE_ROLES = ("admin", "user")

# Controls (but tab and line ends) can't be typed, can't be shown, and NUL can't be stored.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029\ud800-\udfff]")
_LINE_ENDS = re.compile(r"[\r\n\t]")


class Shape(Schema):
    """A body or a query: unknown fields are refused."""

    class Meta:
        """Refuse what isn't known, so that a typing error never passes silently."""

        unknown = RAISE


class Text(fields.String):
    """Text over several lines, at most `most` characters, without control characters."""

    default_error_messages = {"controls": "Must not contain control characters."}

    def __init__(self, *, least: int = 0, most: int = TEXT_MAX, **kwargs: Any) -> None:
        super().__init__(validate=validate.Length(least, most), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **kwargs)
        if _CONTROLS.search(text):
            raise self.make_error("controls")
        return text


class Line(Text):
    """One line of text, trimmed, not blank when `least` is 1."""

    default_error_messages = {"lines": "Must be a single line."}

    def __init__(self, *, least: int = 1, most: int = TITLE_MAX, **kwargs: Any) -> None:
        super().__init__(least=least, most=most, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs).strip()
        if _LINE_ENDS.search(text):
            raise self.make_error("lines")
        return text


class Email(fields.Email):
    """An e-mail address, in lower case."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=validate.Length(max=EMAIL_MAX), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = str(super()._deserialize(value, attr, data, **kwargs)).strip().lower()
        # Within quotes the standard would allow them; no mail system does.
        if not text.isprintable():
            raise self.make_error("invalid")
        return text


class TimeZone(fields.String):
    """An IANA time zone."""

    default_error_messages = {"zone": "Must be an IANA time zone, such as Europe/Berlin or UTC."}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **kwargs)
        if text not in ZONES:
            raise self.make_error("zone")
        return text


class Instant(fields.AwareDateTime):
    """An instant, told in UTC with milliseconds."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        if value is None:
            return None
        return str(value.astimezone(UTC).isoformat(timespec="milliseconds")).replace("+00:00", "Z")


class PageQuery(Shape):
    """The query of every list."""

    limit = fields.Integer(load_default=50, validate=validate.Range(1, PAGE_MAX))
    cursor = fields.String(validate=validate.Length(1, 2000))
    sort = fields.String(validate=validate.Length(1, 50))


ZONES = frozenset(available_timezones()) - {"localtime", "posixrules", "Factory"}
