"""Traces: off, and free, unless PUNCTUAL_TRACES says where to send them.

One trace goes from the gateway through services, messages, workers and events to the mail server. Messages and
requests carry it as W3C's `traceparent`, notifications keep it until their e-mail is sent. A reminder's begins where it
fires.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

from punctual.kit.settings import Settings, SettingsError

if TYPE_CHECKING:
    from punctual.kit.traces.recording import Recorder

_NOWHERE: AbstractContextManager[None] = nullcontext()
_UNTRACED: AbstractContextManager[Callable[[], None]] = nullcontext(lambda: None)
_recorder: "Recorder | None" = None


def start(process: str, known: Settings) -> None:
    """Trace from now on what this process does, if the settings want it. Raises SettingsError."""
    global _recorder  # noqa: PLW0603 - it is the process's
    if known.traces_url is None:
        return
    try:
        # Only who traces has it, and has its weight.
        from punctual.kit.traces.recording import Recorder  # noqa: PLC0415
    except ImportError:
        raise SettingsError(
            "PUNCTUAL_TRACES is set, but OpenTelemetry isn't installed: pip install 'punctual[traces]', or unset it."
        ) from None
    _recorder = Recorder(process, known.traces_url)


def follow(broker: Any) -> None:
    """Have the workers of this process go on with the traces of their messages."""
    if _recorder is not None:
        from punctual.kit.traces.actors import Tracing  # noqa: PLC0415

        broker.add_middleware(Tracing(_recorder))


def working_on(message_id: str) -> AbstractContextManager[object]:
    """Around what is done for one of several messages that are worked on as one."""
    if _recorder is None:
        return _NOWHERE
    from punctual.kit.traces.actors import within  # noqa: PLC0415

    return within(message_id)


def recorder() -> "Recorder | None":
    """What records, if anything does."""
    return _recorder


def carried() -> dict[str, str]:
    """What a message or a request must carry for the trace to go on: a `traceparent`, or nothing."""
    return {} if _recorder is None else _recorder.carried()


def traceparent() -> str | None:
    """The place in the trace that is here and now; None outside any."""
    return carried().get("traceparent")


def span(name: str, parent: str | None) -> AbstractContextManager[object]:
    """A span at that place in a trace, around what happens inside."""
    return _NOWHERE if _recorder is None or parent is None else _recorder.span(name, parent)


def provisional(name: str) -> AbstractContextManager[Callable[[], None]]:
    """The first span of a trace, which is recorded only if what this gives is called; none inside another trace."""
    return _UNTRACED if _recorder is None or carried() else _recorder.provisional(name)
