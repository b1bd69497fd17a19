"""OpenTelemetry as Punctual uses it. Imported only where traces are on; OTEL_* variables hold, too."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from opentelemetry import context as contexts, trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace import Span, SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from punctual import __version__

_PROPAGATOR = TraceContextTextMapPropagator()


class Recorder:
    """One per process. `url` is that of an OTLP collector over HTTP; spans go there in batches, behind the work."""

    def __init__(self, process: str, url: str, exporter: SpanExporter | None = None) -> None:
        name = os.environ.get("OTEL_SERVICE_NAME") or f"punctual-{process}"
        resource = Resource.create({SERVICE_NAME: name, SERVICE_VERSION: __version__})
        self._provider = TracerProvider(resource=resource)
        exporter = exporter or OTLPSpanExporter(endpoint=f"{url}/v1/traces")
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("punctual", __version__)

    def flush(self) -> None:
        """Send what is recorded."""
        self._provider.force_flush()

    def close(self) -> None:
        """Send what is recorded, and record no more."""
        self._provider.shutdown()

    def carried(self) -> dict[str, str]:
        """The current span as a header."""
        carrier: dict[str, str] = {}
        _PROPAGATOR.inject(carrier)
        return {"traceparent": carrier["traceparent"]} if "traceparent" in carrier else {}

    @contextmanager
    def span(self, name: str, parent: str | None, kind: SpanKind = SpanKind.INTERNAL) -> Iterator[Span]:
        """A span below that place, or the first of a new trace; an exception makes it an error."""
        with self._tracer.start_as_current_span(name, _context(parent), kind) as opened:
            yield opened

    def begin(self, name: str, parent: str, attributes: Mapping[str, str]) -> Span:
        """A span of a message, to be ended by whoever began it."""
        return self._tracer.start_span(name, _context(parent), SpanKind.CONSUMER, dict(attributes))

    @contextmanager
    def provisional(self, name: str) -> Iterator[Callable[[], None]]:
        """The first span of a new trace, recorded if what this gives is called before its end."""
        span = self._tracer.start_span(name, Context(), SpanKind.CONSUMER)
        token = enter(span)
        try:
            # What never ends is never sent.
            yield span.end
        finally:
            leave(token)


def enter(span: Span) -> object:
    """Be inside a span; the token is for `leave`."""
    return contexts.attach(trace.set_span_in_context(span))


def leave(token: object) -> None:
    """Be outside again."""
    contexts.detach(token)  # type: ignore[arg-type]


def _context(parent: str | None) -> Context:
    return _PROPAGATOR.extract({"traceparent": parent} if parent else {}, Context())
