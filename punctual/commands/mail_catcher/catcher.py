"""The two doors of the mail catcher, SMTP in and HTTP out, both on loopback unless told otherwise."""

import asyncio
import signal
from pathlib import Path

from aiohttp import web
from aiosmtpd.smtp import SMTP, Envelope, Session

from punctual.commands.mail_catcher.mailbox import Mailbox
from punctual.commands.mail_catcher.pages import application

LARGEST_MESSAGE = 32 * 1024 * 1024


class Keeper:
    """Takes whatever is sent, for whomever."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        name = self._mailbox.keep(
            envelope.original_content or b"",
            sender=envelope.mail_from or "",
            recipients=envelope.rcpt_tos,
        )
        print(f"kept {name} for {', '.join(envelope.rcpt_tos)}", flush=True)
        return f"250 OK, kept as {name}"


async def catch(directory: Path, host: str, smtp_port: int, http_port: int) -> None:
    """Run both until SIGTERM or SIGINT. Raises OSError when a port is taken or the folder is closed."""
    mailbox = Mailbox(directory)
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    keeper = Keeper(mailbox)
    smtp = await loop.create_server(lambda: _protocol(keeper, loop), host, smtp_port)
    runner = web.AppRunner(application(mailbox), access_log=None, handle_signals=False)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, http_port).start()
        print(
            f"catching e-mail on smtp://{host}:{smtp_port}, showing it on http://{host}:{http_port}",
            flush=True,
        )
        await stop.wait()
    finally:
        smtp.close()
        await runner.cleanup()


def _protocol(keeper: Keeper, loop: asyncio.AbstractEventLoop) -> SMTP:
    # The host's name is given, because looking it up can take seconds on a machine without DNS.
    return SMTP(keeper, hostname="localhost", enable_SMTPUTF8=True, data_size_limit=LARGEST_MESSAGE, loop=loop)
