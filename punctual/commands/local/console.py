"""What the local stack tells whoever started it."""

import contextlib
import sys


def say(text: str = "") -> None:
    """A line on standard output; a terminal that went away is no reason to stop."""
    with contextlib.suppress(OSError):
        print(text, flush=True)


def complain(text: str) -> None:
    """A line on standard error."""
    with contextlib.suppress(OSError):
        print(f"punctual: {text}", file=sys.stderr, flush=True)
