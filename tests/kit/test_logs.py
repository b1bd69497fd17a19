"""A log line is one JSON object that says when, where, in which request, and why it went wrong."""

import json
import logging
import sys

from punctual.kit import logs


def line(level: int, message: str, *arguments: object, exc_info: object = None, **extra: object) -> dict[str, object]:
    record = logging.LogRecord("punctual.test", level, __file__, 1, message, arguments, exc_info)  # type: ignore[arg-type]
    record.created = 1_750_000_000.25
    for name, value in extra.items():
        setattr(record, name, value)
    found: dict[str, object] = json.loads(logs._Formatter("worker").format(record))
    return found


def test_a_line_names_its_time_process_and_what_is_worked_on() -> None:
    with logs.context(request_id="abc", actor="task.create_task"):
        assert line(logging.INFO, "%s in %.1f ms", "done", 3.21) == {
            "time": "2025-06-15T15:06:40.250Z",
            "level": "INFO",
            "logger": "punctual.test",
            "message": "done in 3.2 ms",
            "process": "worker",
            "request_id": "abc",
            "actor": "task.create_task",
        }


def test_fields_that_a_caller_adds_stand_beside_the_others() -> None:
    found = line(logging.INFO, "request", fields={"status": 404, "ms": 1.5})

    assert (found["status"], found["ms"], found["message"]) == (404, 1.5, "request")


def test_an_exception_stays_on_its_line() -> None:
    try:
        int("noon")
    except ValueError:
        found = line(logging.ERROR, "It failed", exc_info=sys.exc_info())

    assert "ValueError: invalid literal" in str(found["exc_info"])


def test_what_is_no_json_is_said_in_words() -> None:
    assert line(logging.INFO, "request", fields={"reason": OSError("gone")})["reason"] == "gone"
