"""E-mails of notifications: claimed, judged once more, sent, settled."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from punctual.actors.notification import resending, sending
from punctual.kit import ids, settings
from punctual.kit.mail import MemoryMailer, PermanentMailFailure, TemporaryMailFailure
from punctual.schemas import events
from tests.actors.notification.scene import a_reminder, a_task, a_team, deliveries, happened, inbox, settled
from tests.actors.notification.smtp import Server
from tests.support.services import Person, Services, eventually
from tests.support.team import Team, execute, membership, now, rows

REQUEST = "req-0815"


async def assigned(services: Services, crew: Team, **fields: Any) -> None:
    """The member is assigned something by the owner."""
    task = a_task(crew, user_ids=[crew.member.id], **fields)
    await happened(services, events.TASK_ASSIGNED, task, caller=crew.owner.id, request_id=REQUEST)


def stored(person: Person) -> dict[str, Any]:
    """The e-mail delivery of a person's only notification, whole."""
    [row] = rows(
        "notification",
        "SELECT delivery.* FROM delivery JOIN notification ON notification.id = notification_id"
        " WHERE user_id = %s AND channel = 'email'",
        (person.id,),
    )
    return row


def set_stored(person: Person, **columns: Any) -> None:
    """Put the e-mail delivery into a state that time or a crash would bring."""
    sets = ", ".join(f"{name} = %s" for name in columns)
    execute(
        "notification",
        f"UPDATE delivery SET {sets} WHERE channel = 'email'"  # noqa: S608 - names of columns from this file
        " AND notification_id IN (SELECT id FROM notification WHERE user_id = %s)",
        (*columns.values(), person.id),
    )


async def test_the_letter_is_text_and_html_with_headers_for_people_and_programs(
    services: Services, mails: MemoryMailer
) -> None:
    crew = await a_team(services)
    task_id = ids.uuid7()

    await assigned(services, crew, task_id=task_id, due="2026-12-24T13:00:00Z")
    await settled(crew.member, "sent")

    [message] = mails.sent
    assert message["Subject"] == f"[{crew.key}-1] Assigned to you: Renew the certificate"
    assert message["To"].startswith("Member <member.")
    assert message["Message-ID"] == f"<{stored(crew.member)['id']}@localhost>"
    assert message["In-Reply-To"] == message["References"] == f"<{task_id}@localhost>"
    assert message["X-Request-ID"] == REQUEST
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Id"] == f"<{crew.key.lower()}.localhost>"
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative", "text/plain", "text/html",
    ]  # fmt: skip
    assert "Due Thu 24 Dec 2026, 13:00 (UTC)" in message.get_body(("plain",)).get_content()  # type: ignore[union-attr]


async def test_over_https_one_click_in_the_mail_program_is_offered_and_a_link_in_both_texts(
    services: Services, mails: MemoryMailer, monkeypatch: pytest.MonkeyPatch
) -> None:
    crew = await a_team(services)
    await assigned(services, crew)
    await settled(crew.member, "sent")
    known = settings.current()
    monkeypatch.setattr(settings, "current", lambda: replace(known, public_url="https://punctual.example"))
    await assigned(services, crew)
    await eventually(lambda: _sent(mails, 2))

    plain, message = mails.sent
    token = message["List-Unsubscribe"].removeprefix("<https://punctual.example/api/v1/unsubscriptions/")[:-1]
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for part in ("plain", "html"):
        assert f"https://punctual.example/unsubscriptions/{token}" in message.get_body((part,)).get_content()  # type: ignore[union-attr]
    # Without https RFC 8058 has no one click; the address is there for people.
    assert plain["List-Unsubscribe"].startswith("<http://localhost:")
    assert plain["List-Unsubscribe-Post"] is None


async def _sent(mails: MemoryMailer, count: int) -> bool:
    return len(mails.sent) == count


async def test_without_a_mail_server_the_inbox_works_and_the_delivery_says_why(services: Services) -> None:
    crew = await a_team(services)

    await happened(services, events.TASK_DUE, a_reminder(crew, crew.member))

    assert len(inbox(crew.member)) == 1
    assert deliveries(crew.member)["email"] == ("suppressed", "no mail server configured")


