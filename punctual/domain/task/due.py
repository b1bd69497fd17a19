"""A deadline: a date, which ends with the day of whoever is reminded, or an instant, the same for all."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from punctual.domain.task.zones import end_of_day, same_wall_time
from punctual.kit.errors import Invalid

_FIRST, _LAST = date(1970, 1, 1), date(9998, 12, 31)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_INSTANT = re.compile(rf"({_DATE.pattern})[Tt ]({_CLOCK}:[0-5][0-9])(?:\.[0-9]+)?([Zz]|[+-]{_CLOCK})?")


@dataclass(frozen=True, slots=True)
class Due:
    """`when` is a date, which stays a date, or a datetime in UTC and whole seconds."""

    when: date | datetime

    @classmethod
    def on(cls, day: date) -> Self:
        return cls(day)

    @classmethod
    def at(cls, instant: datetime) -> Self:
        """From an aware datetime of any zone; fractions of a second are dropped."""
        if instant.tzinfo is None:
            raise ValueError("the instant of a deadline needs a time zone")
        return cls(instant.astimezone(UTC).replace(microsecond=0))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "2026-12-24" or RFC 3339 "2026-12-24T09:00:00+01:00"; `Invalid` names the field `due`."""
        if _DATE.fullmatch(text):
            return cls.on(_day(text))
        match = _INSTANT.fullmatch(text)
        if match is None:
            raise _invalid(
                f"{_shown(text)} is not a deadline: give a date such as 2026-12-24, "
                "or an instant with seconds and zone such as 2026-12-24T09:00:00Z."
            )
        day, clock, offset = match.groups()
        if offset is None:
            raise _invalid(
                f"{_shown(text)} has no time zone: end it with Z or an offset such as +02:00, "
                "or give only the date for the whole day."
            )
        _day(day)
        instant = datetime.fromisoformat(f"{day}T{clock}{offset.upper()}").astimezone(UTC)
        _check_range(instant.date())
        return cls.at(instant)

    @classmethod
    def from_columns(cls, due_date: date | None, due_at: datetime | None) -> Self | None:
        """From a task's columns due_date and due_at; None where both are null."""
        if due_date is not None:
            return cls.on(due_date)
        return None if due_at is None else cls.at(due_at)

    def columns(self) -> tuple[date | None, datetime | None]:
        """For a task's columns due_date and due_at."""
        return (None, self.when) if isinstance(self.when, datetime) else (self.when, None)

    def ends_at(self, zone: ZoneInfo) -> datetime:
        """The instant (UTC) at which the deadline is reached for a person in the zone."""
        return self.moved(0, zone)

    def moved(self, days: int, zone: ZoneInfo) -> datetime:
        """The instant (UTC) whole calendar days of the zone after `ends_at`, or before it if negative."""
        if not isinstance(self.when, datetime):
            return end_of_day(self.when + timedelta(days), zone)
        return same_wall_time(self.when, days, zone) if days else self.when

    def __str__(self) -> str:
        """The wire form, which `parse` reads back."""
        return self.when.isoformat().replace("+00:00", "Z")


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise _invalid(f"The calendar has no {text}: give a day that exists, such as 2026-12-24.") from None
    _check_range(day)
    return day


def _check_range(day: date) -> None:
    if not _FIRST <= day <= _LAST:
        raise _invalid(f"The deadline is out of range: give one from {_FIRST} to {_LAST} (UTC).")


def _invalid(detail: str) -> Invalid:
    return Invalid(detail, field="due")


def _shown(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:40] + "…")
