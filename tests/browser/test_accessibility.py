"""Every page by axe-core's rules for WCAG 2.2 AA, light and dark; and by keyboard."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.browser.accessibility import patterns, reached, small_texts, violations
from tests.browser.chromium import NARROW, sign_in, window as opened
from tests.browser.conftest import first_person
from tests.browser.states import an_unsubscription, go, windows
from tests.flows.stack import Stack

TOKEN = "x" * 24
STRANGERS = [
    "/sign-in",
    "/register",
    "/forgotten-password",
    f"/password-resets/{TOKEN}",
    f"/email-verifications/{TOKEN}",
]
STARTS = ["/", "/inbox", "/settings", "/administration", "/search?q=a", "/quick-add?line=Pay%20rent", "/nowhere"]


@pytest.fixture(scope="module")
def everything(browser: Any, stack: Stack) -> Iterator[list[tuple[Any, str]]]:
    """Each page there is, in the window that may see it."""
    a_dead_letter(stack)
    with contextlib.ExitStack() as both:
        page, stranger = (both.enter_context(opened(browser, stack.url)) for _ in range(2))
        sign_in(page, *first_person(stack))
        mine = reached(page, [*STARTS, f"/invitations/{TOKEN}", a_test(page), AN_OPERATION])
        others = reached(stranger, [*STRANGERS, an_unsubscription(stack)])
        missing = set(patterns()) - set(mine) - set(others)
        assert missing == set(), f"No link leads to {missing}"
        yield [
            *((page, address) for address in [*mine.values(), "/nowhere"]),
            *((stranger, each) for each in others.values()),
        ]


AN_OPERATION = "/operations/task/00000000-0000-7000-8000-000000000000"


def test_no_page_breaks_a_rule_in_light_or_dark(everything: list[tuple[Any, str]]):
    broken = []
    for page, address in everything:
        # Without motion: a colour on its way to another one is neither.
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        page.goto(address)
        broken += [f"{address}: {said}" for said in [*violations(page), *small_texts(page)]]
        page.emulate_media(color_scheme="dark")
        broken += [f"{address} (dark): {said}" for said in violations(page, "color-contrast")]

    assert not broken, "\n".join(broken)


def test_no_state_breaks_a_rule_in_light_or_dark(window: Callable[..., Any], stack: Stack):
    broken = []
    for scene, page, ways in windows(stack, window):
        page.set_default_timeout(15_000)
        for name, way in ways.items():
            # The pages themselves are looked at above.
            if name.startswith("/"):
                continue
            page.emulate_media(color_scheme="light", reduced_motion="reduce")
            go(page, scene, way)
            broken += [f"{name}: {said}" for said in [*violations(page), *small_texts(page)]]
            page.emulate_media(color_scheme="dark")
            broken += [f"{name} (dark): {said}" for said in violations(page, "color-contrast")]

    assert not broken, "\n".join(broken)


def test_no_page_is_wider_than_the_screen(everything: list[tuple[Any, str]]):
    wide = []
    for page, address in everything:
        page.goto(address)
        for width in (360, 768, 1920):
            page.set_viewport_size({"width": width, "height": NARROW["height"]})
            if page.evaluate("document.scrollingElement.scrollWidth") > width:
                wide.append(f"{address} at {width}")

    assert wide == []


@pytest.mark.parametrize("address", ["/settings", "/settings/notifications", "/administration/people"])
def test_the_focus_goes_through_a_page_in_its_order_and_is_seen(page: Any, address: str):
    page.goto(address)
    positions, unseen = [], []

    for _ in range(40):
        page.keyboard.press("Tab")
        where = page.evaluate(FOCUSED)
        if where is None or where["position"] in positions:
            break
        positions.append(where["position"])
        if not where["visible"]:
            unseen.append(where["html"])

    assert len(positions) > 8
    assert positions == sorted(positions)
    assert unseen == []


FOCUSED = """() => {
  const element = document.activeElement;
  if (element === document.body) return null;
  const style = getComputedStyle(element);
  return {
    position: [...document.querySelectorAll("*")].indexOf(element),
    visible: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    html: element.outerHTML.slice(0, 120),
  };
}"""


def a_test(page: Any) -> str:
    """A test notification's address."""
    page.goto("/settings/notifications")
    page.get_by_role("button", name="Send me a test notification").click()
    page.wait_for_url("**/tests/*")
    return str(page.evaluate("location.pathname"))


def a_dead_letter(stack: Stack) -> None:
    """One for the pages to show."""
    stack.sql(
        "task",
        "INSERT INTO dead_letter (id, queue, actor, message, body, error, attempts, died_at) VALUES"
        " (gen_random_uuid(), 'task', 'task.create', '{}', '', 'ZeroDivisionError: no way', 4, now())",
    )
