"""Off there is nothing to carry; on, what is sent belongs to the place in the trace where it was sent."""

import sys
from collections.abc import Iterator
from typing import Any

import pytest
from dramatiq import Message
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from punctual.kit import traces
from punctual.kit.settings import SettingsError, load
from punctual.kit.traces.actors import Tracing
from punctual.kit.traces.recording import Recorder

PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture
def exporter(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    """This process traces, into memory."""
    kept = InMemorySpanExporter()
    recorder = Recorder("tests", "", kept)
    monkeypatch.setattr(traces, "_recorder", recorder)
    yield kept
    recorder.close()


def spans(exporter: InMemorySpanExporter) -> list[Any]:
    recorder = traces.recorder()
    assert recorder
    recorder.flush()
    return list(exporter.get_finished_spans())


def a_message(**options: Any) -> "Message[None]":
    return Message(queue_name="task", actor_name="task.create", args=(), kwargs={}, options=options)


class Together:
    """Several messages that are worked on as one."""

    def __init__(self, *parts: "Message[None]") -> None:
        self.parts = parts


def test_off_nothing_is_carried_and_nothing_recorded() -> None:
    with traces.span("mail", PARENT):
        assert traces.carried() == {}
        assert traces.traceparent() is None


def test_without_an_address_opentelemetry_is_not_even_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "punctual.kit.traces.recording", None)

    traces.start("tests", load({}))
    assert traces.recorder() is None
    with pytest.raises(SettingsError, match=r"PUNCTUAL_TRACES.*pip install"):
        traces.start("tests", load({"PUNCTUAL_TRACES": "http://127.0.0.1:4318"}))


def test_what_is_sent_inside_a_message_belongs_to_its_span(exporter: InMemorySpanExporter) -> None:
    tracing, message = Tracing(traces.recorder()), a_message(traceparent=PARENT)

    tracing.before_process_message(None, message)
    inside = traces.traceparent()
    tracing.after_process_message(None, message)

    [span] = spans(exporter)
    assert inside == f"00-4bf92f3577b34da6a3ce929d0e0e4736-{span.context.span_id:016x}-01"
    assert f"{span.parent.span_id:016x}" == "00f067aa0ba902b7"
    assert traces.traceparent() is None


def test_an_error_is_recorded_and_does_not_leak_into_the_next_message(exporter: InMemorySpanExporter) -> None:
    tracing, message = Tracing(traces.recorder()), a_message(traceparent=PARENT)

    tracing.before_process_message(None, message)
    tracing.after_process_message(None, message, exception=ValueError("no"))
    tracing.before_process_message(None, a_message())
    outside = traces.traceparent()
    tracing.after_process_message(None, a_message())

    [span] = spans(exporter)
    assert not span.status.is_ok
    assert span.events[0].attributes["exception.type"] == "ValueError"
    assert outside is None


def test_of_messages_that_are_worked_on_as_one_each_has_its_span(exporter: InMemorySpanExporter) -> None:
    tracing = Tracing(traces.recorder())
    together = Together(a_message(traceparent=PARENT), a_message(), a_message(traceparent=PARENT))

    tracing.before_process_message(None, together)
    assert traces.traceparent() is None
    inside = []
    for part in together.parts:
        with traces.working_on(part.message_id):
            inside.append(traces.traceparent())
    tracing.after_process_message(None, together)

    first, second = spans(exporter)
    assert [span.name for span in (first, second)] == ["task.create", "task.create"]
    ids = [f"{span.context.span_id:016x}" for span in (first, second)]
    assert [place and place.split("-")[2] for place in inside] == [ids[0], None, ids[1]]


@pytest.mark.parametrize("damaged", ["", "00-abc", "x" * 500])
def test_a_damaged_place_in_a_trace_begins_another(exporter: InMemorySpanExporter, damaged: str) -> None:
    with traces.span("mail", damaged):
        assert traces.carried()

    [span] = spans(exporter)
    assert span.parent is None


def test_a_tick_is_recorded_only_if_it_was_worth_it(exporter: InMemorySpanExporter) -> None:
    with traces.provisional("task.nothing"):
        assert traces.carried()
    with traces.provisional("task.something") as worth_a_trace:
        inside = traces.traceparent() or ""
        worth_a_trace()

    [span] = spans(exporter)
    assert span.name == "task.something"
    assert span.parent is None
    assert inside.startswith(f"00-{span.context.trace_id:032x}-{span.context.span_id:016x}-")
    assert traces.traceparent() is None


def test_a_tick_that_another_sent_begins_no_trace_of_its_own(exporter: InMemorySpanExporter) -> None:
    with traces.span("task.check_deadlines", PARENT), traces.provisional("task.check_deadlines") as worth_a_trace:
        worth_a_trace()

    assert len(spans(exporter)) == 1


def test_off_a_tick_is_worth_nothing() -> None:
    with traces.provisional("task.check_deadlines") as worth_a_trace:
        worth_a_trace()

    assert traces.carried() == {}
