"""The cards of a board as HTML, remembered: most boards are looked at far more often than their tasks change."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import aiohttp_jinja2
from aiohttp import web
from markupsafe import Markup

from punctual.http.dashboard.viewer import Viewer

MOST = 10_000
_remembered: dict[tuple[Any, ...], tuple[tuple[Any, ...], Markup]] = {}


def painter(
    app: web.Application, known: Viewer, people: Mapping[str, str], *, may_write: bool
) -> Callable[[Any, bool], Markup]:
    """What the template calls for each task; with True for one whose deadline doesn't press any more."""
    paint = aiohttp_jinja2.get_env(app).get_template("project/card.html").module.card  # type: ignore[attr-defined]
    minute = int(datetime.now(UTC).timestamp()) // 60

    def card(task: Any, closed: bool) -> Markup:  # noqa: FBT001 - called by a template
        names = [people.get(one, "Former member") for one in task["assignees"]]
        which = (task["id"], known.zone.key, known.locale, may_write)
        state = (task["version"], task["key"], closed, minute, *names)
        before = _remembered.get(which)
        if before and before[0] == state:
            return before[1]
        painted: Markup = paint(task, closed, dict(zip(task["assignees"], names, strict=True)), may_write)
        if len(_remembered) >= MOST:
            _remembered.clear()
        _remembered[which] = (state, painted)
        return painted

    return card
