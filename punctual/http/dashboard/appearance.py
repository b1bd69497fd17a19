"""Light or dark, as chosen in this browser; without a choice as its system has it."""

from aiohttp import web

THEMES = ("auto", "light", "dark")
COOKIE = "punctual_theme"
SECONDS = 365 * 24 * 3600


def theme(request: web.Request) -> str:
    """The theme of this browser."""
    chosen = request.cookies.get(COOKIE)
    return chosen if chosen in THEMES else THEMES[0]


def choose(response: web.Response, chosen: str) -> None:
    """Keep a choice; one that doesn't exist is passed over."""
    if chosen in THEMES:
        response.set_cookie(COOKIE, chosen, max_age=SECONDS, httponly=True, samesite="Lax")
