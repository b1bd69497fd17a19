"""What a shape and the checks beside it make of a request."""

from typing import Any

import pytest
from marshmallow import fields, validate

from punctual.kit.errors import Invalid, InvalidFields
from punctual.kit.reading import load
from punctual.schemas.fields import Shape


class Note(Shape):
    text = fields.String(required=True, validate=validate.Length(max=5))
    day = fields.String(allow_none=True, load_default=None)
    days = fields.List(fields.String())


def a_day(text: str) -> str:
    if text != "today":
        raise Invalid("There is only today.", field="day")
    return text


def days(texts: list[str]) -> list[str]:
    return [a_day(text) for text in texts]


def refused(values: dict[str, Any]) -> dict[str, Any]:
    with pytest.raises(InvalidFields) as caught:
        load(Note(), values, {"day": a_day, "days": days})
    errors: dict[str, Any] = caught.value.problem()["errors"]
    return errors


def test_what_passes_shape_and_checks_is_loaded_as_the_shape_says() -> None:
    assert load(Note(), {"text": "a", "day": "today"}, {"day": a_day}) == {"text": "a", "day": "today"}


def test_what_is_absent_or_null_needs_no_check() -> None:
    assert load(Note(), {"text": "a"}, {"day": a_day, "days": days}) == {"text": "a", "day": None}


def test_the_shape_and_the_checks_complain_together() -> None:
    errors = refused({"text": "too long", "day": "tomorrow", "colour": "red"})

    assert errors.keys() == {"text", "day", "colour"}
    assert errors["day"] == ["There is only today."]


def test_a_field_of_the_wrong_shape_is_not_checked_further() -> None:
    assert refused({"text": "a", "days": ["tomorrow", 1]})["days"].keys() == {"1"}
