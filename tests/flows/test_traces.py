"""One trace goes from the gateway through service, command, event and listener to the mail server."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.flows.client import ApiClient, until
from tests.flows.stack import Stack
from tests.support.otlp import Collector, Seen


@pytest.fixture(scope="module")
def ada(stack: Stack) -> ApiClient:
    """Somebody in a running system that traces, with Bob in her project."""
    return ApiClient(stack.url, "ada.traced@example.org").register("Ada")


@pytest.fixture(scope="module")
def bob(ada: ApiClient) -> ApiClient:
    client = ApiClient(ada.url, "bob.traced@example.org").register("Bob")
    ada.post("/api/v1/projects", {"key": "TRACED", "name": "Traced"})
    until(lambda: ada.request("PUT", f"/api/v1/projects/TRACED/members/{client.id}", {"role": "member"}).status == 200)
    return client


CREATION = "POST /api/v1/projects/{project}/tasks"
ASSIGNMENT = {"task.create", "notification.task.assigned", "mail"}


def assigned(ada: ApiClient, bob: ApiClient, collector: Collector, **headers: str) -> dict[str, Seen]:
    """The trace of a task that is given to Bob, as soon as his e-mail is sent."""
    body = {"title": "Renew the certificate", "assignees": [bob.id]}
    before = {span.trace_id for span in collector.named("task.create")}
    until(lambda: ada.request("POST", "/api/v1/projects/TRACED/tasks", body, **headers).status == 201)

    def whole() -> dict[str, Seen]:
        # Each process sends its part when it likes, gateway and service the same name.
        doors = [span.trace_id for span in collector.named(CREATION)]
        traces = [collector.trace(trace_id) for trace_id in set(doors) - before if doors.count(trace_id) >= 2]
        return next((trace for trace in traces if set(trace) >= ASSIGNMENT), {})

    return until(whole, within=20)


def test_one_trace_has_all_from_the_gateway_to_the_mail(ada: ApiClient, bob: ApiClient, collector: Collector) -> None:
    trace = assigned(ada, bob, collector)

    assert trace["task.create"].process == "punctual-worker"
    both = [span for span in collector.spans if span.trace_id == trace["mail"].trace_id and span.name == CREATION]
    [gateway] = [span for span in both if not span.parent_id]
    [service] = [span for span in both if span.parent_id]
    assert (gateway.process, service.process) == ("punctual-gateway", "punctual-services")
    assert service.parent_id == gateway.span_id
    assert trace["task.create"].parent_id == service.span_id
    assert trace["notification.task.assigned"].parent_id == trace["task.create"].span_id
    assert trace["mail"].parent_id in {span.span_id for span in trace.values()}
    assert gateway.attributes["http.response.status_code"] == 201


def test_a_trace_that_a_client_began_goes_on(ada: ApiClient, bob: ApiClient, collector: Collector) -> None:
    trace_id, span_id = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"

    trace = assigned(ada, bob, collector, traceparent=f"00-{trace_id}-{span_id}-01")

    assert trace["mail"].trace_id == trace_id
    assert span_id in {span.parent_id for span in collector.spans if span.name == CREATION}


def test_the_trace_of_a_reminder_begins_with_the_tick_that_fires_it(
    ada: ApiClient, bob: ApiClient, collector: Collector
) -> None:
    due = (datetime.now(UTC) + timedelta(seconds=4)).isoformat()
    body = {"title": "Renew the licence", "assignees": [bob.id], "due": due}
    until(lambda: ada.request("POST", "/api/v1/projects/TRACED/tasks", body).status == 201)

    def whole() -> dict[str, Seen]:
        told = [collector.trace(span.trace_id) for span in collector.named("notification.task.due")]
        return next((trace for trace in told if {"mail", "task.check_deadlines"} <= set(trace)), {})

    trace = until(whole, within=30)
    assert not trace["task.check_deadlines"].parent_id
    assert trace["notification.task.due"].parent_id == trace["task.check_deadlines"].span_id


def test_ticks_that_find_nothing_to_do_are_in_no_trace(ada: ApiClient, collector: Collector) -> None:
    assert not collector.named("task.sweep_outbox")
