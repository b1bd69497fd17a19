"""What a page costs: a board of 200 cards as browsers ask for it, with a session's cookie and compressed."""

import statistics
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from http.client import HTTPConnection
from http.cookiejar import CookieJar
from urllib.parse import urlsplit

from benchmarks.load import wrk
from benchmarks.rows import Row, of_load
from benchmarks.scene import Scene, fill, project
from tests.flows.client import PASSWORD

CARDS = 200
CONNECTIONS = (1, 8)
ASKED = 300
ASSETS = ("style.css", "app.js", "fields.js", "live.js", "page.js", "palette.js", "project.js")


def board(place: Scene, seconds: float) -> Iterator[Row]:
    """Boards a second, the time to the first byte, and the sizes of what a browser fetches."""
    here = project(place.stack, place.owner.sign_in(), place.member, "BOARD")
    fill(here, CARDS)
    path, cookie = f"/projects/{here.key}", _signed_in(here)
    html = _fetched(here.stack.url + path, cookie, "identity")
    if html.count(b'class="ticket"') != CARDS:
        raise RuntimeError(f"The board has {html.count(b'class=ticket')} cards, not {CARDS}")
    sent = _fetched(here.stack.url + path, cookie, "gzip")
    yield Row(f"board of {CARDS} cards, HTML", "kB", round(len(html) / 1000, 1), {"compressed": len(sent) / 1000})
    yield from _assets(here, html, cookie)
    first = _first_bytes(here, path, cookie)
    details = {"p50": round(statistics.median(first), 2), "p99": round(first[int(len(first) * 0.99)], 2)}
    yield Row(f"board of {CARDS} cards, first byte", "ms", details["p50"], details)
    lua = f'wrk.headers["Cookie"] = "{cookie}"\nwrk.headers["Accept-Encoding"] = "gzip"'
    for connections in CONNECTIONS:
        load = wrk(here.stack, path, connections=connections, seconds=seconds, script=lua)
        yield of_load(f"board of {CARDS} cards, {connections} connections", load)


def _signed_in(place: Scene) -> str:
    jar = CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = opener.open(place.stack.url + "/sign-in").read().decode()
    csrf, once = (page.split(f'name="{name}" value="')[1].split('"')[0] for name in ("csrf", "once"))
    form = {"csrf": csrf, "once": once, "email": place.owner.email, "password": PASSWORD}
    opener.open(place.stack.url + "/sign-in", urllib.parse.urlencode(form).encode()).read()
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


def _fetched(url: str, cookie: str, coding: str) -> bytes:
    request = urllib.request.Request(url, headers={"Cookie": cookie, "Accept-Encoding": coding})  # noqa: S310 - ours
    with urllib.request.urlopen(request) as response:  # noqa: S310 - ours
        body: bytes = response.read()
        return body


def _assets(place: Scene, html: bytes, cookie: str) -> Iterator[Row]:
    base = html.decode().split("/static/")[1].split("/")[0]
    sizes = {}
    for coding in ("identity", "gzip"):
        bodies = {name: len(_fetched(f"{place.stack.url}/static/{base}/{name}", cookie, coding)) for name in ASSETS}
        scripts = sum(size for name, size in bodies.items() if name.endswith(".js"))
        sizes[coding] = {"scripts": scripts / 1000, "style": bodies["style.css"] / 1000}
    total = sum(sizes["gzip"].values())
    yield Row("script and style, compressed", "kB", round(total, 1), {**sizes["gzip"], "raw": sizes["identity"]})


def _first_bytes(place: Scene, path: str, cookie: str) -> list[float]:
    """Milliseconds until the status line is there, one request after the other on one connection, sorted."""
    address = urlsplit(place.stack.url)
    connection = HTTPConnection(str(address.hostname), address.port)
    found = []
    for _ in range(ASKED):
        began = time.perf_counter()
        connection.request("GET", path, headers={"Cookie": cookie, "Accept-Encoding": "gzip"})
        response = connection.getresponse()
        found.append((time.perf_counter() - began) * 1000)
        response.read()
    connection.close()
    return sorted(found)
