"""The dashboard on a socket of its own before the real services, and browsers without scripts."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING, Any, Self

import aiohttp
import aiohttp_jinja2
import pytest
from jinja2.bccache import Bucket, BytecodeCache
from yarl import URL

from punctual.http.dashboard.application import application
from punctual.kit import settings
from punctual.kit.settings import SERVICES
from tests.support.accounts import PASSWORD, RealServices, an_email
from tests.support.serving import served

if TYPE_CHECKING:
    from tests.http.dashboard.world import World

KEY = "a key of the tests' own, and long enough"


class Compiled(BytecodeCache):
    """Templates that one test has compiled, for the next one's dashboard."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._code:
            bucket.bytecode_from_string(self._code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key] = bucket.bytecode_to_string()


COMPILED = Compiled()


class Seen:
    """What a browser got."""

    def __init__(self, response: aiohttp.ClientResponse, html: str) -> None:
        self.status = response.status
        self.headers = response.headers
        self.path = str(response.url.relative())
        self.location = response.headers.get("Location", "")
        self.html = html
        whole = re.sub(r'<span class="nowrap">([^<]*)</span>', r"\1", html)
        self.text = unescape(
            re.sub(r"\s+", " ", re.sub(r"<(script|style).*?</\1>|<[^>]*>", " ", whole, flags=re.DOTALL))
        )

    def hidden(self, name: str) -> str:
        """The value of the first field of this name."""
        found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', self.html)
        assert found, f"There is no field {name} in: {self.text}"
        return unescape(found[1])


class Browser:
    """Keeps cookies, follows no redirect by itself, and sends forms as the page has them."""

    def __init__(self, client: aiohttp.ClientSession, url: str) -> None:
        self.client = client
        self.url = url
        self.email = ""

    async def get(self, path: str, **headers: str) -> Seen:
        """Open a page."""
        return await self._send("GET", path, headers=headers)

    async def post(self, path: str, **fields: str) -> Seen:
        """Send a form with exactly these fields."""
        return await self._send("POST", path, data=fields)

    async def fill(self, page: str, to: str = "", **fields: str) -> Seen:
        """Open a page, and send its form with these fields filled in."""
        seen = await self.get(page)
        hidden = {name: seen.hidden(name) for name in ("csrf", "once")}
        return await self.post(to or page, **hidden, **fields)

    async def register(self, **fields: str) -> Self:
        """A new account, signed in."""
        self.email = an_email()
        given = {"display_name": "Ada", "email": self.email, "password": PASSWORD, "time_zone": "UTC", **fields}
        seen = await self.fill("/register", **given)
        assert seen.status == 303, seen.text
        return self

    def cookies(self) -> dict[str, str]:
        """Those that are kept now."""
        return {cookie.key: cookie.value for cookie in self.client.cookie_jar}

    async def _send(self, method: str, path: str, **options: Any) -> Seen:
        url = URL(self.url + path, encoded=True)
        async with self.client.request(method, url, allow_redirects=False, **options) as response:
            return Seen(response, await response.text())


class Site:
    """The dashboard; several processes of it with `another`."""

    def __init__(self, services: RealServices, stack: AsyncExitStack) -> None:
        self.services = services
        self._stack = stack
        self.url = ""

    async def start(self, **changes: Any) -> str:
        """One more process; its address. Service addresses are replaced by `changes`."""
        urls = {name: await self.services.url(name) for name in SERVICES} | changes
        known = replace(settings.current(), service_urls=urls, session_key=KEY)
        app = application(known)
        aiohttp_jinja2.get_env(app).bytecode_cache = COMPILED
        return (await self._stack.enter_async_context(served(app))).url

    async def browser(self, url: str = "", cookies: dict[str, str] | None = None) -> Browser:
        """A browser, with the cookies of another one or with none."""
        jar = aiohttp.CookieJar(unsafe=True)
        client = await self._stack.enter_async_context(aiohttp.ClientSession(cookie_jar=jar))
        jar.update_cookies(cookies or {}, URL(url or self.url))
        return Browser(client, url or self.url)


@pytest.fixture
async def site(running_worker: None) -> AsyncIterator[Site]:
    """The dashboard before all services."""
    async with RealServices() as services, AsyncExitStack() as stack:
        running = Site(services, stack)
        running.url = await running.start()
        yield running


@pytest.fixture
async def browser(site: Site) -> Browser:
    """Nobody is signed in."""
    return await site.browser()


@pytest.fixture
async def ada(site: Site) -> Browser:
    """Somebody is signed in."""
    return await (await site.browser()).register()


@pytest.fixture
def aged(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Makes every access token one that is to be renewed."""
    from punctual.http.dashboard import session

    def age() -> None:
        monkeypatch.setattr(session, "EARLY_SECONDS", 3600)

    return age


@pytest.fixture
async def world(site: Site, ada: Browser) -> "World":
    """A project of Ada's with Bob in it."""
    from tests.http.dashboard.world import World

    made = World(site, ada, await (await site.browser()).register(display_name="Bob Miller"))
    await made.begin()
    return made
