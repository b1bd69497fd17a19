"""Two people at the same time: what one does the other sees, at once, and is not disturbed by it."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import PASSWORD
from tests.browser.test_task import both
from tests.flows.client import ApiClient
from tests.flows.stack import Stack

Window = Callable[..., Any]
SECOND = 1.0


class Pair:
    """Two windows on one project, and the API as the second person uses it."""

    def __init__(self, window: Window, stack: Stack) -> None:
        from tests.browser.chromium import sign_in

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
        """Both look at it, and their streams stand."""
        for page in (self.ada, self.bob):
            with page.expect_response("**/live?project=*"):
                page.goto(path)
            page.wait_for_timeout(500)

    def task(self, **fields: Any) -> str:
        """A new task's key; long due, so that its card is the first of its column."""
        body = {"title": "Seen by two", "due": "1971-01-01", **fields}
        return str(self.api.post(f"/api/v1/projects/{self.project}/tasks", body)["key"])


@pytest.fixture
def pair(window: Window, stack: Stack) -> Pair:
    return Pair(window, stack)


def within(page: Any, check: Callable[[], Any], seconds: float = SECOND) -> None:
    """It comes about in time."""
    began = time.monotonic()
    while not check():
        assert time.monotonic() - began < seconds, "Not in time"
        page.wait_for_timeout(20)


def column_of(page: Any, key: str) -> str:
    card = page.locator(f"#{key}")
    return card.locator("xpath=ancestor::section").get_attribute("data-status") if card.count() else ""


def test_two_on_one_board_see_each_others_changes_within_a_second(pair: Pair):
    key = pair.task()
    pair.open(f"/projects/{pair.project}")
    for mover, watcher in ((pair.ada, pair.bob), (pair.bob, pair.ada)):
        here = column_of(mover, key)
        to = mover.locator(f'.column:not([data-status="{here}"])').first
        target = to.get_attribute("data-status")

        mover.locator(f"#{key}").drag_to(to.locator("header"))

        within(watcher, lambda page=watcher, target=target: column_of(page, key) == target)
        within(mover, lambda page=mover, target=target: column_of(page, key) == target)
        mover.locator(".ticket-waiting").wait_for(state="detached")


def test_what_is_made_changed_and_deleted_by_the_api_shows_on_the_board(pair: Pair):
    pair.open(f"/projects/{pair.project}")

    key = pair.task(priority="low")
    within(pair.ada, lambda: pair.ada.locator(f"#{key}").count() == 1)
    pair.api.patch(f"/api/v1/tasks/{key}", {"title": "Renamed meanwhile"})
    within(pair.ada, lambda: "Renamed meanwhile" in pair.ada.locator(f"#{key}").inner_text())
    pair.api.patch(
        f"/api/v1/projects/{pair.project}/tasks", {"tasks": [key], "changes": {"priority": "urgent"}}, expect=200
    )
    within(pair.ada, lambda: pair.ada.locator(f"#{key} .priority-urgent").count() == 1)


def test_the_focus_and_a_drag_outlive_what_others_do(pair: Pair):
    mine, theirs = pair.task(), pair.task()
    pair.open(f"/projects/{pair.project}")
    link = pair.ada.locator(f"#{mine} .task-link")
    link.focus()

    pair.api.patch(f"/api/v1/tasks/{theirs}", {"title": "Changed by Bob"})
    within(pair.ada, lambda: "Changed by Bob" in pair.ada.locator(f"#{theirs}").inner_text())
    focused = pair.ada.evaluate("document.activeElement.getAttribute('href')")
    link.hover()
    pair.ada.mouse.down()
    pair.ada.mouse.move(300, 400, steps=5)
    pair.ada.locator(".ticket-dragged").wait_for()
    pair.api.patch(f"/api/v1/tasks/{theirs}", {"title": "Changed again"})
    pair.ada.wait_for_timeout(700)
    during = pair.ada.locator(".ticket-dragged").count()
    pair.ada.mouse.up()

    assert focused == f"/tasks/{mine}"
    assert during == 1
    within(pair.ada, lambda: "Changed again" in pair.ada.locator(f"#{theirs}").inner_text())


def test_a_task_that_is_read_says_who_changed_it(pair: Pair):
    key = pair.task()
    pair.open(f"/tasks/{key}")

    pair.api.patch(f"/api/v1/tasks/{key}", {"priority": "urgent"})

    within(pair.ada, lambda: pair.ada.locator("#priority").input_value() == "urgent")
    pair.ada.get_by_role("status").filter(has_text="the priority").wait_for()


def test_what_is_being_typed_stays_when_somebody_changes_the_task(pair: Pair):
    key = pair.task()
    pair.open(f"/tasks/{key}")
    pair.ada.locator("#edit > summary").click()
    pair.ada.get_by_label("Title").fill("What Ada types")

    pair.api.patch(f"/api/v1/tasks/{key}", {"title": "What Bob wants", "priority": "high"})

    pair.ada.get_by_role("status").get_by_role("link", name="Load it").wait_for()
    assert pair.ada.get_by_label("Title").input_value() == "What Ada types"
    assert pair.ada.locator("#priority").input_value() == "high"


def test_a_name_is_completed_by_keyboard(pair: Pair):
    key = pair.task()
    pair.open(f"/tasks/{key}")
    names = pair.ada.locator("#names option").evaluate_all("all => all.map(({value, label}) => [value, label])")
    handle, name = names[0]
    comment = pair.ada.get_by_label("Comment", exact=False).last

    comment.press_sequentially(f"Look, @{handle[:3].lower()}")
    pair.ada.get_by_role("group", name="People").get_by_role("button", name=name).wait_for()
    while pair.ada.evaluate("document.activeElement.textContent") != name:
        pair.ada.keyboard.press("ArrowDown")
    pair.ada.keyboard.press("Enter")

    assert comment.input_value() == f"Look, @{handle} "
    assert pair.ada.evaluate("document.activeElement.name") == "text"
    assert pair.ada.get_by_role("group", name="People").count() == 0
