"""The way out for e-mail: which mailer there is, how a message is put together, and what became of sending it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import Policy, default
from email.utils import formatdate
from functools import cache
from random import random
from urllib.parse import urlsplit
from uuid import UUID

from punctual.actors.notification.wording import Letter
from punctual.domain.notification import Failure, Verdict, after_failure, sent
from punctual.kit import settings
from punctual.kit.mail import Mailer, MailFailure, PermanentMailFailure, SmtpMailer

NO_SERVER = "no mail server configured"
_instead: list[Mailer | None] = []


def available() -> bool:
    """Whether e-mail can be sent at all."""
    return _mailer() is not None


@contextmanager
def using(mailer: Mailer | None) -> Iterator[None]:
    """Send through this mailer, or through none, instead of the configured one: the seam for tests."""
    _instead.append(mailer)
    try:
        yield
    finally:
        _instead.remove(mailer)


def attempt(write: Callable[[], EmailMessage], number: int) -> Verdict:
    """Write a message and hand it to the mailer; what became of it. `number` counts this attempt."""
    failure = _send(write)
    now = datetime.now(UTC)
    return after_failure(failure, number, now, random()) if failure else sent(now)  # noqa: S311 - only jitter


class _Unfolded(UnstructuredHeader, BaseHeader):
    """A header of one long word: folded, it would be encoded, and no program looks for an address in that."""

    def fold(self, *, policy: Policy) -> str:
        """One line, however long."""
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _Unfolded)
_POLICY = default.clone(header_factory=_HEADERS)


def compose(mail_id: UUID, to: tuple[str, str], letter: Letter, request_id: str | None) -> EmailMessage:
    """A message with text and HTML; its Message-ID is the same at every attempt. `to` is (name, address)."""
    name, address = to
    message = EmailMessage(_POLICY)
    message["Message-ID"] = message_id(mail_id)
    message["Date"] = formatdate(usegmt=True)
    message["From"] = settings.current().mail_from
    message["To"] = Address(" ".join(name.split()), addr_spec=address)
    message["Subject"] = letter.subject
    message["Auto-Submitted"] = "auto-generated"
    if request_id:
        message["X-Request-ID"] = request_id
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message


def thread(message: EmailMessage, task_id: UUID | None, project_key: str | None) -> None:
    """Let mail programs group what belongs together: by task as a thread, by project as a list."""
    if task_id:
        message["In-Reply-To"] = message["References"] = message_id(task_id)
    if project_key:
        message["List-Id"] = f"<{project_key.lower()}.{_host()}>"


def offer_unsubscription(message: EmailMessage, token: str) -> None:
    """Let mail programs switch this kind of mail off: with one click (RFC 8058), where it is safe on its way."""
    public_url = settings.current().public_url
    message["List-Unsubscribe"] = f"<{public_url}/api/v1/unsubscriptions/{token}>"
    if public_url.startswith("https:"):
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def message_id(mail_id: UUID) -> str:
    """The Message-ID of a mail, or of the root of a task's thread, which nobody ever sent."""
    return f"<{mail_id}@{_host()}>"


def _send(write: Callable[[], EmailMessage]) -> Failure | None:
    mailer = _mailer()
    if mailer is None:
        return Failure(NO_SERVER, final=True)
    try:
        mailer.send(write())
    except MailFailure as error:
        return Failure(str(error), final=isinstance(error, PermanentMailFailure))
    return None


def _host() -> str:
    return urlsplit(settings.current().public_url).hostname or "localhost"


def _mailer() -> Mailer | None:
    return _instead[-1] if _instead else _configured()


@cache
def _configured() -> Mailer | None:
    url = settings.current().smtp_url
    return SmtpMailer(url) if url else None
