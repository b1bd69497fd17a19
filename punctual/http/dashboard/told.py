"""A notification in a list: what it says there, whereto it leads, and why it came."""

from typing import Any

_REASONS = {
    "task.assigned": "It names you.",
    "task.unassigned": "It names you, or you watch the task.",
    "task.mentioned": "Somebody wrote your name with an @.",
    "task.due_soon": "A reminder rule of yours says so.",
    "task.due": "A reminder rule of yours says so.",
    "task.overdue": "A reminder rule of yours says so, and the task is still open.",
    "task.reminders_missed": "Reminders of yours came due while nothing could be sent.",
    "operation.failed": "You asked for it.",
    "notification.tested": "You asked for it.",
}
# There is nothing to go to, or not before the link in the e-mail was followed.
_GONE = ("task.deleted", "project.deleted", "project.member_removed", "project.invited")


def cause(told: dict[str, Any]) -> str:
    """Where that is what a notification tells of; empty when it is gone."""
    data, kind = told["data"], told["kind"]
    if kind in _GONE:
        return ""
    if kind == "task.reminders_missed":
        return "/"
    if kind.startswith("task."):
        comment = data.get("comment_id")
        return f"/tasks/{data['key']}" + (f"#comment-{comment}" if comment else "")
    if kind == "operation.failed":
        return f"/operations/{data['service']}/{data['operation_id']}"
    return f"/projects/{data['project_key']}" if data.get("project_key") else ""


def brief(told: dict[str, Any]) -> str:
    """What a notification says, without the task that stands above it."""
    data, title = told["data"], str(told["title"])
    if not told["task_id"]:
        return title
    name = str(data.get("task_title", ""))
    return title.replace(f": {data.get('key')} {name}", "").removesuffix(f": {name}")


def reason(kind: str) -> str:
    """Why a notification of this kind concerns somebody."""
    watching = (
        "You are assigned to the task, or watch it." if kind.startswith("task.") else "You belong to the project."
    )
    return _REASONS.get(kind, watching)
