"""On SIGUSR1 a process writes to its log what its event loop is at: for whoever looks for a leak."""

import asyncio
import logging
import signal
from collections import Counter

log = logging.getLogger(__name__)


def tell_on_signal() -> None:
    """Have the running loop's tasks told whenever the signal comes."""
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, _tell)


def tell_of(loop: asyncio.AbstractEventLoop) -> None:
    """Have the tasks of another thread's loop told whenever the signal comes. For the main thread."""
    signal.signal(signal.SIGUSR1, lambda *_: loop.call_soon_threadsafe(_tell))


def _tell() -> None:
    names = (getattr(task.get_coro(), "__qualname__", "unknown") for task in asyncio.all_tasks())
    # Whoever asks wants the answer, however silent the log is otherwise.
    log.warning("at work", extra={"fields": {"tasks": dict(Counter(names).most_common())}})
