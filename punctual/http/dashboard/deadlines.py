"""Deadlines in forms: a day and, if it has one, a time on the clocks of whoever fills it in."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from punctual.http.dashboard.problems import Problem


def parts(value: str | None, zone: ZoneInfo) -> tuple[str, str]:
    """What the fields for day and time show."""
    if not value:
        return "", ""
    if "T" not in value:
        return value, ""
    local = datetime.fromisoformat(value).astimezone(zone)
    return f"{local:%Y-%m-%d}", f"{local:%H:%M}"


def joined(day: str, clock: str, zone: ZoneInfo) -> str | None:
    """The deadline that the two fields say, as the API takes it. Raises Problem about `due`."""
    day, clock = day.strip(), clock.strip()
    if not day and not clock:
        return None
    if not day:
        raise _unclear("A time needs its day: choose one, or empty the time.")
    if not clock:
        return day
    try:
        local = datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=zone)
        return f"{local.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    except (ValueError, OverflowError):
        raise _unclear(f"{day} {clock} isn't a time: write the day as 2026-12-24 and the time as 09:00.") from None


def _unclear(sentence: str) -> Problem:
    return Problem(422, sentence, code="invalid", errors={"due": [sentence]})
