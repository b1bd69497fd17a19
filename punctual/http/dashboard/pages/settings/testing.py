"""A test notification, and how far it has come."""

from datetime import datetime
from typing import Any

from aiohttp import web

from punctual.http.dashboard.client import api
from punctual.http.dashboard.problems import Problem
from punctual.http.dashboard.rendering import redirect, render, settle
from punctual.http.dashboard.routing import Page
from punctual.http.dashboard.viewer import viewer

NOTIFICATIONS = "/settings/notifications"
PATH = NOTIFICATIONS + "/tests"
STEPS = {
    "accepted": ("Accepted", "Your request is stored."),
    "queued": ("Queued", "The message went through the queue, and a worker took it."),
    "inbox": ("Inbox", "The notification is in your inbox."),
    "worker": ("Mail worker", "The worker for e-mails took it."),
    "smtp": ("SMTP", "The mail server answered."),
    "delivered": ("Delivered", "The mail server took the e-mail over; from there on it is its task."),
}
STATES = {
    "done": ("Done", "good"),
    "pending": ("Waits", "warn"),
    "failed": ("Failed", "bad"),
    "skipped": ("Skipped", ""),
}


async def begin(request: web.Request) -> web.Response:
    """Send oneself one, and go to watch it."""
    try:
        answer = await api(request).post("notification", "/notification-tests")
    except Problem as problem:
        return redirect(request, NOTIFICATIONS, problem.detail, kind="fault")
    return settle(request, answer, NOTIFICATIONS if answer.pending else f"{PATH}/{answer.body['id']}")


async def show(request: web.Request) -> web.Response:
    """Each hop with its time."""
    known = await viewer(request)
    test = await api(request).get("notification", f"/notification-tests/{request.match_info['id']}")
    began = datetime.fromisoformat(test["steps"][0]["at"])

    def shown(step: dict[str, Any]) -> dict[str, Any]:
        name, meaning = STEPS.get(step["name"], (step["name"].capitalize(), ""))
        word, tone = STATES[step["state"]]
        at = datetime.fromisoformat(step["at"]) if step["at"] else None
        return {
            "name": name,
            "text": meaning if step["state"] == "done" else step["reason"] or "",
            "state": step["state"],
            "word": word,
            "tone": tone,
            "machine": step["at"],
            "clock": f"{at.astimezone(known.zone):%H:%M:%S}.{at.microsecond // 1000:03}" if at else "",
            "seconds": f"+{max((at - began).total_seconds(), 0):.2f} s" if at and at != began else "",
        }

    steps = [shown(step) for step in test["steps"]]
    return await render(request, "settings/test.html", test=test, steps=steps)


PAGES = [Page("POST", PATH, begin), Page("GET", PATH + "/{id}", show)]
