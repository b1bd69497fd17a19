"""What ends the local stack: a fault with its remedy, or the wish of whoever started it."""


class LocalError(Exception):
    """The stack can't go on; the message says why and the way out."""


class StopRequested(Exception):
    """Ctrl-C or a signal asked the stack to end."""
