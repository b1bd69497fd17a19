"""A real SMTP server that does as it is told: accept, refuse, stall, or break off after the data."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Server:
    """Set `rcpt` or `data` to a reply to refuse with, `slow` to seconds, or `drop` to break off after the data."""

    rcpt: str | None = None
    data: str | None = None
    drop: bool = False
    slow: float = 0
    quit: str | None = None
    got: list[EmailMessage] = field(default_factory=list)
    url: str = ""

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.rcpt:
            return self.rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        await asyncio.sleep(self.slow)
        if self.data:
            return self.data
        message = BytesParser(policy=default).parsebytes(envelope.original_content or b"")
        self.got.append(message)  # type: ignore[arg-type]
        if self.drop:
            assert server.transport
            server.transport.abort()
            await asyncio.sleep(0)
        return "250 OK"

    async def handle_QUIT(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:  # noqa: N802
        return self.quit or "221 Bye"


@contextlib.contextmanager
def smtp_server(**how: Any) -> Iterator[Server]:
    """A server on a free port of loopback."""
    server = Server(**how)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server.url = f"smtp://127.0.0.1:{port}"
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()
