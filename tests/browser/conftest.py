"""A stack with the demo's organisation, a Chromium, and a page on which somebody is signed in."""

import contextlib
import importlib.util
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from tests.flows.stack import ROOT, Stack, fresh_stack

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.browser.pair import Pair

if importlib.util.find_spec("playwright"):
    from tests.browser import chromium
else:
    chromium = None

PASSWORD = "correct horse battery staple"


@pytest.fixture(scope="package")
def browser() -> "Iterator[Browser]":
    """One Chromium for the tests of this folder; without one they are skipped, and say so.

    Playwright holds the thread's event loop for as long as it runs, so it ends before any test that has its own.
    """
    if chromium is None:
        pytest.skip("Playwright isn't installed: make setup-dev")
    if chromium.program() is None:
        pytest.skip("There is no Chromium on this machine: apt-get install chromium-headless-shell")
    with chromium.browser() as running:
        yield running


@pytest.fixture(scope="package")
def stack() -> Iterator[Stack]:
    """The whole system, filled with the demo's twelve people and their projects."""
    with fresh_stack("browser", PUNCTUAL_RATE_LIMIT="off") as started:
        fill(started)
        yield started


@pytest.fixture
def window(browser: "Browser", stack: Stack) -> "Iterator[Callable[..., Page]]":
    """Opens windows, each with cookies of its own: `window(java_script_enabled=False)`."""
    with contextlib.ExitStack() as opened:
        yield lambda **options: opened.enter_context(chromium.window(browser, stack.url, **options))


@pytest.fixture
def page(window: "Callable[..., Page]", stack: Stack) -> "Page":
    """A window in which the demo's first person, an administrator, is signed in."""
    opened = window()
    chromium.sign_in(opened, *first_person(stack))
    return opened


@pytest.fixture
def pair(window: "Callable[..., Page]", stack: Stack) -> "Iterator[Pair]":
    """Two people on one project of the demo's, each in a window."""
    from tests.browser.pair import two

    with two(window, stack) as both:
        yield both


def fill(stack: Stack) -> None:
    """Run the demo against it."""
    command = [sys.executable, "-m", "punctual", "demo", "--url", stack.url, "--password", PASSWORD]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def first_person(stack: Stack) -> tuple[str, str]:
    """E-mail and password of the demo's administrator."""
    ((email,),) = stack.sql("auth", "SELECT email FROM account ORDER BY created_at, id LIMIT 1")
    return str(email), PASSWORD
