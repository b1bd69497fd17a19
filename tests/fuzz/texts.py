"""Texts to throw at parsers, and what became of them."""

from collections.abc import Callable
from typing import Any, TypeVar

from hypothesis import strategies as st
from marshmallow import ValidationError, fields

from punctual.kit.errors import DomainError

T = TypeVar("T")
text = st.text() | st.text(st.characters(max_codepoint=0x2100), max_size=30)
headers = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=40)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=2),
    max_leaves=5,
)


def attempt(parse: Callable[..., T], *given: Any) -> tuple[T | None, DomainError | None]:
    """What a parser reads, or the rule's own error; any other goes through."""
    try:
        return parse(*given), None
    except DomainError as error:
        return None, error


def takes(field: fields.Field[Any], value: Any) -> bool:
    """Whether a field takes a value."""
    try:
        field.deserialize(value)
    except ValidationError:
        return False
    return True
