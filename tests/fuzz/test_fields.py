"""What a field takes and what its description allows are the same."""

import re
from datetime import datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st

from punctual.kit import ids
from punctual.kit.openapi.components import PARTS
from punctual.queries.task.visibility import TASK_KEY
from punctual.schemas.fields import PROJECT_KEY, Email, Flag, Id, Instant, Line, Text, TimeZone, Whole
from punctual.schemas.user import Locale
from tests.fuzz.texts import json_values, takes, text

TASK, PROJECT = (PARTS[name]["schema"]["pattern"] for name in ("task", "project"))
FIELDS = [Line(most=20), Line(least=0, most=20), Text(most=20), Text(least=1, most=20)]
addresses = st.emails() | st.emails().map(str.upper) | st.emails().map(lambda email: f" {email}\n")
offsets = st.integers(-23 * 60 - 59, 23 * 60 + 59).map(lambda minutes: timezone(timedelta(minutes=minutes)))
almost_ids = st.uuids().map(str) | st.uuids().map(lambda each: each.hex) | st.uuids().map(lambda each: each.urn)


@given(text, st.sampled_from(FIELDS))
def test_a_text_is_taken_if_its_description_says_so(tried: str, field: Text) -> None:
    least = next(validator.min for validator in field.validators)
    described = least <= len(tried) <= 20
    if "pattern" in field.metadata:
        described = described and bool(re.fullmatch(field.metadata["pattern"], tried))
    else:
        described = described and not re.search(field.metadata["not"]["pattern"], tried)
    surrogates = any(0xD800 <= ord(character) <= 0xDFFF for character in tried)

    assert takes(field, tried) == (described and not surrogates)


@given(text | st.from_regex(r"[A-Z][A-Z0-9]{0,10}-?[0-9]{0,10}"))
def test_a_reference_is_taken_if_the_document_says_so(tried: str) -> None:
    is_id = re.fullmatch(ids.WRITTEN, tried)

    assert bool(re.fullmatch(TASK, tried)) == bool(TASK_KEY.fullmatch(tried) or is_id)
    assert bool(re.fullmatch(PROJECT, tried)) == bool(re.fullmatch(PROJECT_KEY, tried) or is_id)


@given(text | almost_ids)
def test_an_id_has_one_form(tried: str) -> None:
    assert takes(Id(), tried) == bool(re.fullmatch(ids.WRITTEN, tried))


@given(text)
def test_a_language_tag_is_taken_if_its_pattern_says_so(tried: str) -> None:
    assert takes(Locale(), tried) == bool(re.fullmatch(Locale().metadata["pattern"], tried))


@given(json_values)
def test_flags_and_whole_numbers_are_nothing_else(tried: Any) -> None:
    whole = isinstance(tried, int | float) and not isinstance(tried, bool) and tried == int(tried)

    assert takes(Flag(), tried) == isinstance(tried, bool)
    assert takes(Whole(), tried) == whole


@given(text)
def test_a_zone_is_one_that_this_machine_knows(tried: str) -> None:
    assert not takes(TimeZone(), tried) or ZoneInfo(tried).key == tried


@given(st.datetimes(timezones=offsets))
def test_an_instant_of_any_offset_is_read_in_utc(instant: datetime) -> None:
    read = Instant().deserialize(instant.isoformat())

    assert read.utcoffset() == timedelta(0)
    assert read == instant or instant.year in (1, 9999)


@given(text | addresses)
def test_an_address_is_lower_case_and_printable(tried: str) -> None:
    if takes(Email(), tried):
        email = Email().deserialize(tried)
        assert email == email.strip().lower()
        assert email.isprintable()
        assert Email().deserialize(email) == email


@given(st.emails())
def test_every_usual_address_is_taken(email: str) -> None:
    assert takes(Email(), email) or len(email) > 254
