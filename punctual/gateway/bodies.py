"""Request bodies: held whole, within the limit, so that a request can be repeated."""

import asyncio

from aiohttp import HttpVersion10, HttpVersion11, web

from punctual.gateway.errors import Encoded, SlowRequest, UnclearFraming, too_large
from punctual.kit.errors import BadRequest
from punctual.kit.reading import MAX_BODY_BYTES

BODY_SECONDS = 30.0


def demand_clear_framing(request: web.Request) -> None:
    """Refuse what a proxy before us may have taken for another message than we do. Raises UnclearFraming."""
    coding = request.headers.get("Transfer-Encoding")
    if coding is None and request.version >= HttpVersion10:
        return
    if coding is None or request.version < HttpVersion11 or coding.lower() != "chunked":
        raise UnclearFraming("Send HTTP/1.1, and no Transfer-Encoding but chunked.")


async def read_body(request: web.Request) -> bytes | None:
    """The body; None without one. Raises TooLarge, Encoded, SlowRequest or BadRequest."""
    if not request.body_exists:
        return None
    if (request.content_length or 0) > MAX_BODY_BYTES:
        raise too_large()
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Encoded("The body is compressed; send it as it is, without Content-Encoding.")
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise too_large() from None
    except TimeoutError:
        raise SlowRequest(f"The body was not there within {BODY_SECONDS:.0f} s.") from None
    except (ConnectionError, web.RequestPayloadError):
        raise BadRequest("The body broke off before its end.") from None


async def expect(request: web.Request) -> None:
    """Answer `Expect: 100-continue`, unless the body that was announced is too large anyway."""
    continues = request.headers["Expect"].lower() == "100-continue" and request.version >= HttpVersion11
    if continues and (request.content_length or 0) <= MAX_BODY_BYTES:
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        # aiohttp takes a response for begun once bytes were written; this line isn't part of it.
        request.writer.output_size = 0
