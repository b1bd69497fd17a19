"""When reminders come late, everybody is told, and when they come again, too; and the metrics say the same."""

import json
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from punctual.kit.canary import CANARY
from tests.flows.client import ApiClient, until
from tests.flows.stack import Stack
from tests.support.scrape import sample, scraped


@contextmanager
def standing_still(stack: Stack, name: str) -> Iterator[None]:
    """A process that is there and does nothing."""
    pid = int(stack.directory.pid(name).read_text())
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def five_minutes_pass(stack: Stack) -> None:
    """For the canary."""
    stack.sql("task", "UPDATE task SET due_at = due_at - interval '5 min' WHERE id = %s", (str(CANARY),))
    stack.sql(
        "notification",
        "UPDATE notification SET data = jsonb_set(data, '{fire_at}',"
        " to_jsonb(rfc3339((data->>'fire_at')::timestamptz - interval '5 min'))) WHERE user_id = %s",
        (str(CANARY),),
    )


def told(stack: Stack, process: str) -> Callable[..., float | None]:
    """What a process tells now."""
    targets = json.loads(stack.directory.metrics.read_text())
    [target] = [each["targets"][0] for each in targets if each["labels"]["process"] == process]
    samples = scraped(f"http://{target}/metrics")
    return lambda name, **labels: sample(samples, name, **labels)


def test_reminders_that_come_late_are_told_to_everybody_until_they_come_again(stack: Stack) -> None:
    client = ApiClient(stack.url)

    def ready() -> dict[str, object]:
        body: dict[str, object] = client.get("/health/ready")
        return body

    def page() -> str:
        return str(client.get("/sign-in"))

    def age() -> float | None:
        return told(stack, "scheduler")("punctual_canary_age_seconds")

    until(lambda: (age() or 100) < 60, within=20)
    assert ready()["status"] == "ready"
    assert "Reminders are delayed" not in page()

    with standing_still(stack, "worker-1"):
        five_minutes_pass(stack)
        late = until(lambda: ready() if ready()["status"] == "degraded" else None)
        until(lambda: "Reminders are delayed since" in page())
        until(lambda: (age() or 0) > 300)

    assert list(late["degraded"]) == ["reminders"]  # type: ignore[call-overload]
    assert set(late["parts"].values()) == {"ok"}  # type: ignore[attr-defined]
    until(lambda: ready()["status"] == "ready", within=30)
    until(lambda: "Reminders are delayed" not in page())
    until(lambda: (age() or 100) < 60)


def test_every_process_tells_its_own_and_the_scheduler_the_whole(stack: Stack) -> None:
    ada = ApiClient(stack.url, "ada.measured@example.org").register("Ada")
    created = {"method": "POST", "route": "/api/v1/projects", "status": "201"}

    def counts() -> list[float]:
        gateway, services, worker = (told(stack, process) for process in ("gateway", "services", "worker-1"))
        return [
            gateway("punctual_http_requests_total", service="gateway", **created) or 0,
            services("punctual_http_requests_total", service="project", **created) or 0,
            worker("punctual_messages_total", queue="project", actor="project.create", outcome="done") or 0,
        ]

    before = counts()
    ada.post("/api/v1/projects", {"key": "MEASURED", "name": "Measured"})

    until(lambda: counts() == [count + 1 for count in before])
    scheduler, gateway = told(stack, "scheduler"), told(stack, "gateway")
    assert scheduler("punctual_database_up", service="notification") == 1
    assert scheduler("punctual_queue_consumers", queue="mail") == 1
    assert gateway("punctual_database_up", service="notification") is None
    assert (told(stack, "mail-worker")("process_resident_memory_bytes") or 0) > 0


def test_the_public_port_tells_no_metrics(stack: Stack) -> None:
    answer = ApiClient(stack.url).request("GET", "/metrics")

    assert "punctual_http" not in str(answer.body)
