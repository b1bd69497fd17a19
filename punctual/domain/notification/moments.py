"""Deadlines and spans of time in words, for a reader in a zone."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"))


def moment(due: str, zone: str) -> str:
    """A deadline as the wire has it: "Thu 24 Dec 2026" stays a day, an instant gets the reader's wall clock."""
    if "T" not in due:
        return _day(date.fromisoformat(due))
    local = datetime.fromisoformat(due).astimezone(ZoneInfo(zone))
    return f"{_day(local)}, {local:%H:%M}"


def duration(seconds: int) -> str:
    """The two largest units: "14 min", "2 h 5 min", "3 d 4 h"."""
    parts = []
    for size, unit in _UNITS:
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2]) or "less than a minute"


def _day(day: date) -> str:
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"
