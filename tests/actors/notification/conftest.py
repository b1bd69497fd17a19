"""Mail for the tests of this room: kept in memory, or spoken over real SMTP."""

from collections.abc import Iterator

import pytest

from punctual.actors.notification import mailing
from punctual.kit.mail import MemoryMailer, SmtpMailer
from tests.actors.notification.smtp import Server, smtp_server
from tests.support.team import execute


@pytest.fixture
def nothing_due(environment: dict[str, str]) -> None:
    """What other tests left to be sent would come in between."""
    execute("notification", "DELETE FROM delivery WHERE state IN ('queued', 'sending')")
    execute("notification", "DELETE FROM digest WHERE state IN ('queued', 'sending')")
    execute("notification", "DELETE FROM secret_mail WHERE state IN ('queued', 'sending')")


@pytest.fixture
def mails(nothing_due: None) -> Iterator[MemoryMailer]:
    """A mail server is configured, and this is what it got."""
    mailer = MemoryMailer()
    with mailing.using(mailer):
        yield mailer


@pytest.fixture
def smtp(nothing_due: None) -> Iterator[Server]:
    """A real mail server is configured."""
    with smtp_server() as server, mailing.using(SmtpMailer(server.url, seconds=2)):
        yield server
