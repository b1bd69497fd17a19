"""Fields and shapes that more than one service uses; the limits of input live here.

What a field refuses its description says, too, so that a program can know it beforehand: the patterns below are
the checks, and go into the API's document as they are.
"""

import re
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from marshmallow import RAISE, Schema, fields, validate

from punctual.kit import ids

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
_CONTROLS = r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029"
_LINE_ENDS = r"\t\n\r"
# Spaces of all kinds, and what is as invisible: a title of nothing else couldn't be seen.
_BLANKS = (
    r" \u00a0\u00ad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180e\u2000-\u200f\u202a-\u202f\u205f-\u206f\u2800"
    r"\u3000\u3164\ufeff\uffa0"
)
_LINE = rf"^[^{_CONTROLS}{_LINE_ENDS}]*$"
_VISIBLE_LINE = rf"^[^{_CONTROLS}{_LINE_ENDS}]*[^{_CONTROLS}{_LINE_ENDS}{_BLANKS}][^{_CONTROLS}{_LINE_ENDS}]*$"
# JSON has no lone surrogates; what else becomes text might.
_CONTROL = re.compile(rf"[{_CONTROLS}\ud800-\udfff]")
_LINE_END = re.compile(rf"[{_LINE_ENDS}]")
_VISIBLE = re.compile(rf"[^{_BLANKS}]")
_SEEN = re.compile(rf"[^{_BLANKS}{_LINE_ENDS}]")
# Of a text that is to be seen: it has a control, or nothing but blanks.
_UNSEEN = rf"[{_CONTROLS}]|^[{_BLANKS}{_LINE_ENDS}]*$"
_CURSOR = {"format": "cursor", "pattern": "^[A-Za-z0-9_-]+$"}


class Shape(Schema):
    """A body or a query: unknown fields are refused."""

    class Meta:
        """Refuse what isn't known, so that a typing error never passes silently."""

        unknown = RAISE


class Text(fields.String):
    """Text over several lines, at most `most` characters, without controls; when `least` is 1 there is some to see."""

    default_error_messages = {"controls": "Must not contain control characters.", "blank": "Must not be blank."}
    # Of what may not be in it: a pattern of what may, once a tool has joined it to the length, is too big to compile.
    described: dict[str, Any] = {"not": {"pattern": f"[{_CONTROLS}]"}}

    def __init__(self, *, least: int = 0, most: int = TEXT_MAX, **kwargs: Any) -> None:
        self._least = least
        described = {"not": {"pattern": _UNSEEN}} if least and "not" in self.described else self.described
        super().__init__(validate=validate.Length(least, most), metadata=described, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **kwargs)
        if _CONTROL.search(text):
            raise self.make_error("controls")
        if self._least and not _SEEN.search(text):
            raise self.make_error("blank")
        return text


class Line(Text):
    """One line of text, trimmed; there is something to see in it when `least` is 1."""

    default_error_messages = {
        "lines": "Must be a single line.",
        "long": "Longer than maximum length {most}.",
    }

    def __init__(self, *, least: int = 1, most: int = TITLE_MAX, **kwargs: Any) -> None:
        self.described = {"pattern": _VISIBLE_LINE if least else _LINE}
        self._least, self._most = least, most
        super().__init__(least=least, most=most, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if _LINE_END.search(text):
            raise self.make_error("lines")
        if self._least and not _VISIBLE.search(text):
            raise self.make_error("blank")
        if len(text) > self._most:
            raise self.make_error("long", most=self._most)
        return text.strip()


class Id(fields.UUID):
    """An id as this API writes ids: 36 characters, nothing that merely means the same."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> UUID:
        try:
            return ids.parse(value)
        except ValueError:
            raise self.make_error("invalid_uuid") from None


class Flag(fields.Boolean):
    """true or false, and nothing that merely resembles them."""

    default_error_messages = {"invalid": "Must be true or false."}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if isinstance(value, bool):
            return value
        raise self.make_error("invalid")


class QueryFlag(Flag):
    """The same in a query, where everything is text."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        return super()._deserialize({"true": True, "false": False}.get(value, value), attr, data, **kwargs)


class Whole(fields.Integer):
    """A whole number; 1.0 is one in JSON, "1" and true are none."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
            raise self.make_error("invalid")
        return int(value)


class QueryInteger(fields.Integer):
    """An integer in a query: digits, and nothing else that Python would read as one."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if not re.fullmatch("-?[0-9]{1,9}", str(value)):
            raise self.make_error("invalid")
        return int(value)


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

    def __init__(self, **kwargs: Any) -> None:
        described = {"format": "time-zone", "description": "The name of an IANA time zone.", "example": "Europe/Berlin"}
        super().__init__(metadata=described, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **kwargs)
        if text not in ZONES:
            raise self.make_error("zone")
        return text


class Instant(fields.AwareDateTime):
    """An instant, told in UTC with milliseconds, and read in UTC: PostgreSQL knows offsets up to 16 hours only."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        told: datetime = super()._deserialize(value, attr, data, **kwargs)
        try:
            return told.astimezone(UTC)
        except OverflowError:
            # Beyond what Python counts: its first or last moment is as far from anything here.
            return datetime.min.replace(tzinfo=UTC) if told.year == 1 else datetime.max.replace(tzinfo=UTC)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        if value is None:
            return None
        return str(value.astimezone(UTC).isoformat(timespec="milliseconds")).replace("+00:00", "Z")


class PageQuery(Shape):
    """The query of every list."""

    limit = QueryInteger(load_default=50, validate=validate.Range(1, PAGE_MAX))
    cursor = fields.String(validate=validate.Length(1, 2000), metadata=_CURSOR)
    sort = fields.String(validate=validate.Length(1, 50))


ZONES = frozenset(available_timezones()) - {"localtime", "posixrules", "Factory"}
