"""The conversation with a mail server has an end, however the server behaves."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from email.message import EmailMessage

import pytest

from punctual.domain.notification import LEASE
from punctual.kit.mail import CONVERSATION_SECONDS, SmtpMailer, TemporaryMailFailure
from tests.actors.notification.smtp import smtp_server


@pytest.fixture
def message() -> EmailMessage:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "punctual@example.org", "ada@example.org", "Due"
    letter.set_content("Due today.")
    return letter


@pytest.fixture
def chatterbox() -> Iterator[str]:
    """The address of a server that never comes to the end of its first answer."""

    def chat() -> None:
        with suppress(OSError):
            client, _ = listening.accept()
            with client:
                client.sendall(b"220 Well met\r\n")
                while True:
                    client.sendall(b"250-And another thing\r\n")
                    time.sleep(0.02)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=chat)
        thread.start()
        yield f"smtp://127.0.0.1:{listening.getsockname()[1]}"
    thread.join()


def refused(mailer: SmtpMailer, message: EmailMessage) -> tuple[str, float]:
    """Why it wasn't sent, and after how many seconds."""
    began = time.monotonic()
    with pytest.raises(TemporaryMailFailure) as failure:
        mailer.send(message)
    return str(failure.value), time.monotonic() - began


def test_a_server_that_takes_long_to_accept_is_left_at_the_end_of_the_time_for_all(message: EmailMessage) -> None:
    with smtp_server(slow=5) as server:
        why, seconds = refused(SmtpMailer(server.url, conversation=0.3), message)

    assert why == "SMTP: the server took too long altogether"
    assert seconds < 3
    assert server.got == []


def test_a_server_that_goes_on_talking_is_left_as_well(message: EmailMessage, chatterbox: str) -> None:
    why, seconds = refused(SmtpMailer(chatterbox, conversation=0.3), message)

    assert why == "SMTP: the server took too long altogether"
    assert seconds < 3


def test_nothing_is_sent_any_more_when_the_greeting_has_taken_all_the_time(message: EmailMessage) -> None:
    with smtp_server() as server:
        why, _ = refused(SmtpMailer(server.url, conversation=0), message)

    assert why == "SMTP: the server took too long altogether"
    assert server.got == []


def test_a_lease_outlives_every_conversation() -> None:
    assert LEASE.total_seconds() > CONVERSATION_SECONDS + 60
