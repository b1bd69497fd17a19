"""Cursors are checked when they come back."""

import base64
import contextlib

import pytest
from hypothesis import given, strategies as st

from punctual.kit import wire
from punctual.kit.errors import Invalid
from punctual.kit.ids import uuid7
from punctual.kit.pagination import Sort, page

BY_NAME = Sort("name", (("name", "text"), ("id", "uuid")))
NEWEST = Sort("-id", (("id", "uuid"),), descending=True)
ID = "0190b6a0-0000-7000-8000-000000000001"


def cursor(*values: object) -> str:
    return base64.urlsafe_b64encode(wire.dumps(list(values))).decode().rstrip("=")


def test_a_cursor_of_ours_continues_after_its_row() -> None:
    last = uuid7()

    where, values = page({"cursor": cursor("name", "ops", str(last))}, (BY_NAME, NEWEST)).where()

    assert where == "(name, id) > (%s::text, %s::uuid)"
    assert values == ["ops", last]


@pytest.mark.parametrize(
    "tampered",
    [
        "x",
        "%%%",
        cursor("name"),
        cursor("-id", ID),
        cursor("name", "ops", "no id"),
        cursor("name", 5, ID),
        cursor("name", "a\x00b", ID),
        cursor("name", ["x"], ID),
    ],
)
def test_any_other_cursor_is_refused(tampered: str) -> None:
    with pytest.raises(Invalid) as error:
        page({"cursor": tampered}, (BY_NAME, NEWEST))

    assert error.value.field == "cursor"


@given(st.text(min_size=1))
def test_no_text_crashes_the_cursor(text: str) -> None:
    with contextlib.suppress(Invalid):
        page({"cursor": text}, (BY_NAME,))


def test_an_unknown_sort_is_refused_with_the_known_ones() -> None:
    with pytest.raises(Invalid, match="name, -id"):
        page({"sort": "colour"}, (BY_NAME, NEWEST))
