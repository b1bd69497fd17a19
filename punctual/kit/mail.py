"""Mailers: SMTP, and one for tests. Temporary and final failures are told apart here and nowhere else."""

import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from typing import Protocol
from urllib.parse import unquote, urlsplit

# A server may be slow to accept; one that doesn't even greet is away.
SECONDS = 60
GREETING_SECONDS = 15
# Everything together. Each answer may take its time, but whoever waits for the end of it has a lease that ends.
CONVERSATION_SECONDS = 180
FAREWELL_SECONDS = 2
_TOO_LONG = "the server took too long altogether"
# Not the recipient's fault but that of our own settings: mended, the mail can go.
_OURS = frozenset({530, 534, 535, 538})


class MailFailure(Exception):
    """The message wasn't accepted; the text is fit for people ("SMTP 550 no such mailbox")."""


class TemporaryMailFailure(MailFailure):
    """Worth another try later."""


class PermanentMailFailure(MailFailure):
    """Final: trying again would fail again."""


class Mailer(Protocol):
    """Hands a message to the mail system."""

    def send(self, message: EmailMessage) -> None:
        """Deliver to the recipients in its headers. Raises MailFailure."""


class SmtpMailer:
    """Sends through an SMTP server: smtp://, smtps:// or smtp+starttls://[user:password@]host[:port].

    Each of its answers may take `seconds`, all of them together `conversation` seconds.
    """

    def __init__(self, url: str, seconds: float = SECONDS, conversation: float = CONVERSATION_SECONDS) -> None:
        self._url = urlsplit(url)
        self._seconds = seconds
        self._conversation = conversation

    def check(self) -> None:
        """Connect, greet, encrypt and log in as for a message, but send none. Raises MailFailure."""
        with _failures(), self._conversing() as connection:
            connection.ehlo_or_helo_if_needed()
            connection.noop()

    def send(self, message: EmailMessage) -> None:
        """Deliver over a fresh connection. Raises TemporaryMailFailure or PermanentMailFailure."""
        with _failures(), self._conversing() as connection:
            connection.send_message(message)

    @contextmanager
    def _conversing(self) -> Iterator[smtplib.SMTP]:
        ends = time.monotonic() + self._conversation
        connection = self._connect()
        try:
            with _until(ends, connection):
                self._enter(connection)
                yield connection
        except BaseException:
            connection.close()
            raise
        # Accepted: a farewell that goes wrong must not make it look refused, or it would be sent again.
        with suppress(smtplib.SMTPException, OSError):
            _wait(connection, FAREWELL_SECONDS)
            connection.quit()
        connection.close()

    def _connect(self) -> smtplib.SMTP:
        host, port = self._url.hostname or "localhost", self._url.port
        greeting = min(self._seconds, GREETING_SECONDS)
        if self._url.scheme == "smtps":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(host, port or 465, timeout=greeting, context=context)
        return smtplib.SMTP(host, port or 25, timeout=greeting)

    def _enter(self, connection: smtplib.SMTP) -> None:
        _wait(connection, self._seconds)
        if self._url.scheme == "smtp+starttls":
            connection.starttls(context=ssl.create_default_context())
        if self._url.username:
            connection.login(unquote(self._url.username), unquote(self._url.password or ""))


class MemoryMailer:
    """Keeps what it was given, for tests; `failure` is raised instead when set."""

    def __init__(self) -> None:
        self.sent: list[EmailMessage] = []
        self.failure: MailFailure | None = None

    def send(self, message: EmailMessage) -> None:
        """Keep the message. Raises `failure` if there is one."""
        if self.failure:
            raise self.failure
        self.sent.append(message)


@contextmanager
def _failures() -> Iterator[None]:
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        code, text = next(iter(error.recipients.values()))
        raise _failure(code, text) from error
    except smtplib.SMTPResponseException as error:
        raise _failure(error.smtp_code, error.smtp_error) from error
    except smtplib.SMTPNotSupportedError as error:
        raise PermanentMailFailure(f"The SMTP server can't take this message: {error}") from error
    except (smtplib.SMTPException, OSError) as error:
        raise TemporaryMailFailure(f"SMTP: {error or type(error).__name__}") from error


@contextmanager
def _until(ends: float, connection: smtplib.SMTP) -> Iterator[None]:
    """Cut the connection at that instant of the monotonic clock, whatever it is at. Raises TimeoutError then."""
    left, overdue = ends - time.monotonic(), threading.Event()
    if left <= 0:
        raise TimeoutError(_TOO_LONG)

    def cut() -> None:
        overdue.set()
        with suppress(OSError):
            if connection.sock:
                connection.sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(left, cut)
    timer.start()
    try:
        yield
    except OSError as error:
        if overdue.is_set():
            raise TimeoutError(_TOO_LONG) from error
        raise
    finally:
        timer.cancel()


def _wait(connection: smtplib.SMTP, seconds: float) -> None:
    if connection.sock:
        connection.sock.settimeout(seconds)


def _failure(code: int, text: bytes | str) -> MailFailure:
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    kind = PermanentMailFailure if 500 <= code < 600 and code not in _OURS else TemporaryMailFailure
    return kind(f"SMTP {code} {words}".strip())
