"""The dashboard as an aiohttp application, by the settings of this process."""

from collections.abc import AsyncIterator

from aiohttp import web

from punctual.http.dashboard import delays, live, pages, static, templating
from punctual.http.dashboard.routing import endpoint
from punctual.http.dashboard.services import SERVICES, Services, open_session
from punctual.http.dashboard.session import SESSIONS, Sessions
from punctual.kit.health import add_health
from punctual.kit.metrics.http import counted
from punctual.kit.reading import MAX_BODY_BYTES
from punctual.kit.settings import MAKE_KEY, Settings, SettingsError
from punctual.kit.traces.http import traced


def application(known: Settings) -> web.Application:
    """All pages. Raises SettingsError without a key for the cookies."""
    if known.session_key is None:
        raise SettingsError(
            "PUNCTUAL_SESSION_KEY is missing: the dashboard encrypts its cookies with it, and every process that"
            f" serves the dashboard needs the same. Make one with: {MAKE_KEY}"
        )

    async def connect(app: web.Application) -> AsyncIterator[None]:
        async with open_session() as session:
            app[SERVICES] = Services(session, {**known.service_urls})
            yield

    app = web.Application(client_max_size=MAX_BODY_BYTES, middlewares=[*traced("dashboard"), counted("dashboard")])
    app[SESSIONS] = Sessions(known.session_key, secure=known.public_url.startswith("https:"))
    app.cleanup_ctx.append(connect)
    templating.set_up(app)
    app.cleanup_ctx.append(delays.watch)
    # Alive is ready: while a service is away, the pages say which, and the rest works.
    add_health(app, {})
    static.add_routes(app)
    for page in (*live.PAGES, *pages.PAGES):
        app.router.add_route(page.method, page.path, endpoint(page))
    return app
