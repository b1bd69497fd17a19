"""The folder of caught e-mails: one .eml file each, named so that names sort by time."""

import itertools
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

NAME = re.compile(r"\d{8}T\d{6}\.\d{3}Z-(\d{6,})\.eml")
ENOUGH_FOR_HEADERS = 32_768


@dataclass(frozen=True, slots=True)
class Summary:
    """What the list shows of one e-mail."""

    name: str
    sender: str
    recipients: str
    subject: str
    kept_at: str


class Mailbox:
    """Keeps and finds e-mails. Raises OSError when the folder can't be used."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._directory = directory
        self._numbers = itertools.count(1 + max((_number(name) for name in self.names()), default=0))

    def keep(self, content: bytes, *, sender: str, recipients: Sequence[str], now: datetime | None = None) -> str:
        """Write one e-mail whole or not at all; the name of its file.

        The envelope goes before the headers, as a delivering server would write it.
        """
        moment = (now or datetime.now(UTC)).strftime("%Y%m%dT%H%M%S.%f")[:-3]
        name = f"{moment}Z-{next(self._numbers):06}.eml"
        envelope = [f"Return-Path: <{sender}>", *(f"Delivered-To: {recipient}" for recipient in recipients)]
        draft = self._directory / f".{name}.incoming"
        draft.write_bytes("".join(f"{line}\r\n" for line in envelope).encode() + content)
        draft.rename(self._directory / name)
        return name

    def names(self) -> list[str]:
        """All of them, the newest first."""
        return sorted(filter(NAME.fullmatch, os.listdir(self._directory)), reverse=True)  # noqa: PTH208 - names are enough

    def page(self, before: str | None, size: int) -> tuple[list[Summary], str | None]:
        """The newest e-mails older than `before`, and where the next page begins if there is one."""
        names = [name for name in self.names() if before is None or name < before]
        summaries = [self._summary(name) for name in names[:size]]
        return summaries, names[size - 1] if len(names) > size else None

    def raw(self, name: str) -> bytes:
        """The file as it was kept. Raises FileNotFoundError."""
        if not NAME.fullmatch(name):
            raise FileNotFoundError(name)
        return (self._directory / name).read_bytes()

    def message(self, name: str) -> EmailMessage:
        """The e-mail, parsed. Raises FileNotFoundError."""
        return parse(self.raw(name))

    def _summary(self, name: str) -> Summary:
        with (self._directory / name).open("rb") as file:
            headers = parse(file.read(ENOUGH_FOR_HEADERS))
        return Summary(
            name=name,
            sender=header(headers, "From"),
            recipients=header(headers, "To") or header(headers, "Delivered-To"),
            subject=header(headers, "Subject") or "(no subject)",
            kept_at=f"{datetime.strptime(name[:15], '%Y%m%dT%H%M%S').replace(tzinfo=UTC):%Y-%m-%d %H:%M:%S} UTC",
        )


def parse(content: bytes) -> EmailMessage:
    return message_from_bytes(content, policy=policy.default)


def header(message: EmailMessage, name: str) -> str:
    """A header as text; a malformed one as it came, since anything may be sent here."""
    try:
        return str(message.get(name, ""))
    except (ValueError, IndexError, AttributeError, TypeError):
        return next((str(text) for key, text in message.raw_items() if key.lower() == name.lower()), "")


def _number(name: str) -> int:
    found = NAME.fullmatch(name)
    return int(found[1]) if found else 0
