"""What this process counts of its own work, for Prometheus: in memory, exposed on a port of its own.

Labels have few values each: routes are templates, actors those that are declared.
"""

from collections.abc import Callable
from functools import lru_cache

from prometheus_client import Counter, Histogram, Info, disable_created_metrics

from punctual import __version__

REQUEST_SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
MESSAGE_SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30)
MAIL_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60)
UNMATCHED = "unmatched"
OTHER = "other"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

disable_created_metrics()
_build = Info("punctual_build", "The version of Punctual that runs.")
_build.info({"version": __version__})
_requests = Counter(
    "punctual_http_requests",
    "Requests answered. The route is its template; what matches none is `unmatched`.",
    ["service", "method", "route", "status"],
)
_request_seconds = Histogram(
    "punctual_http_request_duration_seconds",
    "From a request's headers to its answer, streams left out.",
    ["service", "method", "route"],
    buckets=REQUEST_SECONDS,
)
_messages = Counter(
    "punctual_messages",
    "Messages worked on: commands, listeners, scheduled jobs and mail. The outcome is `done`, or of a command"
    " `rejected`; `retried` when it wasn't possible yet; `failed` when there will be another try; `dead` when not.",
    ["queue", "actor", "outcome"],
)
_message_seconds = Histogram(
    "punctual_message_duration_seconds",
    "How long an actor worked on a message, whatever its outcome.",
    ["queue", "actor"],
    buckets=MESSAGE_SECONDS,
)
_deliveries = Counter(
    "punctual_deliveries",
    "Deliveries by the state that they took: when they were decided on, and when an e-mail's last attempt ended.",
    ["channel", "state"],
)
_mail_seconds = Histogram(
    "punctual_mail_duration_seconds",
    "One attempt to write an e-mail and hand it over. The outcome `queued` means that there will be another.",
    ["outcome"],
    buckets=MAIL_SECONDS,
)

_Note = Callable[[float | None], None]
# Of Prometheus' own look-ups each costs more than all the counting.
_request_notes: dict[tuple[str, str, str, int], _Note] = {}
_message_notes: dict[tuple[str, str, str], _Note] = {}


def request(service: str, method: str, route: str, status: int, seconds: float | None) -> None:
    """Count an answered request; `seconds` is None for one that isn't timed."""
    note = _request_notes.get((service, method, route, status))
    if note is None:
        known = method if method in _METHODS else OTHER
        count = _requests.labels(service, known, route, status).inc
        note = _noting(count, _request_seconds.labels(service, known, route).observe)
        # Methods that nobody needs would only fill it.
        if known != OTHER:
            _request_notes[service, method, route, status] = note
    note(seconds)


def message(queue: str, actor: str, outcome: str, seconds: float) -> None:
    """Count a message that was worked on."""
    note = _message_notes.get((queue, actor, outcome))
    if note is None:
        count = _messages.labels(queue, actor, outcome).inc
        note = _message_notes[queue, actor, outcome] = _noting(count, _message_seconds.labels(queue, actor).observe)
    note(seconds)


def delivery(channel: str, state: str) -> None:
    """Count a delivery that took a state."""
    _delivery(channel, state)()


def mail(state: str, seconds: float) -> None:
    """Count an attempt to send an e-mail, and the state that its delivery took unless it is tried again."""
    if state != "queued":
        delivery("email", state)
    _mail_seconds.labels(state).observe(seconds)


@lru_cache(maxsize=64)
def _delivery(channel: str, state: str) -> Callable[[], None]:
    return _deliveries.labels(channel, state).inc


def _noting(count: Callable[[], None], observe: Callable[[float], None]) -> _Note:
    def note(seconds: float | None) -> None:
        count()
        if seconds is not None:
            observe(seconds)

    return note
