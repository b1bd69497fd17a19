"""What a notification keeps of its event: enough to word it, no more than a reader wants."""

from collections.abc import Mapping
from typing import Any

EXCERPT = 1_000
_SHOWN_CHANGES = ("title", "priority", "status", "due")
_TASK = ("key", "due", "priority")
_REMINDER = ("key", "due", "rule", "fire_at", "late_by")
_PROJECT = {"project_key": "project_key", "project_name": "project_name", "key": "project_key", "name": "project_name"}
_FAILURE = ("operation_id", "service", "name")


def facts_of(kind: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    """The data of a notification of this kind."""
    if "reminders" in payload:
        # With its project, so that a line goes when that is lost.
        return {
            "reminders": [{**_of_reminder(each), "project_id": each["project_id"]} for each in payload["reminders"]]
        }
    if "reminder_id" in payload:
        return _of_reminder(payload)
    if kind.startswith("task."):
        return _of_task(payload)
    if kind == "notification.tested":
        return {"test_id": payload["test_id"]}
    if kind == "operation.failed":
        return {name: payload[name] for name in _FAILURE}
    return _of_project(payload)


def _of_project(payload: Mapping[str, Any]) -> dict[str, Any]:
    facts = {fact: payload[name] for name, fact in _PROJECT.items() if name in payload}
    return {**facts, "role": payload["role"]} if payload.get("role") else facts


def _of_reminder(payload: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "task_id": payload["task_id"],
        "task_title": payload["title"],
        **{name: payload[name] for name in _REMINDER},
    }


def _of_task(payload: Mapping[str, Any]) -> dict[str, Any]:
    facts = {"task_title": payload["title"], "status": payload["status"]["name"]}
    facts.update({name: payload[name] for name in _TASK})
    if changes := payload["changes"]:
        facts["changes"] = {name: pair if name in _SHOWN_CHANGES else [None, None] for name, pair in changes.items()}
    if "user_ids" in payload:
        facts["user_ids"] = payload["user_ids"]
    if "comment_id" in payload:
        text = payload["text"]
        facts["comment_id"] = payload["comment_id"]
        facts["excerpt"] = text if len(text) <= EXCERPT else text[:EXCERPT].rstrip() + " …"
    return facts
