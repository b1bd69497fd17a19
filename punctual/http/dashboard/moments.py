"""Dates and instants as people read them: how far away, and exactly, in their zone and language."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time

from punctual.http.dashboard.viewer import Viewer

NEAR_DAYS = 6
FAR_DAYS = 14


@dataclass(frozen=True, slots=True)
class Moment:
    """`near` is short and relative, `exact` complete, `machine` for programs; `tone` says how pressing it is."""

    near: str
    exact: str
    machine: str
    tone: str = ""


def due(value: str, viewer: Viewer, now: datetime, *, done: bool = False) -> Moment:
    """A deadline: a date, which ends with the day, or an instant."""
    moment = _due(value, viewer.zone, viewer.locale, _minute(now))
    return Moment(moment.near, moment.exact, moment.machine) if done else moment


def ago(value: str, viewer: Viewer, now: datetime) -> Moment:
    """An instant, mostly of the past."""
    return _ago(value, viewer.zone, viewer.locale, _minute(now))


def bucket(value: str | None, viewer: Viewer, now: datetime) -> str:
    """`overdue`, `today`, `week` (the next seven days), `later` or `none`."""
    if value is None:
        return "none"
    parsed = _parse(value)
    local = now.astimezone(viewer.zone)
    today = local.date()
    if isinstance(parsed, datetime):
        if parsed <= now:
            return "overdue"
        day = parsed.astimezone(viewer.zone).date()
    else:
        day = parsed
    if day < today:
        return "overdue"
    if day == today:
        return "today"
    return "week" if day <= today + timedelta(days=7) else "later"


@lru_cache(maxsize=20_000)
def _due(value: str, zone: ZoneInfo, locale: Locale, now: datetime) -> Moment:
    parsed = _parse(value)
    today = now.astimezone(zone).date()
    if isinstance(parsed, datetime):
        local = parsed.astimezone(zone)
        clock = format_time(local, "short", tzinfo=zone, locale=locale)
        near = f"{_day(local.date(), today, locale)} {clock}"
        exact = _exact(local, zone, locale)
        return Moment(near, exact, value, _tone(local.date(), today, passed=parsed <= now))
    return Moment(
        _day(parsed, today, locale),
        format_date(parsed, "full", locale=locale),
        value,
        _tone(parsed, today, passed=parsed < today),
    )


@lru_cache(maxsize=20_000)
def _ago(value: str, zone: ZoneInfo, locale: Locale, now: datetime) -> Moment:
    parsed = _parse(value)
    if not isinstance(parsed, datetime):
        parsed = datetime(parsed.year, parsed.month, parsed.day, tzinfo=zone)
    local, seconds = parsed.astimezone(zone), (now - parsed).total_seconds()
    exact = _exact(local, zone, locale)
    if abs(seconds) < 90:
        near = "just now"
    elif 0 < seconds < 3600:
        near = f"{round(seconds / 60)} min ago"
    elif 0 < seconds < 12 * 3600:
        near = f"{round(seconds / 3600)} h ago"
    else:
        clock = format_time(local, "short", tzinfo=zone, locale=locale)
        near = f"{_day(local.date(), now.astimezone(zone).date(), locale)} {clock}"
    return Moment(near, exact, value)


def _day(day: date, today: date, locale: Locale) -> str:
    days = (day - today).days
    if words := {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(days):
        return words
    if 0 < days <= NEAR_DAYS:
        return f"{day:%A}"
    if -FAR_DAYS < days < 0:
        return f"{-days} days ago"
    if 0 < days < FAR_DAYS:
        return f"in {days} days"
    return str(format_skeleton("MMMd" if day.year == today.year else "yMMMd", day, locale=locale))


def _exact(local: datetime, zone: ZoneInfo, locale: Locale) -> str:
    day = format_date(local.date(), "full", locale=locale)
    return f"{day}, {format_time(local, 'short', tzinfo=zone, locale=locale)} ({zone.key})"


def _tone(day: date, today: date, *, passed: bool) -> str:
    if passed:
        return "overdue"
    if day == today:
        return "today"
    return "soon" if (day - today).days <= 2 else ""


def _parse(value: str) -> date | datetime:
    return datetime.fromisoformat(value).astimezone(UTC) if "T" in value else date.fromisoformat(value)


def _minute(now: datetime) -> datetime:
    """To the minute, so that a page of many dates computes each of them once."""
    return now.replace(second=0, microsecond=0)
