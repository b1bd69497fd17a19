"""Durations as people say them."""

_STEPS = ((86_400, "days"), (3_600, "hours"), (60, "min"))


def spoken(seconds: float) -> str:
    """`14 min`, from the largest unit that gives two or more; below that seconds."""
    for length, unit in _STEPS:
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{max(seconds, 0):.0f} s"
