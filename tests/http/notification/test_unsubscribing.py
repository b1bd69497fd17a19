"""One click in a mail program ends the e-mails of a kind (RFC 8058); no browser that merely looks does."""

import re
from typing import Any

import aiohttp

from punctual.actors.notification import mailing
from punctual.kit import ids
from punctual.kit.mail import MemoryMailer
from punctual.schemas import events
from tests.actors.notification.scene import a_task, a_team, deliveries, happened, inbox, settled
from tests.http.notification.test_preferences import item, of, put
from tests.support.services import Person, Services
from tests.support.team import execute

PREFERENCES = "/api/v1/notification-preferences"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


async def mailed(services: Services) -> tuple[Person, str]:
    """Who got an e-mail of an assignment, and the path that its List-Unsubscribe names."""
    crew, mailer = await a_team(services), MemoryMailer()
    execute("notification", "DELETE FROM delivery WHERE state IN ('queued', 'sending')")
    with mailing.using(mailer):
        task = a_task(crew, user_ids=[crew.member.id])
        await happened(services, events.TASK_ASSIGNED, task, caller=crew.owner.id)
        await settled(crew.member, "sent")
    [message] = mailer.sent
    # As it goes over the wire, where long headers are folded and what can't be folded is encoded.
    wire = message.as_bytes().decode()
    found = re.search(r"(?m)^List-Unsubscribe: <http://localhost:\d+(/api/v1/unsubscriptions/[A-Za-z0-9_-]+)>$", wire)
    assert found, wire
    return crew.member, found[1]


async def clicked(services: Services, path: str, **options: Any) -> tuple[int, Any]:
    """What a mail program gets that posts there, knowing nothing but the mail."""
    url = await services.url("notification") + path
    async with services.client.post(url, **({"data": ONE_CLICK} | options)) as response:
        return response.status, await response.json(content_type=None)


async def looked(services: Services, path: str, accept: str = "application/json") -> tuple[int, Any, str]:
    """What somebody gets who only looks."""
    url = await services.url("notification") + path
    async with services.client.get(url, headers={"Accept": accept}, allow_redirects=False) as response:
        body = await response.json(content_type=None) if response.status != 303 else None
        return response.status, body, response.headers.get("Location", "")


async def email(person: Person, kind: str) -> bool:
    return bool(of(await person.request("notification", "GET", PREFERENCES), kind)["email"])


async def test_one_click_switches_that_kind_off_and_no_other_however_often_it_is_repeated(services: Services) -> None:
    person, path = await mailed(services)

    before = await email(person, "task.assigned")
    answers = [await clicked(services, path) for _ in range(3)]

    assert before is True
    assert answers == [(200, {"kind": "task.assigned", "email": False})] * 3
    assert await email(person, "task.assigned") is False
    assert await email(person, "task.commented") is True


async def test_the_click_may_come_as_a_form_of_either_kind_or_without_a_body(services: Services) -> None:
    person, path = await mailed(services)
    multipart = aiohttp.FormData(ONE_CLICK)
    multipart.add_field("more", b"x", filename="x")

    answers = [await clicked(services, path, data=body) for body in (multipart, None, b"anything")]

    assert [status for status, _ in answers] == [200, 200, 200]
    assert await email(person, "task.assigned") is False


async def test_who_only_looks_changes_nothing_and_a_browser_is_led_to_the_page_that_asks(services: Services) -> None:
    person, path = await mailed(services)

    told = await looked(services, path)
    led = await looked(services, path, "text/html,application/xhtml+xml,*/*;q=0.8")

    assert told[:2] == (200, {"kind": "task.assigned", "email": True})
    assert (led[0], led[2]) == (303, path.removeprefix("/api/v1"))
    assert await email(person, "task.assigned") is True


async def test_the_next_event_of_that_kind_comes_into_the_inbox_alone(services: Services) -> None:
    person, path = await mailed(services)
    await put(person, item("task.assigned"))

    await clicked(services, path)
    execute("notification", "DELETE FROM notification WHERE user_id = %s", (person.id,))
    task = {**events.TASK_ASSIGNED.example, "task_id": ids.uuid7(), "user_ids": [person.id]}
    await happened(services, events.TASK_ASSIGNED, task)

    assert len(inbox(person)) == 1
    assert deliveries(person)["email"] == ("suppressed", "muted")


async def test_it_is_switched_on_again_in_the_preferences_and_the_link_goes_on_to_work(services: Services) -> None:
    person, path = await mailed(services)
    await clicked(services, path)

    await put(person, item("task.assigned"))
    on = await email(person, "task.assigned")
    await clicked(services, path)

    assert (on, await email(person, "task.assigned")) == (True, False)


async def test_a_link_that_somebody_changed_does_nothing_and_says_so(services: Services) -> None:
    person, path = await mailed(services)
    token = path.rpartition("/")[2]
    wrong = [path[:-4], f"{path}AAAA", path.replace(token[30:40], token[30:40].swapcase()), "/api/v1/unsubscriptions/x"]

    posted = [(await clicked(services, each))[0] for each in wrong]
    read = [(await looked(services, each))[0] for each in wrong]

    assert posted == read == [404] * len(wrong)
    assert await email(person, "task.assigned") is True


async def test_a_key_that_was_followed_by_another_is_still_good_and_one_that_was_removed_is_not(
    services: Services,
) -> None:
    person, path = await mailed(services)
    execute(
        "notification",
        "INSERT INTO unsubscription_key (number, secret, created_at)"
        " VALUES (2, sha256(gen_random_uuid()::text::bytea), now())",
    )
    try:
        _, newer = await mailed(services)
        old, new = await clicked(services, path), await clicked(services, newer)
    finally:
        execute("notification", "DELETE FROM unsubscription_key WHERE number = 2")

    gone = await clicked(services, newer)

    assert [status for status, _ in (old, new, gone)] == [200, 200, 404]
    assert path.rpartition("/")[2][:2] != newer.rpartition("/")[2][:2]
    assert await email(person, "task.assigned") is False
