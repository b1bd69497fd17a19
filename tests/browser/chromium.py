"""Debian's Chromium under Playwright, and a person's window in it."""

import contextlib
import shutil
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

# The first is the same browser without the parts that only a window needs: half the work.
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


def program() -> str | None:
    """Where this machine has a Chromium."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


@contextlib.contextmanager
def browser() -> Iterator[Browser]:
    """A Chromium without a window."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program(), args=list(FLAGS))
        try:
            yield running
        finally:
            running.close()


@contextlib.contextmanager
def window(running: Browser, url: str, **options: Any) -> Iterator[Page]:
    """An empty page with cookies of its own; whatever the console complains of fails the test."""
    context: BrowserContext = running.new_context(base_url=url, **{"viewport": WIDE, "locale": "en-GB", **options})
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    try:
        yield page
        said = [complaint for complaint in complaints if "status of" not in complaint]
        assert said == [], said
    finally:
        context.close()


def sign_in(page: Page, email: str, password: str, then: str = "/") -> None:
    """By the form, as people do."""
    page.goto("/sign-in" if then == "/" else f"/sign-in?next={then}")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
