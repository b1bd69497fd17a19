"""The live stream: at once, once each, from where one left off, and only to whom it belongs."""

import contextlib
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from punctual.http.notification.streams import FEED
from punctual.kit import streams
from punctual.kit.web import CLOSING
from punctual.queries.notification import inbox as queries
from punctual.schemas import events
from tests.actors.notification.scene import a_task, a_team, happened
from tests.support.services import Person, Services, eventually, token_for
from tests.support.sse import Reader
from tests.support.team import Team, membership

PATH = "/api/v1/notifications/stream"
NIL = "00000000-0000-0000-0000-000000000000"


@contextlib.asynccontextmanager
async def stream(services: Services, person: Person, last_id: str = "") -> AsyncIterator[Reader]:
    """The person's stream, opened."""
    headers = {"Authorization": f"Bearer {person.token}", **({"Last-Event-ID": last_id} if last_id else {})}
    url = await services.url("notification") + PATH
    async with services.client.get(url, headers=headers) as response:
        assert response.status == 200, await response.text()
        assert response.content_type == "text/event-stream"
        reader = Reader(response)
        first = await reader.block()
        assert first["retry"] == "3000"
        yield reader


async def assign(services: Services, crew: Team, title: str) -> None:
    task = a_task(crew, title=title, user_ids=[crew.member.id])
    await happened(services, events.TASK_ASSIGNED, task, caller=crew.owner.id)


async def test_a_notification_arrives_at_once(services: Services) -> None:
    crew = await a_team(services)
    async with stream(services, crew.member) as reader:
        started = time.monotonic()
        await assign(services, crew, "First")
        event = await reader.event()

    assert event["title"].endswith("First")
    # Not with a beat only.
    assert time.monotonic() - started < streams.BEAT_SECONDS / 3


async def test_only_what_is_new_and_only_ones_own_is_streamed(services: Services) -> None:
    crew = await a_team(services)
    await assign(services, crew, "Old")
    async with stream(services, crew.member) as mine, stream(services, crew.viewer) as other:
        await assign(services, crew, "New")
        task = a_task(crew, watchers=[crew.viewer.id])
        await happened(services, events.TASK_COMPLETED, task, caller=crew.owner.id)

        assert (await mine.event())["title"].endswith("New")
        assert (await other.event())["kind"] == "task.completed"


async def test_after_a_break_it_goes_on_after_the_last_event_seen(services: Services) -> None:
    crew = await a_team(services)
    async with stream(services, crew.member) as reader:
        await assign(services, crew, "One")
        await reader.event()
        last = reader.last_id
    for title in ("Two", "Three"):
        await assign(services, crew, title)

    async with stream(services, crew.member, last) as reader:
        titles = [(await reader.event())["title"] for _ in range(2)]
        await assign(services, crew, "Four")
        titles.append((await reader.event())["title"])

    assert [title.rpartition(" ")[2] for title in titles] == ["Two", "Three", "Four"]


async def test_who_was_cut_off_before_any_event_misses_nothing_either(services: Services) -> None:
    crew = await a_team(services)
    async with stream(services, crew.member) as reader:
        start = reader.last_id
    await assign(services, crew, "Meanwhile")

    async with stream(services, crew.member, start) as reader:
        event = await reader.event()

    assert start == NIL
    assert event["title"].endswith("Meanwhile")


async def test_a_hundred_at_once_come_each_once_and_in_order(services: Services) -> None:
    crew = await a_team(services)
    async with stream(services, crew.member) as reader:
        tasks = [a_task(crew, watchers=[crew.member.id]) for _ in range(120)]
        sent = [await services.publish(events.TASK_COMPLETED, task) for task in tasks]
        seen = [await reader.event() for _ in sent]
    listed = await crew.member.request("notification", "GET", "/api/v1/notifications?limit=200")

    assert [event["id"] for event in seen] == [item["id"] for item in reversed(listed.body["items"])]


async def test_what_rabbitmq_did_not_tell_is_found_at_the_next_beat(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "BEAT_SECONDS", 0.2)
    crew = await a_team(services)
    async with stream(services, crew.member) as reader:
        monkeypatch.setattr(FEED.of(services.bus), "_by_topic", {})
        await assign(services, crew, "Unheard")

        assert (await reader.event())["title"].endswith("Unheard")


async def test_an_idle_stream_beats(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "BEAT_SECONDS", 0.1)
    async with stream(services, services.person()) as reader:
        assert await reader.block() == {"": "beat"}


async def test_a_person_has_five_streams_and_a_closed_one_makes_room(services: Services) -> None:
    bob = services.person()
    async with contextlib.AsyncExitStack() as stack:
        for _ in range(4):
            await stack.enter_async_context(stream(services, bob))
        async with stream(services, bob):
            refused = await bob.request("notification", "GET", PATH)
        # That the fifth is gone, the service sees when its connection is closed.
        await eventually(lambda: _opens(services, bob))

    assert refused.status == 429
    assert refused.headers["Retry-After"] == "5"


async def _opens(services: Services, person: Person) -> bool:
    headers = {"Authorization": f"Bearer {person.token}"}
    async with services.client.get(await services.url("notification") + PATH, headers=headers) as response:
        return response.status == 200


async def test_a_revoked_session_ends_the_stream_without_another_event(services: Services) -> None:
    crew = await a_team(services)
    async with stream(services, crew.member) as reader:
        services.runtime.denylist.revoke(crew.member.session_id)
        await assign(services, crew, "Secret")

        assert await reader.block() == {}


async def test_what_was_being_read_when_the_session_was_revoked_is_not_told(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    crew = await a_team(services)
    read = queries.since

    async def read_and_revoke(*asked: Any) -> Any:
        if rows := await read(*asked):
            services.runtime.denylist.revoke(crew.member.session_id)
        return rows

    monkeypatch.setattr(queries, "since", read_and_revoke)
    async with stream(services, crew.member) as reader:
        await assign(services, crew, "Secret")

        assert await reader.block() == {}


async def test_lost_access_ends_what_is_told_of_the_project(services: Services) -> None:
    crew = await a_team(services)
    bob = crew.member
    gone = membership(crew.project_id, crew.key, bob, None)
    async with stream(services, bob) as reader:
        await happened(services, events.PROJECT_MEMBER_REMOVED, gone, version=9, caller=crew.owner.id)
        await assign(services, crew, "Secret")
        await happened(services, events.OPERATION_FAILED, {**events.OPERATION_FAILED.example, "user_id": bob.id})

        kinds = [(await reader.event())["kind"] for _ in range(2)]

    assert kinds == ["project.member_removed", "operation.failed"]


async def test_a_shutdown_ends_streams_at_once(services: Services) -> None:
    async with stream(services, services.person()) as reader:
        services._servers["notification"].app[CLOSING].set()

        assert await reader.ended()


async def test_a_last_event_id_that_is_not_ours_starts_from_now(services: Services) -> None:
    crew = await a_team(services)
    await assign(services, crew, "Old")
    async with stream(services, crew.member, "garbage") as reader:
        await assign(services, crew, "New")

        assert (await reader.event())["title"].endswith("New")


async def test_without_a_good_token_there_is_no_stream(services: Services) -> None:
    bob = services.person()
    bob.token = token_for(bob.id, exp=int(time.time()) - 60)

    answer = await bob.request("notification", "GET", PATH)

    assert answer.status == 401
