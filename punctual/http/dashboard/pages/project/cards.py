"""The cards of a board as HTML, remembered: most boards are looked at far more often than their tasks change."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import aiohttp_jinja2
from aiohttp import web
from markupsafe import Markup

from punctual.http.dashboard.viewer import Viewer

MOST = 20_000
Painter = Callable[[list[dict[str, Any]], bool], Markup]
_remembered: dict[tuple[Any, ...], tuple[tuple[Any, ...], str]] = {}


def painter(app: web.Application, known: Viewer, people: Mapping[str, str], *, may_write: bool) -> Painter:
    """What the template calls for the cards of a column; with True where deadlines don't press any more."""
    paint = aiohttp_jinja2.get_env(app).get_template("project/card.html").module.card  # type: ignore[attr-defined]
    minute = int(datetime.now(UTC).timestamp()) // 60
    place = (known.zone.key, str(known.locale), may_write)

    def cards(tasks: list[dict[str, Any]], closed: bool) -> Markup:  # noqa: FBT001 - called by a template
        found = []
        for task in tasks:
            names = [people.get(one, "Former member") for one in task["assignees"]]
            # A deadline is near or far by the minute; without one nothing on the card depends on the clock.
            state = (task["version"], task["key"], closed, minute if task["due"] else 0, *names)
            which = (task["id"], place)
            before = _remembered.get(which)
            if before is None or before[0] != state:
                painted = paint(task, closed, dict(zip(task["assignees"], names, strict=True)), may_write)
                if len(_remembered) >= MOST:
                    _remembered.clear()
                before = _remembered[which] = (state, str(painted))
            found.append(before[1])
        # Each was escaped where it was painted.
        return Markup("".join(found))  # noqa: S704  # nosec B704

    return cards
