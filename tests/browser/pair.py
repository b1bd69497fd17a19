"""Two people at the same time, each with a window of their own on one project."""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import count
from typing import Any

from tests.browser.chromium import sign_in
from tests.browser.conftest import PASSWORD
from tests.browser.test_task import both
from tests.flows.client import ApiClient
from tests.flows.stack import Stack
from tests.support.figures import section

Window = Callable[..., Any]
SECOND = 1.0
PATIENCE = 10.0
ENOUGH = 10
_FIGURES = section("changes seen by another browser")
_EARLIER = count()
_waits: list[float] = []


class Pair:
    """Two windows on one project, and the API as the second person uses it."""

    def __init__(self, window: Window, stack: Stack) -> None:
        self.stack, self.emails = stack, both(stack)
        self.api = ApiClient(stack.url, self.emails[1]).sign_in()
        statement = """SELECT key FROM project JOIN member ON project_id = project.id JOIN person USING (user_id)
            WHERE role IN ('owner', 'admin', 'member') AND email = ANY(%s) AND NOT archived AND NOT deleted
            GROUP BY key HAVING count(*) = 2 ORDER BY key LIMIT 1"""
        self.project = str(stack.sql("task", statement, (list(self.emails),))[0][0])
        self.ada, self.bob = window(), window()
        for page, email in zip((self.ada, self.bob), self.emails, strict=True):
            sign_in(page, email, PASSWORD)

    def open(self, path: str) -> None:
        """Both look at it, and their streams begin."""
        for page in (self.ada, self.bob):
            with page.expect_response("**/live?project=*"):
                page.goto(path)

    def task(self, **fields: Any) -> str:
        """A new task's key; due before all others: the first card of its column, in sight without scrolling."""
        due = date(1971, 1, 1) - timedelta(days=next(_EARLIER))
        body = {"title": "Seen by two", "due": due.isoformat(), **fields}
        return str(self.api.post(f"/api/v1/projects/{self.project}/tasks", body)["key"])


@contextmanager
def two(window: Window, stack: Stack) -> Iterator[Pair]:
    """Both of them. What one does the other sees within a second.

    That is judged by the middle of all that was seen so far: a machine that stands still for two seconds makes a few
    late, and is no fault of that.
    """
    before = len(_waits)
    yield Pair(window, stack)
    if mine := _waits[before:]:
        told = f"{len(mine)} seen: after {statistics.median(mine):.2f} s in the middle, {max(mine):.2f} s at most"
        _FIGURES.append(told)
    if len(_waits) >= ENOUGH:
        assert statistics.median(_waits) < SECOND


def within(page: Any, check: Callable[[], Any], seconds: float = PATIENCE) -> None:
    """It comes about, and how long it took is counted."""
    began = time.monotonic()
    while not check():
        assert time.monotonic() - began < seconds, "Not in time"
        page.wait_for_timeout(20)
    _waits.append(time.monotonic() - began)


def column_of(page: Any, key: str) -> str:
    """The status of the column that the card is in; nothing while it is in none."""
    card = page.locator(f"#{key}")
    return card.locator("xpath=ancestor::section").get_attribute("data-status") if card.count() else ""
