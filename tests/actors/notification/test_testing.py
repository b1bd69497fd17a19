"""A test notification goes the whole way: event, notification, delivery, mail worker; and each hop can be seen."""

from typing import Any

from punctual.kit import ids
from punctual.kit.mail import MemoryMailer, PermanentMailFailure
from tests.actors.notification.scene import a_team
from tests.actors.notification.smtp import Server
from tests.support.services import Person, Services, eventually

TESTS = "/api/v1/notification-tests"


async def a_test(person: Person, state: str) -> dict[str, Any]:
    """A test of the person's, once it is in this state."""
    created = await person.request("notification", "POST", TESTS)
    assert created.status == 201, created

    async def check() -> dict[str, Any] | None:
        body: dict[str, Any] = (await person.request("notification", "GET", created.headers["Location"])).body
        return body if body["state"] == state else None

    found = await eventually(check)
    assert found["id"] == created.body["id"]
    return found


async def test_it_reaches_inbox_and_mailbox(services: Services, smtp: Server) -> None:
    bob = (await a_team(services)).member

    test = await a_test(bob, "done")
    read = await bob.request("notification", "GET", f"/api/v1/notifications/{test['notification_id']}")

    assert [(step["name"], step["state"]) for step in test["steps"]] == [
        (name, "done") for name in ("accepted", "queued", "inbox", "worker", "smtp", "delivered")
    ]
    assert all(step["at"] for step in test["steps"])
    assert sorted(step["at"] for step in test["steps"]) == [step["at"] for step in test["steps"]]
    assert read.body["kind"] == "notification.tested"
    assert [message["Subject"] for message in smtp.got] == ["Test: e-mail from Punctual reaches you"]


async def test_a_refusal_of_the_mail_server_is_shown(services: Services, mails: MemoryMailer) -> None:
    bob = (await a_team(services)).member
    mails.failure = PermanentMailFailure("SMTP 550 no such mailbox")

    test = await a_test(bob, "failed")

    assert [step["state"] for step in test["steps"][3:]] == ["done", "failed", "skipped"]
    assert test["steps"][4]["reason"] == "SMTP 550 no such mailbox"


async def test_without_a_mail_server_it_says_so(services: Services) -> None:
    bob = (await a_team(services)).member

    test = await a_test(bob, "done")

    assert [step["state"] for step in test["steps"][2:]] == ["done", "skipped", "skipped", "skipped"]
    assert test["steps"][3]["reason"] == "no mail server configured"


async def test_a_test_is_nobody_elses(services: Services) -> None:
    crew = await a_team(services)
    created = await crew.member.request("notification", "POST", TESTS)

    others = await crew.owner.request("notification", "GET", created.headers["Location"])
    unknown = await crew.owner.request("notification", "GET", f"{TESTS}/{ids.uuid7()}")

    assert (others.status, unknown.status) == (404, 404)
