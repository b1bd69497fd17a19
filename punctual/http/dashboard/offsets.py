"""Reminder rules in words, and back: "-P1D" is a day before the deadline."""

import re

DEFAULTS = ("-P1D", "-PT1H", "PT0S", "P1D", "P3D", "P7D", "P14D")
UNITS = {"minutes": "PT{}M", "hours": "PT{}H", "days": "P{}D", "weeks": "P{}W"}
SIDES = {"before": "-", "after": ""}
_RULE = re.compile(r"([+-]?)P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:\d+S)?)?")
_NAMES = ("week", "day", "hour", "minute")
_MINUTES = (7 * 24 * 60, 24 * 60, 60, 1)


def words(rule: str) -> str:
    """Such as "1 day before", "at the deadline", "3 days after"."""
    match = _RULE.fullmatch(rule)
    if match is None:
        return rule
    counts = [int(part or 0) for part in match.groups()[1:]]
    said = [f"{count} {name}{'' if count == 1 else 's'}" for count, name in zip(counts, _NAMES, strict=True) if count]
    return f"{' '.join(said)} {'before' if match[1] == '-' else 'after'}" if said else "at the deadline"


def minutes(rule: str) -> int:
    """How far from the deadline, to sort by."""
    match = _RULE.fullmatch(rule)
    if match is None:
        return 0
    total = sum(int(part or 0) * size for part, size in zip(match.groups()[1:], _MINUTES, strict=True))
    return -total if match[1] == "-" else total


def rule_of(count: str, unit: str, side: str) -> str | None:
    """The rule that the fields of a form say; None where no number is given."""
    if not count.strip():
        return None
    return SIDES.get(side, "-") + UNITS.get(unit, UNITS["days"]).format(count.strip())


def choices(*sets: list[str]) -> list[tuple[str, str]]:
    """All rules of these and the defaults, in the order in which they come, each with its words."""
    known = {rule for rules in (DEFAULTS, *sets) for rule in rules}
    return [(rule, words(rule)) for rule in sorted(known, key=lambda rule: (minutes(rule), rule))]
