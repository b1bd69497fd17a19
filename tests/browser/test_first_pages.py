"""Signing in and the start page in a real browser."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import first_person
from tests.flows.stack import Stack


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_task_is_completed_and_taken_back(window: Callable[..., Any], stack: Stack, scripts: bool):
    from tests.browser.chromium import sign_in

    page = window(java_script_enabled=scripts)
    sign_in(page, *first_person(stack))
    row = page.locator("li.task").first
    key = row.get_attribute("data-task")

    row.get_by_role("button").click()
    done = page.get_by_role("status").filter(has_text=f"{key} is done.")
    done.wait_for()
    gone = page.locator(f'[data-task="{key}"]').count()
    done.get_by_role("button", name="Undo").click()
    page.get_by_text(f"{key} is open again.").wait_for()

    assert gone == 0
    assert page.locator(f'[data-task="{key}"]').count() == 1


def test_a_slash_leads_to_the_search(page: Any):
    page.keyboard.press("/")

    assert page.evaluate("document.activeElement.id") == "search"


def test_a_question_mark_lists_the_shortcuts(page: Any):
    page.keyboard.press("?")

    assert page.get_by_role("dialog", name="Keyboard shortcuts").is_visible()


def test_the_browsers_zone_is_proposed_to_whoever_registers(window: Callable[..., Any]):
    page = window(timezone_id="Asia/Kolkata")
    page.goto("/register")

    assert page.get_by_label("Time zone").input_value() in ("Asia/Kolkata", "Asia/Calcutta")
