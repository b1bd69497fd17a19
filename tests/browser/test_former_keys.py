"""A project gets another key in its settings, while somebody else looks at it by the former one."""

from collections.abc import Callable
from typing import Any

from tests.browser.chromium import sign_in
from tests.browser.conftest import first_person
from tests.flows.client import ApiClient, until
from tests.flows.stack import Stack


def test_a_board_that_is_open_goes_on_and_a_new_look_is_by_the_current_key(
    page: Any, window: Callable[..., Any], stack: Stack
):
    api, other = ApiClient(stack.url, first_person(stack)[0]).sign_in(), window()
    api.post("/api/v1/projects", {"key": "FORMER", "name": "Former"})
    until(lambda: api.request("GET", "/api/v1/projects/FORMER/statuses").status == 200)
    sign_in(other, *first_person(stack))
    with other.expect_response("**/live?project=*"):
        other.goto("/projects/FORMER")

    page.goto("/projects/FORMER/settings")
    page.get_by_label("Key", exact=True).fill("present")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("links with PRESENT go on to lead here, as do those with FORMER.").wait_for()
    until(lambda: api.request("GET", "/api/v1/projects/PRESENT/statuses").status == 200)
    api.post("/api/v1/projects/FORMER/tasks", {"title": "Made meanwhile"})
    other.locator("#PRESENT-1").wait_for()

    assert other.url.endswith("/projects/FORMER")
    other.reload()
    assert other.url.endswith("/projects/PRESENT")
    other.goto("/tasks/FORMER-1")
    assert other.url.endswith("/tasks/PRESENT-1")
