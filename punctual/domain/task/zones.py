"""Calendar arithmetic in a person's time zone: when a day ends, and the same wall time days away."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


@lru_cache(maxsize=1024)
def zone_named(name: str) -> ZoneInfo:
    """The zone of an IANA name, or UTC where this machine doesn't know the name."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        # Names are checked where people set them; here one unknown to this machine must not cost a reminder.
        return ZoneInfo("UTC")


@lru_cache(maxsize=4096)
def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The instant (UTC) from which it is no longer `day` in the zone, for good."""
    midnight = datetime.combine(day + _DAY, time(), zone)
    first = midnight.astimezone(UTC)
    second = midnight.replace(fold=1).astimezone(UTC)
    if first < second and (second - _SECOND).astimezone(zone).date() <= day:
        # Past midnight the clocks went back into `day`, so it ends only with the second midnight.
        return second
    # Where midnight is skipped, this is the moment of the skip: no zone skips from before to after it.
    return first


def same_wall_time(instant: datetime, days: int, zone: ZoneInfo) -> datetime:
    """The instant (UTC) at which the zone's clocks show the same time, `days` days away.

    A wall time that is skipped or doubled that day is read with the offset in force on the instant's side of
    the change, so that a day before stays before and a day after stays after.
    """
    wall = instant.astimezone(zone) + timedelta(days=days)
    if days < 0:
        wall = wall.replace(fold=1)
    return wall.astimezone(UTC)
