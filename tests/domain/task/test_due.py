"""A deadline: read, written, stored, and when it ends."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from punctual.domain.task.due import Due
from punctual.domain.task.zones import zone_named
from punctual.kit.errors import Invalid
from tests.domain.task import strategies as some


def test_a_date_stays_a_date() -> None:
    due = Due.parse("2026-12-24")

    assert due.when == date(2026, 12, 24)
    assert not isinstance(due.when, datetime)


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-24T09:00:00Z",
        "2026-12-24t09:00:00z",
        "2026-12-24 09:00:00Z",
        "2026-12-24T10:00:00+01:00",
        "2026-12-23T22:00:00-11:00",
        "2026-12-24T09:00:00-00:00",
        "2026-12-24T09:00:00.999999999Z",
    ],
)
def test_an_instant_is_utc_in_whole_seconds(text: str) -> None:
    due = Due.parse(text)

    assert due == Due.at(datetime(2026, 12, 24, 9, tzinfo=UTC))
    assert str(due) == "2026-12-24T09:00:00Z"


@pytest.mark.parametrize(
    "text", ["1970-01-01", "9998-12-31", "2028-02-29", "1970-01-01T00:00:00Z", "9998-12-31T23:59:59Z"]
)
def test_the_ends_of_the_range_and_leap_days_are_deadlines(text: str) -> None:
    assert str(Due.parse(text)) == text


@pytest.mark.parametrize(
    "text", ["2026-02-30", "2026-02-29", "2026-13-01", "2026-00-10", "2026-02-30T09:00:00Z", "0000-01-01"]
)
def test_a_date_that_the_calendar_lacks_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="calendar has no") as caught:
        Due.parse(text)

    assert caught.value.field == "due"


@pytest.mark.parametrize(
    "text",
    [
        "1969-12-31",
        "9999-01-01",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
        "1970-01-01T00:00:00+01:00",
        "9998-12-31T23:59:59-01:00",
    ],
)
def test_a_deadline_out_of_range_is_refused_also_after_it_is_turned_into_utc(text: str) -> None:
    with pytest.raises(Invalid, match="1970-01-01 to 9998-12-31") as caught:
        Due.parse(text)

    assert caught.value.field == "due"


@pytest.mark.parametrize("text", ["2026-12-24T09:00:00", "2026-12-24 09:00:00.5"])
def test_an_instant_without_a_zone_is_refused_with_the_way_out(text: str) -> None:
    with pytest.raises(Invalid, match=r"no time zone: end it with Z") as caught:
        Due.parse(text)

    assert caught.value.field == "due"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tomorrow",
        "20261224",
        "2026-W52-4",
        "2026-12-24\n",
        " 2026-12-24",
        "२०२६-१२-२४",
        "2026-12-24T24:00:00Z",
        "2026-12-24T23:59:60Z",
        "2026-12-24T09:00Z",
        "2026-12-24T09:00:00+24:00",
        "2026-12-24T09:00:00+0100",
        "12026-12-24",
        "\ud800",
        "2026-12-24T09:00:00Z\0",
        "9" * 10_000,
    ],
)
def test_anything_else_is_refused_with_examples(text: str) -> None:
    with pytest.raises(Invalid, match="is not a deadline: give a date such as 2026-12-24") as caught:
        Due.parse(text)

    assert caught.value.field == "due"
    assert len(caught.value.detail) < 250
    assert caught.value.detail.isprintable()


@given(st.text() | st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]{8}(Z|[+-][0-9:]{5}))?", fullmatch=True))
def test_every_text_is_a_deadline_or_a_broken_rule(text: str) -> None:
    with suppress(Invalid):
        due = Due.parse(text)

        assert Due.parse(str(due)) == due


@given(some.dues)
def test_a_deadline_survives_the_wire(due: Due) -> None:
    assert Due.parse(str(due)) == due


@given(some.dues)
def test_a_deadline_survives_the_database(due: Due) -> None:
    assert Due.from_columns(*due.columns()) == due


@given(some.instants, st.integers(-23 * 60, 23 * 60))
def test_an_instant_is_the_same_from_every_offset(instant: datetime, minutes: int) -> None:
    if instant.year in (1970, 9998):
        return
    elsewhere = instant.astimezone(timezone(timedelta(minutes=minutes)))

    assert Due.parse(elsewhere.isoformat()) == Due.at(elsewhere) == Due.at(instant)


def test_no_deadline_is_two_nulls() -> None:
    assert Due.from_columns(None, None) is None


def test_a_date_and_the_midnight_of_it_are_two_deadlines() -> None:
    assert Due.parse("2026-12-24") != Due.parse("2026-12-24T00:00:00Z")


def test_an_instant_from_code_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Due.at(datetime(2026, 12, 24))  # noqa: DTZ001


def test_a_date_ends_at_the_end_of_its_day_for_each_person() -> None:
    due = Due.parse("2026-12-24")

    assert due.ends_at(zone_named("Pacific/Kiritimati")) == datetime(2026, 12, 24, 10, tzinfo=UTC)
    assert due.ends_at(zone_named("Pacific/Pago_Pago")) == datetime(2026, 12, 25, 11, tzinfo=UTC)


@given(some.instants, some.zones)
def test_an_instant_ends_at_itself_for_everybody(instant: datetime, zone: ZoneInfo) -> None:
    assert Due.at(instant).ends_at(zone) == instant
