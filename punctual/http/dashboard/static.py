"""Style and scripts: read once, served under addresses that change with their content, and kept by browsers."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from aiohttp import web

TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file, plain and compressed."""

    body: bytes
    compressed: bytes
    content_type: str


@cache
def assets() -> dict[str, Asset]:
    """Every file of the folder by its name."""
    found = {}
    for file in files(__package__).joinpath("static").iterdir():
        kind = TYPES.get(file.name.rpartition(".")[2])
        if kind:
            body = file.read_bytes()
            found[file.name] = Asset(body, gzip.compress(body, mtime=0), kind)
    return found


@cache
def version() -> str:
    """One for all files, so that scripts find each other by relative addresses."""
    content = hashlib.sha256()
    for name, asset in sorted(assets().items()):
        content.update(f"{name} {len(asset.body)} ".encode() + asset.body)
    return content.hexdigest()[:16]


def url(name: str) -> str:
    """Where this file is."""
    if name not in assets():
        raise LookupError(f"There is no static file {name}.")
    return f"/static/{version()}/{name}"


def add_routes(app: web.Application) -> None:
    """Serve the files."""
    app.router.add_get("/static/{version}/{name}", _serve)


async def _serve(request: web.Request) -> web.Response:
    asset = assets().get(request.match_info["name"])
    if asset is None:
        raise web.HTTPNotFound
    # A page from before an update may ask for the old version; it gets the new one, but mustn't keep it for that.
    current = request.match_info["version"] == version()
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable" if current else "no-cache",
        "X-Content-Type-Options": "nosniff",
        "Vary": "Accept-Encoding",
    }
    body = asset.body
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        headers["Content-Encoding"] = "gzip"
        body = asset.compressed
    return web.Response(body=body, headers=headers, content_type=asset.content_type, charset="utf-8")