async def test_over_real_smtp_a_mail_arrives_once(services: Services, smtp: Server) -> None:
    crew = await a_team(services)

    await assigned(services, crew)
    await settled(crew.member, "sent")
    sending.deliver.send()
    resending.resend.send()
    await asyncio.sleep(0.2)

    [message] = smtp.got
    assert message["Message-ID"] == f"<{stored(crew.member)['id']}@localhost>"


async def test_a_mail_to_many_is_sent_to_each_once(services: Services, smtp: Server) -> None:
    crew = await a_team(services)
    task = a_task(crew, assignees=[person.id for person in crew.people.values()], changes={"due": [None, "2026-12-24"]})

    await happened(services, events.TASK_DUE_CHANGED, task)
    await eventually(lambda: _all_sent(crew))

    assert len({str(message["To"]) for message in smtp.got}) == len(smtp.got) == len(crew.people)


async def _all_sent(crew: Team) -> bool:
    found = rows(
        "notification",
        "SELECT bool_and(state = 'sent') AS sent FROM delivery JOIN notification ON notification.id = notification_id"
        " WHERE project_id = %s",
        (crew.project_id,),
    )
    return bool(found[0]["sent"])


async def test_421_waits_30_seconds_and_then_it_arrives_with_the_same_message_id(
    services: Services, smtp: Server
) -> None:
    crew = await a_team(services)
    smtp.data = "421 Too busy, come back later"

    await assigned(services, crew)
    await eventually(lambda: _attempted(crew.member, 1))
    row = stored(crew.member)
    waits = row["next_attempt_at"] - now()
    smtp.data = None
    set_stored(crew.member, next_attempt_at=now() - timedelta(seconds=10))
    resending.resend.send()
    await settled(crew.member, "sent")

    assert (row["state"], row["reason"]) == ("queued", "SMTP 421 Too busy, come back later")
    assert timedelta(seconds=25) < waits < timedelta(seconds=37)
    assert [message["Message-ID"] for message in smtp.got] == [f"<{row['id']}@localhost>"]
    assert stored(crew.member)["attempts"] == 2


async def test_550_is_final_and_says_why(services: Services, smtp: Server) -> None:
    crew = await a_team(services)
    smtp.rcpt = "550 no such mailbox"

    await assigned(services, crew)

    assert await settled(crew.member, "failed") == ("failed", "SMTP 550 no such mailbox")


async def test_a_connection_dropped_after_the_data_is_tried_again_under_the_same_id(
    services: Services, smtp: Server
) -> None:
    crew = await a_team(services)
    smtp.drop = True

    await assigned(services, crew)
    await eventually(lambda: _waiting_again(crew.member))
    smtp.drop = False
    set_stored(crew.member, next_attempt_at=now() - timedelta(seconds=10))
    resending.resend.send()
    await settled(crew.member, "sent")

    assert len({message["Message-ID"] for message in smtp.got}) == 1


async def _waiting_again(person: Person) -> bool:
    row = stored(person)
    return row["state"] == "queued" and row["attempts"] == 1 and row["reason"].startswith("SMTP: ")


async def test_what_the_server_says_after_it_accepted_makes_no_double(services: Services, smtp: Server) -> None:
    crew = await a_team(services)
    smtp.quit = "421 Bye, and never come back"

    await assigned(services, crew)
    await settled(crew.member, "sent")

    assert stored(crew.member)["attempts"] == len(smtp.got) == 1


async def test_a_server_that_takes_too_long_is_tried_again(services: Services, smtp: Server) -> None:
    crew = await a_team(services)
    smtp.slow = 3

    await assigned(services, crew)
    await eventually(lambda: _attempted(crew.member, 1))

    assert deliveries(crew.member)["email"] == (
        "queued",
        "SMTP: Connection unexpectedly closed: timed out",
    )


async def test_a_server_that_wants_other_credentials_is_tried_again(services: Services, smtp: Server) -> None:
    crew = await a_team(services)
    smtp.rcpt = "530 5.7.0 Authentication required"

    await assigned(services, crew)
    await eventually(lambda: _attempted(crew.member, 1))

    assert deliveries(crew.member)["email"] == ("queued", "SMTP 530 5.7.0 Authentication required")


async def test_a_server_that_is_away_is_tried_again(services: Services, mails: MemoryMailer) -> None:
    crew = await a_team(services)
    mails.failure = TemporaryMailFailure("SMTP: connection refused")

    await assigned(services, crew)
    await eventually(lambda: _attempted(crew.member, 1))

    assert deliveries(crew.member)["email"] == ("queued", "SMTP: connection refused")


