"""A project's board and list in a real browser: by mouse, by keyboard, and without scripts."""

from collections.abc import Callable
from typing import Any

import pytest

from punctual.commands.demo.content import PROJECTS
from tests.browser.conftest import first_person
from tests.flows.stack import Stack


@pytest.fixture
def board(page: Any) -> Any:
    """The board of the first project, when its cards can be dragged."""
    opened(page).wait_for_load_state("load")
    return page


def opened(page: Any) -> Any:
    page.goto("/projects")
    # Not one that other tests filled with columns: Playwright scrolls to a target that is out of sight, and no hand
    # that holds a card does that without moving.
    page.locator(".project-link").filter(has_text=PROJECTS[0].name).click()
    page.locator(".board").wait_for()
    return page


def column(page: Any, name: str) -> Any:
    return page.get_by_role("region", name=name).locator(".cards")


def some_card(page: Any) -> tuple[Any, str, str]:
    """A card, its key, and the status of another open column."""
    card = page.locator(".ticket").first
    names = page.locator(".column-head h2 .status")
    here = card.locator("xpath=ancestor::section").locator("h2 .status").inner_text()
    other = next(name for name in names.all_inner_texts()[:3] if name != here)
    return card, card.get_attribute("id"), other


def settled(page: Any, key: str, status: str) -> None:
    """It is there, also after the page is loaded anew."""
    page.get_by_role("status").filter(has_text=f"{key} is in {status} now.").wait_for()
    page.reload()
    assert column(page, status).locator(f"#{key}").count() == 1


def test_a_card_is_dragged_to_another_column(board: Any):
    card, key, status = some_card(board)
    head = board.get_by_role("heading", name=status)
    before = int(head.locator("[data-count]").inner_text())

    card.drag_to(head)

    column(board, status).locator(f"#{key}").wait_for()
    head.locator("[data-count]").filter(has_text=str(before + 1)).wait_for()
    settled(board, key, status)


def test_a_card_moves_by_keyboard_alone(board: Any):
    card, key, status = some_card(board)
    card.locator(".task-link").focus()

    board.keyboard.press("m")
    board.get_by_role("dialog", name=f"Move {key} to").get_by_role("button", name=status).press("Enter")
    board.get_by_role("status").filter(has_text=f"{key} is in {status} now.").wait_for()
    focused = board.evaluate("document.activeElement.getAttribute('href')")

    assert focused == f"/tasks/{key}"
    settled(board, key, status)


def test_a_move_by_keyboard_can_be_left(board: Any):
    card, key, _ = some_card(board)
    card.locator(".task-link").focus()

    board.keyboard.press("m")
    board.get_by_role("dialog", name=f"Move {key} to").wait_for()
    board.keyboard.press("Escape")

    assert board.locator("dialog[open]").count() == 0
    assert board.evaluate("document.activeElement.getAttribute('href')") == f"/tasks/{key}"


def test_a_card_moves_without_scripts(window: Callable[..., Any], stack: Stack):
    from tests.browser.chromium import sign_in

    page = window(java_script_enabled=False)
    sign_in(page, *first_person(stack))
    card, key, status = some_card(opened(page))

    card.hover()
    card.get_by_role("button", name=f"Move {key}").click()
    page.get_by_role("dialog", name=f"Move {key} to").get_by_role("button", name=status).click()

    settled(page, key, status)


def test_a_card_that_could_not_be_moved_goes_back(board: Any):
    card, key, status = some_card(board)
    here = card.locator("xpath=ancestor::section").get_attribute("data-status")
    board.route("**/moves", lambda route: route.fulfill(status=503, json={}))

    card.drag_to(board.get_by_role("heading", name=status))

    board.get_by_role("status").filter(has_text="There was no answer").wait_for()
    assert board.locator(f'[data-status="{here}"] #{key}').count() == 1


def test_a_move_that_is_refused_is_told_on_the_board(board: Any, stack: Stack):
    card, key, status = some_card(board)
    here = card.locator("xpath=ancestor::section").get_attribute("data-status")
    elsewhere = "(column, status) => (column.dataset.status = `f${status.slice(1)}`)"
    region(board, status).evaluate(elsewhere, region(board, status).get_attribute("data-status"))

    card.drag_to(board.get_by_role("heading", name=status))

    board.get_by_role("status").filter(has_text=f"{key} was not moved.").wait_for()
    board.locator(f'[data-status="{here}"] #{key}').wait_for()


def region(page: Any, name: str) -> Any:
    """The column of a status."""
    return page.get_by_role("region", name=name)


def test_all_rows_are_chosen_at_once(page: Any):
    opened(page).get_by_role("link", name="List", exact=True).click()
    page.get_by_label("Choose all").check()

    page.get_by_label("Priority", exact=True).last.select_option("low")
    page.get_by_role("button", name="Change", exact=True).click()

    page.get_by_text("tasks changed").wait_for()


def test_an_address_of_filters_holds_only_what_was_chosen(board: Any):
    filters = board.get_by_role("search", name="Filter the tasks")
    filters.get_by_label("Assignee").select_option("me")
    filters.get_by_role("button", name="Filter").click()
    board.wait_for_url("**/projects/*?assignee=me")


def test_no_view_is_wider_than_a_small_screen(window: Callable[..., Any], stack: Stack):
    from tests.browser.chromium import sign_in

    page = window(viewport={"width": 360, "height": 740})
    sign_in(page, *first_person(stack))
    address = opened(page).url.partition("?")[0]

    for path in (
        "",
        "/list?status=all",
        "/calendar",
        "/tasks/new",
        "/settings",
        "/settings/statuses",
        "/settings/people",
    ):
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
