"""Mails with a secret: sent once, and the secret erased from storage."""

import asyncio
import logging
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from dramatiq import Message

from punctual.actors.notification import resending
from punctual.kit import ids
from punctual.kit.mail import MemoryMailer, PermanentMailFailure, TemporaryMailFailure
from tests.support.services import Services, eventually
from tests.support.team import execute, now, rows

TOKEN = "a-token-that-nobody-else-may-see"
INVITATION = {"project_key": "OPS", "project_name": "Operations", "role": "member", "token": TOKEN}


async def post(services: Services, mail_id: UUID, template: str = "project.invited", **context: Any) -> None:
    """Send as the owner of the secret does: a message to the mail queue, by name."""
    kwargs = {
        "mail_id": mail_id, "template": template, "to": "carol@example.org", "context": {**INVITATION, **context},
    }  # fmt: skip
    message: Message[None] = Message("mail", "notification.send_secret", (), kwargs, {"request_id": "req-4711"})
    await services.bus.publish("mail", message.encode())


def stored(mail_id: UUID) -> dict[str, Any] | None:
    found = rows("notification", "SELECT * FROM secret_mail WHERE id = %s", (mail_id,))
    return found[0] if found else None


async def reached(mail_id: UUID, *states: str) -> dict[str, Any]:
    async def check() -> dict[str, Any] | None:
        row = stored(mail_id)
        return row if row and row["state"] in states and (row["attempts"] or "queued" not in states) else None

    return await eventually(check)


async def test_an_invitation_arrives_and_its_secret_is_erased(services: Services, mails: MemoryMailer) -> None:
    mail_id = ids.uuid7()

    await post(services, mail_id)
    row = await reached(mail_id, "sent")

    [message] = mails.sent
    text = message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert (message["To"], message["X-Request-ID"]) == ("carol@example.org", "req-4711")
    assert message["Message-ID"] == f"<{mail_id}@localhost>"
    assert f"/invitations/{TOKEN}\n" in text
    assert row["context"] is None
    assert TOKEN not in str(row)


async def test_a_repeat_sends_nothing_more(services: Services, mails: MemoryMailer) -> None:
    mail_id = ids.uuid7()

    await asyncio.gather(*(post(services, mail_id) for _ in range(4)))
    await reached(mail_id, "sent")
    await post(services, mail_id)
    await asyncio.sleep(0.3)

    assert len(mails.sent) == 1


async def test_a_temporary_failure_keeps_the_secret_until_it_is_sent(services: Services, mails: MemoryMailer) -> None:
    mail_id = ids.uuid7()
    mails.failure = TemporaryMailFailure("SMTP 421 busy")

    await post(services, mail_id)
    waiting = await reached(mail_id, "queued")
    mails.failure = None
    past = now() - timedelta(seconds=10)
    execute("notification", "UPDATE secret_mail SET next_attempt_at = %s WHERE id = %s", (past, mail_id))
    resending.resend.send()
    row = await reached(mail_id, "sent")

    assert (waiting["reason"], waiting["context"]["token"]) == ("SMTP 421 busy", TOKEN)
    assert row["context"] is None


async def test_a_final_failure_erases_the_secret_too(services: Services, mails: MemoryMailer) -> None:
    mail_id = ids.uuid7()
    mails.failure = PermanentMailFailure("SMTP 550 no such mailbox")

    await post(services, mail_id)
    row = await reached(mail_id, "failed")

    assert (row["context"], row["reason"]) == (None, "SMTP 550 no such mailbox")


async def test_without_a_mail_server_the_secret_is_never_stored(services: Services) -> None:
    mail_id = ids.uuid7()

    await post(services, mail_id)
    row = await reached(mail_id, "suppressed")

    assert (row["context"], row["reason"]) == (None, "no mail server configured")


async def test_an_unknown_template_ends_dead_and_erased(services: Services, mails: MemoryMailer) -> None:
    mail_id = ids.uuid7()

    await post(services, mail_id, template="no.such")
    row = await reached(mail_id, "dead")

    assert (row["context"], row["reason"]) == (None, "there are no words for 'no.such' in this version of Punctual")


async def test_a_fault_in_the_mail_actor_logs_no_secret(
    services: Services, mails: MemoryMailer, caplog: pytest.LogCaptureFixture
) -> None:
    broken = {"mail_id": "no id", "template": "project.invited", "to": "carol@example.org", "context": INVITATION}
    message: Message[None] = Message("mail", "notification.send_secret", (), broken, {})

    with caplog.at_level(logging.INFO):
        await services.bus.publish("mail", message.encode())
        await eventually(lambda: _logged(caplog, message.message_id))

    assert TOKEN not in caplog.text


async def _logged(caplog: pytest.LogCaptureFixture, message_id: str) -> bool:
    return any(message_id in record.getMessage() and record.exc_info for record in caplog.records)