async def _attempted(person: Person, times: int) -> bool:
    row = stored(person)
    return bool(row["attempts"] == times and row["state"] != "sending")


async def test_after_the_last_attempt_it_is_dead(services: Services, mails: MemoryMailer) -> None:
    crew = await a_team(services)
    mails.failure = TemporaryMailFailure("SMTP 451 try later")
    await assigned(services, crew)
    await eventually(lambda: _attempted(crew.member, 1))
    set_stored(crew.member, attempts=6, next_attempt_at=now() - timedelta(seconds=10))

    resending.resend.send()

    assert await settled(crew.member, "dead") == ("dead", "given up after 7 attempts: SMTP 451 try later")


async def test_a_mail_whose_worker_died_is_sent_when_its_lease_ends_and_not_before(
    services: Services, mails: MemoryMailer
) -> None:
    crew = await a_team(services)
    mails.failure = TemporaryMailFailure("wait")
    await assigned(services, crew)
    await eventually(lambda: _attempted(crew.member, 1))
    mails.failure = None

    set_stored(crew.member, state="sending", next_attempt_at=now() + timedelta(minutes=4))
    sending.deliver.send()
    await asyncio.sleep(0.3)
    leased = len(mails.sent)
    set_stored(crew.member, next_attempt_at=now() - timedelta(seconds=10))
    resending.resend.send()
    await settled(crew.member, "sent")

    assert (leased, len(mails.sent)) == (0, 1)


async def test_who_lost_access_before_the_mail_went_out_gets_none(services: Services, mails: MemoryMailer) -> None:
    crew = await a_team(services)
    mails.failure = TemporaryMailFailure("wait")
    await assigned(services, crew)
    await eventually(lambda: _attempted(crew.member, 1))
    mails.failure = None
    gone = membership(crew.project_id, crew.key, crew.member, None)
    await happened(services, events.PROJECT_MEMBER_REMOVED, gone, version=9, quiet=True)

    set_stored(crew.member, next_attempt_at=now() - timedelta(seconds=10))
    resending.resend.send()

    assert await settled(crew.member, "suppressed") == ("suppressed", "lost access")
    assert mails.sent == []


async def test_an_address_that_is_not_known_yet_is_waited_for(services: Services, mails: MemoryMailer) -> None:
    crew, bob = await a_team(services), services.person()
    task = a_task(crew, user_ids=[bob.id])
    await happened(services, events.TASK_ASSIGNED, task, caller=crew.owner.id)
    await eventually(lambda: _attempted(bob, 1))
    waiting = deliveries(bob)["email"]
    profile = {**events.USER_CREATED.example, "user_id": bob.id, "email": "bob@example.org"}
    await happened(services, events.USER_CREATED, profile)

    set_stored(bob, next_attempt_at=now() - timedelta(seconds=10))
    resending.resend.send()
    await settled(bob, "sent")

    assert waiting == ("queued", "the address isn't known yet")
    assert str(mails.sent[0]["To"]) == "Ada <bob@example.org>"


async def test_a_mail_that_can_not_be_written_holds_up_no_other(
    services: Services, mails: MemoryMailer, monkeypatch: pytest.MonkeyPatch
) -> None:
    crew = await a_team(services)
    task = a_task(crew, user_ids=[crew.member.id, crew.admin.id])
    written = sending._write

    def write(row: dict[str, Any]) -> EmailMessage:
        if row["user_id"] == crew.member.id:
            raise ZeroDivisionError
        return written(row)

    monkeypatch.setattr(sending, "_write", write)
    await happened(services, events.TASK_ASSIGNED, task, caller=crew.owner.id)
    await settled(crew.admin, "sent")
    await eventually(lambda: _attempted(crew.member, 1))

    assert deliveries(crew.member)["email"] == (
        "queued", "a fault in Punctual (ZeroDivisionError); its log says more",
    )  # fmt: skip


async def test_a_permanent_failure_is_never_tried_again(services: Services, mails: MemoryMailer) -> None:
    crew = await a_team(services)
    mails.failure = PermanentMailFailure("SMTP 554 spam")

    await assigned(services, crew)
    await settled(crew.member, "failed")
    resending.resend.send()
    await asyncio.sleep(0.2)

    assert stored(crew.member)["attempts"] == 1
