"""Settings and administration with scripts: saving in place, and what goes on by itself."""

import re
from collections.abc import Callable
from typing import Any

from tests.browser.conftest import first_person
from tests.flows.stack import Stack


def test_a_choice_is_saved_when_it_is_made(page: Any):
    page.goto("/settings/notifications")
    box = page.get_by_label("A task's status changes: E-mail")

    with page.expect_response("**/settings/notifications"):
        box.check()
    page.get_by_role("status").filter(has_text="Saved.").wait_for()
    focused = page.evaluate("document.activeElement.id")
    page.reload()

    assert focused == "email-task.status_changed"
    assert box.is_checked()


def test_choices_in_quick_succession_are_all_saved(page: Any):
    page.goto("/settings/notifications")
    names = [
        "A task is done: E-mail",
        "A task is deleted: E-mail",
        "A task's status changes: Inbox",
        "A task is done: Inbox",
    ]
    before = {name: page.get_by_label(name).is_checked() for name in names}

    page.route("**/settings/notifications", slowly)
    for name in names:
        page.get_by_label(name).click()
    # Each answer takes a while, so the last of them has come when none is under way any more.
    page.wait_for_timeout(300)
    page.locator("#preferences:not([aria-busy=true])").wait_for()
    page.unroute("**/settings/notifications")
    page.reload()

    assert {name: page.get_by_label(name).is_checked() for name in names} == {k: not on for k, on in before.items()}


def test_a_rule_is_added_and_refused_in_place(page: Any):
    page.goto("/settings/reminders")
    page.evaluate("window.still = true")

    page.get_by_label("How long").fill("5")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_text("5 days before the deadline").first.wait_for()
    page.get_by_label("How long").fill("five")
    page.get_by_role("button", name="Add", exact=True).click()
    page.locator("#amount-error").wait_for()

    assert page.get_by_label("How long").input_value() == "five"
    page.get_by_role("button", name="Remove: 5 days before the deadline").click()
    page.get_by_role("status").filter(has_text="Removed: 5 days").wait_for()
    assert page.evaluate("window.still") is True


def test_a_test_notification_arrives_while_one_looks(page: Any, stack: Stack):
    page.goto("/settings/notifications")
    page.get_by_role("button", name="Send me a test notification").click()
    page.get_by_text("It arrived.").wait_for()

    assert page.locator(".hop-done").count() == 6
    assert stack.mail(first_person(stack)[0])


def test_the_count_in_the_header_is_live(page: Any, window: Callable[..., Any], stack: Stack):
    from tests.browser.chromium import sign_in

    other = window()
    sign_in(other, *first_person(stack), then="/settings/notifications")
    page.goto("/")
    page.wait_for_timeout(500)
    before = int(page.locator("#unread").text_content() or 0)

    other.get_by_role("button", name="Send me a test notification").click()

    page.locator("#unread", has_text=re.compile(rf"^{before + 1}$")).wait_for()


def test_the_count_is_read_anew_after_a_stream_was_refused(page: Any):
    refusals: list[int] = []

    def refuse_once(route: Any) -> None:
        refusals.append(1)
        if len(refusals) == 1:
            route.fulfill(status=503)
        else:
            body = "event: unread\ndata: 4321\n\n"
            route.fulfill(status=200, content_type="text/event-stream", body=body)

    page.route("**/live", refuse_once)
    page.goto("/projects")

    page.locator("#unread", has_text="4321").wait_for()


def test_the_palette_goes_anywhere_by_keyboard(page: Any):
    page.goto("/")
    page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog", name="Command palette")
    palette.get_by_label("Go to, or do").fill("admin")
    palette.get_by_role("button", name="Administration").wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url("**/administration")
    page.keyboard.press("Control+k")
    palette.get_by_label("Go to, or do").fill("OPS")
    palette.get_by_role("link", name="OPS").first.wait_for()
    page.keyboard.press("ArrowDown")
    focused = page.evaluate("document.activeElement.getAttribute('href')")
    page.keyboard.press("Escape")

    assert focused.startswith("/")
    assert page.locator("dialog[open]").count() == 0


def test_single_keys_can_be_turned_off(page: Any):
    page.goto("/")
    page.keyboard.press("?")
    page.get_by_label("Shortcuts of single keys are on").uncheck()
    page.get_by_role("button", name="Close").click()
    page.keyboard.press("/")
    off = page.evaluate("document.activeElement.id")
    page.locator("details.menu summary").click()
    page.get_by_role("button", name="Keyboard shortcuts").click()
    page.get_by_label("Shortcuts of single keys are on").check()

    assert off != "search"


def test_settings_are_changed_without_scripts(window: Callable[..., Any], stack: Stack):
    from tests.browser.chromium import sign_in

    page = window(java_script_enabled=False)
    sign_in(page, *first_person(stack), then="/settings/notifications")
    box = page.get_by_label("A task is opened again: E-mail")
    box.check()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Saved.").wait_for()

    assert page.get_by_label("A task is opened again: E-mail").is_checked()


def slowly(route: Any) -> None:
    """The answer takes a moment."""
    import time

    time.sleep(0.2)
    route.continue_()
