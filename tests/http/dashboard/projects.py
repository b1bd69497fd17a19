"""Projects, tasks and people for the tests of a project's pages, made by its own forms where there are any."""

import asyncio
import re
from typing import Any

import aiohttp

from punctual.http.dashboard.services import BASE
from tests.http.dashboard.conftest import Browser, Seen, Site
from tests.http.dashboard.test_forms import a_key
from tests.support.services import eventually


async def a_project(browser: Browser, name: str = "Operations", description: str = "") -> str:
    """A new project's key, when its board can be seen."""
    key = a_key()
    assert (await browser.fill("/projects/new", name=name, key=key, description=description)).status == 303

    async def stands() -> bool:
        return (await browser.get(f"/projects/{key}")).status == 200

    await eventually(stands)
    return key


async def a_task(browser: Browser, project: str, title: str, **fields: str) -> str:
    """A new task's key."""
    seen = await browser.fill(f"/projects/{project}/tasks/new", f"/projects/{project}/tasks", title=title, **fields)
    assert seen.status == 303, seen.text
    found = re.search(rf"{project}-\d+ is in", (await browser.get(f"/projects/{project}")).text)
    assert found
    return found[0].removesuffix(" is in")


async def statuses(browser: Browser, project: str) -> dict[str, str]:
    """The ids of a project's statuses by name, as its form for tasks has them."""
    html = (await browser.get(f"/projects/{project}/tasks/new")).html
    box = re.search(r'<select id="status_id".*?</select>', html, re.DOTALL)
    assert box
    return {name: value for value, name in re.findall(r'value="([^"]+)"[^>]*>([^<]+)<', box[0])}


async def columns(browser: Browser, address: str) -> dict[str, list[str]]:
    """What stands in each column of a board: keys by status."""
    found = {}
    for section in (await browser.get(address)).html.split('<section class="column"')[1:]:
        name = re.search(r'class="status [^"]*">([^<]+)<', section)
        assert name
        found[name[1]] = re.findall(r'<li class="ticket" id="([^"]+)"', section)
    return found


async def identity(site: Site, browser: Browser) -> tuple[str, dict[str, str]]:
    """A person's id, and the headers with which the API knows them."""
    token = (await site.services.sign_in(browser.email)).body["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    async with site.services.client.get(await site.services.url("user") + BASE + "/users/me", headers=headers) as reply:
        return str((await reply.json())["id"]), headers


async def a_member(site: Site, owner: Browser, project: str, role: str, **profile: Any) -> tuple[Browser, str]:
    """Somebody else in a project, and their id; the task service knows of it, too."""
    other = await (await site.browser()).register(**profile)
    (user_id, _), (_, headers) = await identity(site, other), await identity(site, owner)
    address = await site.services.url("project") + f"{BASE}/projects/{project}/members/{user_id}"

    async def joined() -> bool:
        async with site.services.client.put(address, json={"role": role}, headers=headers) as reply:
            return reply.status == 200

    async def seen() -> bool:
        return (await other.get(f"/projects/{project}")).status == 200

    await eventually(joined)
    await eventually(seen)
    return other, user_id


async def send(browser: Browser, page: str, to: str, *fields: tuple[str, str]) -> Seen:
    """Fill a form in which a name may occur more than once."""
    seen = await browser.get(page)
    hidden = [(name, seen.hidden(name)) for name in ("csrf", "once")]
    return await browser._send("POST", to, data=[*hidden, *fields])


async def heard(stream: aiohttp.ClientResponse, event: str) -> bytes:
    """The first block of this event that comes through a live stream, within ten seconds."""
    async with asyncio.timeout(10):
        while f"event: {event}\n".encode() not in (told := await stream.content.readuntil(b"\n\n")):
            assert told, f"The stream ended without {event}"
    return told
