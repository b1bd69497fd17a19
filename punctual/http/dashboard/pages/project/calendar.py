"""A project as a calendar: a month of deadlines."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from aiohttp import web
from babel.dates import format_date, format_skeleton, format_time

from punctual.http.dashboard.client import api, gather
from punctual.http.dashboard.pages.project import filters as reading
from punctual.http.dashboard.pages.project.opening import PROJECT, opened
from punctual.http.dashboard.rendering import redirect, render
from punctual.http.dashboard.routing import Page
from punctual.http.dashboard.viewer import Viewer, viewer

FIRST_YEAR, LAST_YEAR = 1971, 9997
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


async def show(request: web.Request) -> web.Response:
    """The month of the address, or this one."""
    if shorter := reading.shorter(request):
        return redirect(request, shorter)
    known, context = await gather(viewer(request), opened(request))
    wanted = reading.read(request.query)
    now = datetime.now(UTC)
    today = now.astimezone(known.zone).date()
    first = _month(request.query.get("month", "")) or today.replace(day=1)
    days = list(_days(first, known.locale.first_week_day))
    asked = {
        **wanted.asked(known, now),
        # By UTC, so a day more on both sides; the days themselves decide.
        "due_after": str(days[0] - timedelta(days=2)),
        "due_before": str(days[-1] + timedelta(days=1)),
    }
    tasks = await api(request).all("task", f"/projects/{context['project']['key']}/tasks", sort="due", **asked)
    by_day: dict[date, list[dict[str, Any]]] = {day: [] for day in days}
    for task in tasks:
        day, clock = _placed(task["due"], known)
        if day in by_day and wanted.keeps(task, known, now):
            by_day[day].append({**task, "clock": clock})
    return await render(
        request,
        "project/calendar.html",
        **context,
        tab="calendar",
        filters=wanted,
        title=format_skeleton("yMMMM", first, locale=known.locale),
        month=f"{first:%Y-%m}",
        before=_shown(first - timedelta(days=1)),
        after=_shown(first + timedelta(days=31)),
        this_month=first == today.replace(day=1),
        names=[format_date(day, "ccc", locale=known.locale) for day in days[:7]],
        weeks=[
            [
                {
                    "day": day,
                    "name": format_date(day, "full", locale=known.locale),
                    "short": format_skeleton("MMMEd", day, locale=known.locale),
                    "tasks": by_day[day],
                    "inside": day.month == first.month,
                    "today": day == today,
                }
                for day in days[start : start + 7]
            ]
            for start in range(0, len(days), 7)
        ],
        count=sum(len(by_day[day]) for day in days if day.month == first.month),
    )


def _month(text: str) -> date | None:
    found = _MONTH.fullmatch(text)
    if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        return None
    return date(int(found[1]), int(found[2]), 1)


def _shown(day: date) -> str:
    """A neighbouring month, or empty past the years that deadlines may be in."""
    return f"{day:%Y-%m}" if FIRST_YEAR <= day.year <= LAST_YEAR else ""


def _days(first: date, first_week_day: int) -> Iterator[date]:
    """Whole weeks around the month."""
    day = first - timedelta(days=(first.weekday() - first_week_day) % 7)
    while day.month == first.month or day < first or (day.weekday() - first_week_day) % 7:
        yield day
        day += timedelta(days=1)


def _placed(due: str, known: Viewer) -> tuple[date, str]:
    """The viewer's day of a deadline, and the time of day of one that has it."""
    if "T" not in due:
        return date.fromisoformat(due), ""
    local = datetime.fromisoformat(due).astimezone(known.zone)
    return local.date(), format_time(local, "short", tzinfo=known.zone, locale=known.locale)


PAGES = [Page("GET", PROJECT + "/calendar", show)]
