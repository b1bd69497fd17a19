"""The inbox: what it groups, how it is read, and why something is in it."""

import re

from tests.http.dashboard.conftest import Seen
from tests.http.dashboard.world import World
from tests.support.services import eventually


async def told(world: World, *tasks: str) -> Seen:
    """Bob is told of two things about each task: that it is his, and a comment."""
    bob = await world.id_of(world.bob)
    for task in tasks:
        assert (await world.call(world.ada, "PUT", "task", f"/tasks/{task}/assignees/{bob}"))[0] == 200
        said = {"text": "@bob, this is *urgent*"}
        assert (await world.call(world.ada, "POST", "task", f"/tasks/{task}/comments", said))[0] == 201

    async def complete() -> bool:
        _, count = await world.call(world.bob, "GET", "notification", "/notifications/count")
        return bool(count["unread"] >= 1 + 2 * len(tasks))

    await eventually(complete)
    return await world.bob.get("/inbox")


async def test_what_happened_stands_by_task_unread_first(world):
    first, second = await world.task(title="First"), await world.task(title="Second")
    seen = await told(world, first, second)
    await world.bob.post("/inbox", csrf=seen.hidden("csrf"), once=seen.hidden("once"), task=task_id_of(seen, second))

    after = (await world.bob.get("/inbox")).text

    assert seen.html.count('class="told-head"') == 2
    assert after.index("Unread") < after.index("First") < after.index("Earlier") < after.index("Second")


async def test_one_is_read_and_unread_again_and_all_are_read(world):
    task = await world.task()
    seen = await told(world, task)
    one = re.search(r'name="id" value="([^"]+)"', seen.html)[1]
    before = unread(seen)
    read = await world.bob.fill("/inbox", id=one, next="/inbox")
    fewer = unread(await world.bob.get("/inbox"))
    await world.bob.fill("/inbox", undo=one)
    again = unread(await world.bob.get("/inbox"))
    await world.bob.fill("/inbox", all="1")

    assert (read.status, read.location) == (303, "/inbox")
    assert (fewer, again) == (before - 1, before)
    assert unread(await world.bob.get("/inbox")) == 0


async def test_a_notification_leads_to_its_cause_and_says_why(world):
    task = await world.task()
    seen = await told(world, task)
    link = re.search(r'href="(/inbox/[0-9a-f-]{36}/cause)"', seen.html)[1]
    before = unread(seen)
    cause = (await world.bob.get(link)).location
    after = unread(await world.bob.get("/inbox"))
    why = [await world.bob.get(path) for path in re.findall(r'href="(/inbox/[0-9a-f-]{36})"', seen.html)]

    assert cause.startswith(f"/tasks/{task}")
    assert after == before - 1
    assert f'id="{cause.partition("#")[2] or "task"}"' in (await world.bob.get(f"/tasks/{task}")).html
    assert any("Somebody wrote your name with an @." in one.text for one in why)
    assert all("Inbox sent" in one.text and "E-mail" in one.text for one in why)


async def test_what_others_were_told_is_not_there(world):
    seen = await told(world, await world.task())
    path = re.search(r'href="(/inbox/[0-9a-f-]{36})"', seen.html)[1]

    assert (await world.ada.get(path)).status == 404


async def test_an_empty_inbox_says_what_will_come(ada):
    assert "Nothing has happened yet" in (await ada.get("/inbox")).text
    assert "Nothing is kept from you" in (await ada.get("/inbox?muted=1")).text


def unread(seen: Seen) -> int:
    """The count in the header."""
    return int(re.search(r'id="unread"[^>]*>(\d*)<', seen.html)[1] or 0)


def task_id_of(seen: Seen, task: str) -> str:
    """The id under which the group of a task is marked as read."""
    group = next(part for part in seen.html.split("<section")[1:] if f"/tasks/{task}" in part)
    return re.search(r'name="task" value="([^"]+)"', group)[1]
