"""The live stream, as the dashboard passes it on."""

from contextlib import AsyncExitStack

from tests.http.dashboard.conftest import Browser, Site
from tests.support.services import eventually

MOST_STREAMS = 5


async def test_a_notification_comes_through_the_stream(ada: Browser):
    async with ada.client.get(ada.url + "/live") as stream:
        assert stream.headers["Content-Type"] == "text/event-stream"
        await stream.content.readuntil(b"\n\n")
        await ada.fill("/settings/notifications", "/settings/notifications/tests")
        told = await stream.content.readuntil(b"\n\n")

    assert b"event: notification" in told


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
