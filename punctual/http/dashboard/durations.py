"""Reminder rules in plain words: an ISO 8601 duration from the deadline as people say it, and back."""

import re
from collections.abc import Iterable

UNITS = {"minutes": ("PT", "M"), "hours": ("PT", "H"), "days": ("P", "D"), "weeks": ("P", "W")}
SIDES = {"before": "before the deadline", "after": "after it, if still open"}
LONGEST_DIGITS = 6
SUGGESTED = ("-P1D", "-PT1H", "PT0S", "P1D", "P3D", "P7D", "P14D")
NO_AMOUNT = "Give a whole number, such as 2, with its unit."
_DURATION = re.compile(r"(-?)P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:\d+S)?)?")
_NAMES = ("week", "day", "hour", "minute")
_MINUTES = (7 * 24 * 60, 24 * 60, 60, 1)


def words(rule: str) -> str:
    """Like `1 day before the deadline`; a rule of another form stands for itself."""
    match = _DURATION.fullmatch(rule)
    if match is None:
        return rule
    sign, *numbers = match.groups()
    parts = [_counted(int(number), name) for number, name in zip(numbers, _NAMES, strict=True) if int(number or 0)]
    if not parts:
        return "at the deadline"
    length = " and ".join(parts) if len(parts) < 3 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    return f"{length} {SIDES['before' if sign else 'after']}"


def rule_of(amount: str, unit: str, side: str) -> str | None:
    """The rule for what was chosen; None when the amount is no whole number or the rest unknown."""
    if side == "at":
        return "PT0S"
    amount = amount.strip()
    if not (amount.isascii() and amount.isdecimal()) or len(amount) > LONGEST_DIGITS or unit not in UNITS:
        return None
    if side not in SIDES:
        return None
    begin, end = UNITS[unit]
    return f"{'-' if side == 'before' else ''}{begin}{int(amount)}{end}"


def choices(rules: Iterable[str]) -> list[tuple[str, str]]:
    """These rules and the suggested ones, in the order in which they come, each with its words."""
    return [(rule, words(rule)) for rule in sorted({*SUGGESTED, *rules}, key=lambda rule: (_minutes(rule), rule))]


def _minutes(rule: str) -> int:
    """How far from the deadline."""
    match = _DURATION.fullmatch(rule)
    if match is None:
        return 0
    sign, *numbers = match.groups()
    total = sum(int(number or 0) * size for number, size in zip(numbers, _MINUTES, strict=True))
    return -total if sign else total


def _counted(number: int, name: str) -> str:
    return f"{number} {name}" if number == 1 else f"{number} {name}s"
