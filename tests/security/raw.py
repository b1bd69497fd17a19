"""Bytes on a socket, for what no HTTP client would send."""

import asyncio
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

_STATUS = re.compile(rb"HTTP/\d\.\d (\d{3}) ")


@dataclass(frozen=True)
class Received:
    """What came back until the server closed, or `open` if it didn't."""

    raw: bytes
    open: bool

    @property
    def statuses(self) -> list[int]:
        """Of each answer that came."""
        return [int(status) for status in _STATUS.findall(self.raw)]


async def exchange(url: str, sent: bytes, *, answers: int = 0, within: float = 5.0) -> Received:
    """Send these bytes on a connection of their own; what came until the end, or until so many `answers` were there."""
    reader, writer = await asyncio.open_connection(urlsplit(url).hostname, urlsplit(url).port)
    received = b""
    try:
        writer.write(sent)
        async with asyncio.timeout(within):
            while chunk := await reader.read(65_536):
                received += chunk
                if answers and len(_STATUS.findall(received)) >= answers:
                    return Received(received, open=True)
    except TimeoutError:
        return Received(received, open=True)
    except ConnectionError:
        return Received(received, open=False)
    finally:
        writer.close()
    return Received(received, open=False)


def request(line: str, *headers: str, body: bytes = b"") -> bytes:
    """A request with exactly these lines, ended as HTTP has it."""
    return "\r\n".join([f"{line} HTTP/1.1", "Host: x", *headers, "", ""]).encode("latin-1") + body
