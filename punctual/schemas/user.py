"""Shapes of people."""

import re
from typing import Any

from marshmallow import fields, validate

from punctual.schemas.fields import INSTANCE_ROLES, NAME_MAX, Instant, Line, PageQuery, QueryFlag, Shape, TimeZone

_SOMETIMES = {"optional": True}
_LOCALE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


class Locale(fields.String):
    """A language tag (BCP 47)."""

    default_error_messages = {"locale": "Must be a language tag, such as en, de-AT or zh-Hant-TW."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(metadata={"pattern": f"^{_LOCALE.pattern}$", "example": "de-AT"}, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **kwargs)
        if not _LOCALE.fullmatch(text):
            raise self.make_error("locale")
        return text


class ProfileIn(Shape):
    """What people may change of themselves."""

    display_name = Line(required=True, most=NAME_MAX)
    time_zone = TimeZone(required=True)
    locale = Locale(required=True)


class Profile(Shape):
    """A person, as the person and administrators see it."""

    id = fields.UUID()
    email = fields.String()
    display_name = fields.String()
    time_zone = fields.String()
    locale = fields.String()
    role = fields.String(validate=validate.OneOf(INSTANCE_ROLES))
    active = fields.Boolean()
    created_at = Instant()
    version = fields.Integer()


class Person(Shape):
    """A person, as others see it; the rest of the profile only for the person and for administrators."""

    id = fields.UUID()
    display_name = fields.String()
    time_zone = fields.String()
    active = fields.Boolean()
    version = fields.Integer()
    email = fields.String(metadata=_SOMETIMES)
    locale = fields.String(metadata=_SOMETIMES)
    role = fields.String(validate=validate.OneOf(INSTANCE_ROLES), metadata=_SOMETIMES)
    created_at = Instant(metadata=_SOMETIMES)


class PeopleQuery(PageQuery):
    """Whom to look for, by the beginning of a name or by a whole e-mail address; an administrator by its beginning."""

    q = Line(most=NAME_MAX)
    active = QueryFlag(
        load_default=True, metadata={"description": "False: those who were deactivated, for administrators."}
    )
    role = fields.String(
        validate=validate.OneOf(INSTANCE_ROLES), metadata={"description": "Only these, for administrators."}
    )


class RoleIn(Shape):
    """A person's role in this instance."""

    role = fields.String(required=True, validate=validate.OneOf(INSTANCE_ROLES))
