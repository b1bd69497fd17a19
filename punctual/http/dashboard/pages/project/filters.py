"""The filters of a project's views: they stand in the address, so that a view can be kept and sent."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from aiohttp import web

from punctual.http.dashboard.moments import bucket
from punctual.http.dashboard.viewer import Viewer

PRIORITIES = ("urgent", "high", "medium", "low", "none")
CATEGORIES = {"open": "Open", "closed": "Closed", "all": "All"}
DUES = {"overdue": "Overdue", "today": "Due today", "week": "Due in 7 days"}
SORTS = ("due", "-priority", "-updated_at", "-created_at", "created_at")
_BUCKETS = {"overdue": {"overdue"}, "today": {"today"}, "week": {"today", "week"}}
LONGEST_SEARCH = 200


@dataclass(frozen=True, slots=True)
class Filters:
    """What is wanted; empty: everything. `status` is a status' id, open, closed or all."""

    q: str = ""
    priority: str = ""
    assignee: str = ""
    due: str = ""
    status: str = ""
    sort: str = ""

    def query(self, **changes: str) -> str:
        """The query string of this view with some changes."""
        return urlencode([(name, value) for name, value in asdict(replace(self, **changes)).items() if value])

    @property
    def narrow(self) -> bool:
        """Whether anything is left out, besides by status."""
        return bool(self.q or self.priority or self.assignee or self.due)

    def asked(self, viewer: Viewer, now: datetime) -> dict[str, Any]:
        """The API's filters, but status and sort. Deadlines are asked for a little widely: `keeps` decides."""
        found: dict[str, Any] = {
            "q": self.q or None,
            "priority": self.priority or None,
            "assignee": self.assignee or None,
        }
        if self.due:
            midnight = _midnight(viewer, now)
            if self.due == "overdue":
                found["due_before"] = _instant(max(now, midnight))
            else:
                found["due_after"] = _instant(min(now, midnight) - timedelta(days=1))
                found["due_before"] = _instant(midnight + timedelta(days=2 if self.due == "today" else 9))
        return found

    def keeps(self, task: Mapping[str, Any], viewer: Viewer, now: datetime) -> bool:
        """Whether the deadline, by the viewer's clock, is one that is wanted."""
        return not self.due or bucket(task["due"], viewer, now) in _BUCKETS[self.due]


def read(query: Mapping[str, str]) -> Filters:
    """The filters of an address; a value that can't be meant is passed over."""
    return Filters(
        q=" ".join(query.get("q", "").split())[:LONGEST_SEARCH],
        priority=_one_of(query, "priority", PRIORITIES),
        assignee=_one_of(query, "assignee", ("me",)) or _id(query, "assignee"),
        due=_one_of(query, "due", DUES),
        status=_one_of(query, "status", CATEGORIES) or _id(query, "status"),
        sort=_one_of(query, "sort", SORTS),
    )


def shorter(request: web.Request) -> str:
    """The same address without the fields that a form left empty; nothing if it has none."""
    query = [(name, value) for name, value in request.query.items() if value]
    if len(query) == len(request.query):
        return ""
    return f"{request.path}?{urlencode(query)}" if query else request.path


def _id(query: Mapping[str, str], name: str) -> str:
    try:
        return str(UUID(query.get(name, "")))
    except ValueError:
        return ""


def _one_of(query: Mapping[str, str], name: str, known: Any) -> str:
    value = query.get(name, "")
    return value if value in known else ""


def _midnight(viewer: Viewer, now: datetime) -> datetime:
    """The beginning of the viewer's day as if it were in UTC, as the API compares dates."""
    return datetime.combine(now.astimezone(viewer.zone).date(), datetime.min.time(), UTC)


def _instant(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
