"""What goes over a wire comes back as it was."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given, strategies as st

from punctual.kit import wire
from punctual.kit.ids import uuid7


def verb(*, task_id: UUID, at: datetime | None, day: date, people: list[UUID], note: str) -> None:
    """A function as commands are."""


@given(
    at=st.none() | st.datetimes(timezones=st.just(UTC)),
    day=st.dates(),
    note=st.text(st.characters(exclude_categories=["Cs"])),
    count=st.integers(0, 3),
)
def test_arguments_come_back_by_annotation(at: datetime | None, day: date, note: str, count: int) -> None:
    at = at and at.replace(microsecond=at.microsecond // 1000 * 1000)
    sent = {"task_id": uuid7(), "at": at, "day": day, "people": [uuid7() for _ in range(count)], "note": note}

    received = wire.restorer(verb)(wire.loads(wire.dumps(sent)))

    assert received == sent


def test_instants_are_utc_with_milliseconds() -> None:
    assert wire.instant(datetime(2026, 1, 1, tzinfo=UTC)) == "2026-01-01T00:00:00.000Z"


@pytest.mark.parametrize("text", ["{", "NaN", '"\\ud800"', "[" * 100_000])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        wire.loads(text)
