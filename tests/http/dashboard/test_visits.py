"""What changed since somebody was here last, and when that was."""

from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from punctual.http.dashboard import visits
from tests.http.dashboard.world import World

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def looked(at: datetime, cookie: str = "") -> tuple[datetime, str]:
    """Since when something is new for whoever looks then, and the cookie that they keep."""
    request = make_mocked_request("GET", "/", headers={"Cookie": f"{visits.COOKIE}={cookie}"} if cookie else {})
    response = web.Response()
    visits.keep(request, response, at)
    return visits.since(request, at), response.cookies[visits.COOKIE].value


def test_a_first_visit_tells_of_a_day():
    assert looked(NOW)[0] == NOW - visits.FIRST


def test_a_visit_tells_of_what_came_after_the_end_of_the_one_before():
    _, cookie = looked(NOW)
    _, cookie = looked(NOW + timedelta(minutes=5), cookie)

    tomorrow, cookie = looked(NOW + timedelta(days=1), cookie)
    again, _ = looked(NOW + timedelta(days=1, minutes=10), cookie)

    assert (tomorrow, again) == (NOW + timedelta(minutes=5), NOW + timedelta(minutes=5))


def test_nobody_is_told_of_more_than_a_month():
    _, cookie = looked(NOW - timedelta(days=200))

    assert looked(NOW, cookie)[0] == NOW - visits.LONGEST


@pytest.mark.parametrize("cookie", ["x", "1", "1.2.3", "99999999999999999999.1", "1.5"])
def test_a_cookie_that_cannot_be_is_a_first_visit(cookie: str):
    assert looked(NOW, cookie)[0] == NOW - visits.FIRST


async def test_my_work_tells_what_others_changed_since(world: World):
    ada = await world.id_of(world.ada)
    theirs, mine = await world.task(assignees=[ada]), await world.task(assignees=[ada], title="Order chairs")
    await world.change(world.bob, theirs, priority="urgent")
    await world.change(world.ada, mine, priority="low")

    seen = await world.ada.get("/")

    changed = seen.text.partition("Changed since your last visit")[2]
    assert "Bob Miller set the priority to urgent" in changed
    assert "to low" not in changed
