"""When a person is reminded of a deadline: rules, each an offset from it, written as an ISO 8601 duration."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import Self
from zoneinfo import ZoneInfo

from punctual.domain.task.due import Due
from punctual.kit.errors import Invalid

MAX_OFFSET = timedelta(days=365)

_NEVER = datetime(9999, 12, 31, tzinfo=UTC)
_DURATION = re.compile(
    r"(?P<sign>[+-]?)P(?=[0-9T])(?:(?P<weeks>[0-9]{1,6})W)?(?:(?P<days>[0-9]{1,6})D)?"
    r"(?:T(?=[0-9])(?:(?P<hours>[0-9]{1,6})H)?(?:(?P<minutes>[0-9]{1,6})M)?(?:0{1,6}S)?)?"
)


class Kind(StrEnum):
    """What a reminder says; the event is named after it: task.due_soon, task.due, task.overdue."""

    DUE_SOON = "due_soon"
    DUE = "due"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Rule:
    """An offset from the deadline: negative before it, zero at it, positive overdue.

    Days are calendar days of the person: a day before 09:00 is 09:00 the day before, also when the clocks
    change in between, and a day before the end of a date is the end of the date before. Hours and minutes are
    absolute, so "-PT24H" and "-P1D" are two rules.
    """

    wire: str
    days: int = field(compare=False, repr=False)
    lapse: timedelta = field(compare=False, repr=False)

    @classmethod
    def of(cls, days: int, minutes: int) -> Self:
        """A rule by its parts, which must not differ in sign."""
        return cls(_wire(days, minutes), days, timedelta(minutes=minutes))

    @property
    def kind(self) -> Kind:
        if self.wire[0] == "-":
            return Kind.DUE_SOON
        return Kind.DUE if self.wire == "PT0S" else Kind.OVERDUE

    def fires_at(self, due: Due, zone: ZoneInfo) -> datetime:
        """The instant (UTC) at which a person in the zone is reminded."""
        try:
            return due.moved(self.days, zone) + self.lapse
        except OverflowError:
            return _NEVER

    def __str__(self) -> str:
        return self.wire


@lru_cache(maxsize=4096)
def parse_rule(text: str) -> Rule:
    """Read "-P1D", "PT0S", "P1DT2H30M"; equal offsets get one spelling. `Invalid` names the field `rules`."""
    match = _DURATION.fullmatch(text)
    if match is None:
        shown = repr(text if len(text) <= 40 else text[:40] + "…")
        raise _invalid(
            f"{shown} is not a reminder rule: give a duration of days, hours and minutes from the deadline, "
            "such as -P1D (1 day before), PT0S (at the deadline) or P3D (overdue for 3 days)."
        )
    weeks, days, hours, minutes = (int(match[part] or 0) for part in ("weeks", "days", "hours", "minutes"))
    sign = -1 if match["sign"] == "-" else 1
    days, minutes = 7 * weeks + days, 60 * hours + minutes
    if timedelta(days=days, minutes=minutes) > MAX_OFFSET:
        raise _invalid(f"{text} is too far from the deadline: give at most {MAX_OFFSET.days} days.")
    return Rule.of(sign * days, sign * minutes)


def parse_rules(texts: Sequence[str]) -> tuple[Rule, ...]:
    """A set of rules in the order in which they fire; none at all means no reminders."""
    rules = sorted(map(parse_rule, texts), key=lambda rule: (timedelta(rule.days) + rule.lapse, rule.days))
    for rule, following in pairwise(rules):
        if rule == following:
            raise _invalid(f"The rule {rule} is given twice: give each once.")
    return tuple(rules)


def rules_in_force(
    *,
    assigned: bool,
    watching: bool,
    of_task: tuple[Rule, ...] | None,
    of_person: tuple[Rule, ...] | None,
) -> tuple[Rule, ...]:
    """A person's rules for a task: those for this task, else their own for all, else the defaults.

    None was never chosen. Who only watches has those for this task alone: choosing them is asking for them.
    """
    if of_task is not None:
        return of_task if assigned or watching else ()
    if not assigned:
        return ()
    return DEFAULT_RULES if of_person is None else of_person


def _wire(days: int, minutes: int) -> str:
    if not days and not minutes:
        return "PT0S"
    hours, rest = divmod(abs(minutes), 60)
    date_part = f"{abs(days)}D" if days else ""
    time_part = (f"{hours}H" if hours else "") + (f"{rest}M" if rest else "")
    return f"{'-' if days < 0 or minutes < 0 else ''}P{date_part}{'T' if time_part else ''}{time_part}"


def _invalid(detail: str) -> Invalid:
    return Invalid(detail, field="rules")


DEFAULT_RULES = parse_rules(["-P1D", "-PT1H", "PT0S", "P1D", "P3D", "P7D", "P14D"])
