"""The live stream, as the dashboard passes it on."""

import re
from contextlib import AsyncExitStack

from tests.http.dashboard.conftest import Browser, Site
from tests.http.dashboard.projects import a_project, a_task, heard
from tests.support.services import eventually

MOST_STREAMS = 5


async def test_a_notification_comes_through_the_stream(ada: Browser):
    async with ada.client.get(ada.url + "/live") as stream:
        assert stream.headers["Content-Type"] == "text/event-stream"
        first = await stream.content.readuntil(b"\n\n")
        await stream.content.readuntil(b"\n\n")
        await ada.fill("/settings/notifications", "/settings/notifications/tests")
        told = await stream.content.readuntil(b"\n\n")

    assert first == b"event: unread\ndata: 0\n\n"
    assert b"event: notification" in told


async def test_changes_of_a_project_come_through_the_same_stream(ada: Browser):
    key = await a_project(ada)
    async with ada.client.get(f"{ada.url}/live?project={key}") as stream:
        for _ in range(3):
            await stream.content.readuntil(b"\n\n")
        await a_task(ada, key, "Order chairs")
        told = await heard(stream, "task")

    assert f'"key":"{key}-1"'.encode() in told


async def test_what_happened_since_the_page_was_read_was_missed(ada: Browser):
    key = await a_project(ada)
    page = (await ada.get(f"/projects/{key}")).html
    since = re.search('data-since="([0-9]+)"', page)
    assert since
    async with ada.client.get(f"{ada.url}/live?project={key}"):
        await a_task(ada, key, "Order chairs")

    async with ada.client.get(f"{ada.url}/live?project={key}&since={since[1]}") as stream:
        assert await heard(stream, "missed")


async def test_a_project_that_is_not_there_leaves_the_notifications(ada: Browser):
    async with ada.client.get(f"{ada.url}/live?project=NOWHERE") as stream:
        first = await stream.content.readuntil(b"\n\n")

    assert (stream.status, first) == (200, b"event: unread\ndata: 0\n\n")


async def test_streams_that_nobody_reads_any_more_make_room(ada: Browser):
    async with AsyncExitStack() as opened:
        for _ in range(MOST_STREAMS):
            stream = await opened.enter_async_context(ada.client.get(ada.url + "/live"))
            await stream.content.readuntil(b"\n\n")
            # Only a connection that is closed tells that nobody reads; one that is given back could go on.
            opened.callback(stream.close)

    async def begins() -> bool:
        async with ada.client.get(ada.url + "/live") as stream:
            return stream.status == 200

    await eventually(begins)


async def test_a_stranger_has_no_stream_and_is_not_to_come_back(site: Site):
    assert (await (await site.browser()).get("/live")).status == 204
