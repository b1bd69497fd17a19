"""Days and times as people write them in English, read against a clock and a zone that are passed in."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAY = "(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?"
_MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?)"
)
_NUMBER = "(?:[0-9]{1,3}|an?)"
_NTH = "[0-3]?[0-9](?:st|nd|rd|th)?"
_YEAR = "[0-9]{4}"
_DAY = "|".join(
    (
        "today|tomorrow",
        f"(?:this |next )?{_WEEKDAY}",
        f"in {_NUMBER} (?:days?|weeks?|months?)",
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
        rf"{_NTH} {_MONTH}\.?(?:,? {_YEAR})?",
        rf"{_MONTH}\.? {_NTH}(?:,? {_YEAR})?",
        rf"[0-3]?[0-9]\.[01]?[0-9]\.(?:{_YEAR})?",
    )
)
_TIME = "[0-2]?[0-9]:[0-5][0-9] ?(?:[ap]m)?|[01]?[0-9] ?[ap]m|[0-2]?[0-9]h(?:[0-5][0-9])?|noon"
_INSTANT = r"[0-9]{4}-[0-9]{2}-[0-9]{2}t[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:z|[+-][0-9]{2}:[0-9]{2})"
_SPAN = f"in {_NUMBER} (?:hours?|minutes?|mins?)"
# What stands alone between spaces, whatever a sentence puts behind it.
PHRASE = re.compile(
    rf"(?<!\S)(?:(?:due|by|on|at) )?(?:(?P<instant>{_INSTANT})|(?P<span>{_SPAN})"
    rf"|(?:(?P<early>{_TIME}),? (?:on )?)?(?P<day>{_DAY})(?:,? (?:at )?(?P<late>{_TIME}))?|(?P<time>{_TIME}))"
    r"(?=[.,;:!?)]*(?:\s|$))"
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, a time on the clocks, or both; or an instant, which is aware."""

    day: date | None = None
    clock: time | None = None
    instant: datetime | None = None

    def joined(self, other: "Moment") -> "Moment | None":
        """The two as one, where one is a day and the other a time."""
        if self.instant or other.instant or (self.day and other.day) or (self.clock and other.clock):
            return None
        return Moment(self.day or other.day, self.clock or other.clock)

    def when(self, now: datetime) -> date | datetime:
        """A day without a time stays a day; a time without a day is the next one. `now` has the person's zone."""
        if self.instant:
            return self.instant
        if self.clock is None:
            assert self.day
            return self.day
        day = self.day or now.date() + timedelta(days=now.time() >= self.clock)
        return datetime.combine(day, self.clock, now.tzinfo)


def moment(match: re.Match[str], now: datetime) -> Moment:
    """What a match of PHRASE means. Raises ValueError or OverflowError for what no calendar has."""
    if match["instant"]:
        return Moment(instant=datetime.fromisoformat(match["instant"].upper()))
    if match["span"]:
        _, number, unit = match["span"].split()
        # Hours are absolute, also when the clocks change in between.
        begin = now.astimezone(UTC).replace(second=0, microsecond=0)
        return Moment(instant=begin + _count(number) * timedelta(minutes=60 if unit.startswith("h") else 1))
    at = match["early"] or match["late"] or match["time"]
    if match["early"] and match["late"]:
        raise ValueError("two times of one day")
    return Moment(_day(match["day"], now.date()) if match["day"] else None, _time(at) if at else None)


def _day(text: str, today: date) -> date:
    words = re.sub("[,.]", " ", text).split()
    if text in ("today", "tomorrow"):
        return today + timedelta(days=text == "tomorrow")
    if words[0] == "in":
        return _ahead(today, _count(words[1]), words[2])
    if "-" in text:
        return date.fromisoformat(text)
    if words[-1][:3] in _WEEKDAYS:
        return _weekday(today, words[0] if len(words) > 1 else "", _WEEKDAYS.index(words[-1][:3]))
    if words[0].isalpha():
        words[:2] = words[1::-1]
    number = int(re.sub("[a-z]", "", words[0]))
    month = _MONTHS.index(words[1][:3]) + 1 if words[1].isalpha() else int(words[1])
    return date(int(words[2]), month, number) if len(words) > 2 else _coming(today, month, number)


def _weekday(today: date, which: str, weekday: int) -> date:
    """Plain: the next one after today; `this`: today counts; `next`: the one of next week, which begins on Monday."""
    if which == "next":
        return today + timedelta(days=7 - today.weekday() + weekday)
    ahead = (weekday - today.weekday()) % 7
    return today + timedelta(days=ahead or (0 if which == "this" else 7))


def _coming(today: date, month: int, number: int) -> date:
    # A leap day may be eight years off.
    for year in range(today.year, today.year + 9):
        try:
            day = date(year, month, number)
        except ValueError:
            continue
        if day >= today:
            return day
    raise ValueError("no such day in any year")


def _ahead(today: date, count: int, unit: str) -> date:
    if not unit.startswith("month"):
        return today + timedelta(days=count * (7 if unit.startswith("week") else 1))
    years, month = divmod(today.month - 1 + count, 12)
    for number in (today.day, 30, 29, 28):
        try:
            return date(today.year + years, month + 1, number)
        except ValueError:
            continue
    raise ValueError("past the end of the calendar")


def _count(text: str) -> int:
    return 1 if text.startswith("a") else int(text)


def _time(text: str) -> time:
    if text == "noon":
        return time(12)
    half = text[-2:] if text[-1] == "m" else ""
    hour, _, minute = text.removesuffix(half).strip().replace("h", ":").partition(":")
    if half and not 1 <= int(hour) <= 12:
        raise ValueError("no such hour on a clock's face")
    return time(int(hour) % 12 + 12 * (half == "pm") if half else int(hour), int(minute or 0))
