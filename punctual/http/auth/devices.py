"""What a session is recognised by in the list of one's sessions."""

from dataclasses import dataclass

from aiohttp import web

LONGEST = 200


@dataclass(frozen=True, slots=True)
class Device:
    """The program that signed in, as it calls itself, and the address it came from."""

    name: str
    address: str

    @classmethod
    def of(cls, request: web.Request) -> "Device":
        """From the headers; the gateway puts the client's address first."""
        name = "".join(filter(str.isprintable, request.headers.get("User-Agent", "")))
        address = request.headers.get("X-Forwarded-For", request.remote or "").partition(",")[0].strip()
        return cls(name[:LONGEST] or "unknown", address[:LONGEST] or "unknown")
