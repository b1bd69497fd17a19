"""Texts that would like to be programs, in every field that takes text: shown as they were typed, and nothing else."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest

from tests.browser.conftest import PASSWORD
from tests.browser.test_task import both
from tests.flows.client import ApiClient, until
from tests.flows.stack import Stack

PAYLOADS = (
    "<script>window.hacked=1</script>",
    "<img src=x onerror=window.hacked=1>",
    "<svg/onload=window.hacked=1>",
    '"><svg onload=window.hacked=1><a href="',
    "' onfocus='window.hacked=1' autofocus='",
    "javascript:window.hacked=1",
    "[here](javascript:window.hacked=1)",
    "[here](data:text/html,<script>window.hacked=1</script>)",
    '![x](x" onerror="window.hacked=1)',
    "<iframe srcdoc='<script>parent.hacked=1</script>'></iframe>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=window.hacked=1>",
    "</title></textarea><script>window.hacked=1</script>",
    "{{ 7*7 }}{% raw %}<b>${7*7}</b>",
    '<a href="jAvAsCrIpT:window.hacked=1">x</a>',
    "<style>*{display:none}</style><base href=//evil.example/>",
)
# What no page of ours may have; its own elements have none of it.
UNSAFE = """() => [...document.querySelectorAll('*')].flatMap((element) => [
  ...(['SCRIPT'].includes(element.tagName) && !element.src ? [element.outerHTML] : []),
  ...(['IFRAME', 'OBJECT', 'EMBED', 'BASE', 'STYLE'].includes(element.tagName) ? [element.outerHTML] : []),
  ...[...element.attributes].filter(({ name, value }) => /^on/i.test(name) || name === 'srcdoc' || name === 'style' ||
    (['href', 'src', 'action', 'formaction'].includes(name) && /^\\s*(javascript|data|vbscript):/i.test(value))
  ).map(({ name, value }) => `${element.tagName} ${name}=${value}`),
])"""


class Victims:
    """A project whose every text is one of the payloads, and the pages that show them."""

    def __init__(self, stack: Stack) -> None:
        self.email = both(stack)[0]
        self.api = ApiClient(stack.url, self.email).sign_in()
        self.key = "X" + uuid4().hex[:6].upper()
        everything = "\n\n".join(PAYLOADS)
        self.api.post("/api/v1/projects", {"key": self.key, "name": PAYLOADS[1], "description": everything})
        base = f"/api/v1/projects/{self.key}"
        until(lambda: self.api.request("GET", f"{base}/tasks").status == 200)
        self.api.patch("/api/v1/users/me", {"display_name": PAYLOADS[0]})
        for number, payload in enumerate(PAYLOADS[:6]):
            self.api.post(f"{base}/statuses", {"name": payload, "category": "todo", "position": number})
        for payload in PAYLOADS:
            body = {"title": payload, "description": everything, "assignees": [self._me()], "due": "2031-01-01"}
            task = self.api.post(f"{base}/tasks", body)
            self.api.post(f"/api/v1/tasks/{task['key']}/comments", {"text": everything})

    def pages(self) -> Iterator[str]:
        """Everything on which one of them stands, or is sent back."""
        base = f"/projects/{self.key}"
        yield from ("/", "/projects", "/inbox", "/inbox?muted=1", "/settings", "/administration/people")
        yield from (base, f"{base}/list", f"{base}/calendar?month=2031-01", f"{base}/settings", f"{base}/columns")
        yield from (f"{base}/settings/statuses", f"{base}/settings/people", f"{base}/tasks/new")
        yield from (f"/tasks/{self.key}-{number}" for number in range(1, len(PAYLOADS) + 1))
        for payload in PAYLOADS:
            text = quote(payload)
            yield from (f"/search?q={text}", f"/quick-add?line={text}&next={text}", f"{base}?q={text}&move={text}")
        for payload in PAYLOADS[:5]:
            text = quote(payload)
            yield from (f"/palette?q={text}", f"{base}/list?q={text}&sort={text}", f"{base}/calendar?month={text}")
            yield from (f"{base}/tasks/new?status={text}&due={text}&next={text}", f"/inbox?task_id={text}")

    def _me(self) -> str:
        return str(self.api.get("/api/v1/users/me")["id"])


@pytest.fixture
def victims(stack: Stack) -> Iterator[Victims]:
    made = Victims(stack)
    yield made
    made.api.patch("/api/v1/users/me", {"display_name": "Ada Again"})


def test_no_text_becomes_a_program_on_any_page(window: Callable[..., Any], victims: Victims):
    from tests.browser.chromium import sign_in

    page, dialogs = window(), list[str]()
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    sign_in(page, victims.email, PASSWORD)
    found = []
    for path in victims.pages():
        page.goto(path, wait_until="domcontentloaded")
        found += [f"{path}: {said}" for said in page.evaluate(UNSAFE)]
        found += [f"{path}: it ran"] if page.evaluate("window.hacked") else []

    assert found == []
    assert dialogs == []


def test_what_scripts_put_into_a_page_is_harmless_too(window: Callable[..., Any], victims: Victims):
    from tests.browser.chromium import sign_in

    page = window()
    sign_in(page, victims.email, PASSWORD)
    page.goto(f"/projects/{victims.key}")
    for payload in PAYLOADS[:5]:
        page.get_by_label("Add a task").fill(f"{payload} #{victims.key} @")
        page.get_by_role("status").filter(has_text="Enter").first.wait_for()
        assert page.evaluate(UNSAFE) == []
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.get_by_label("Go to, or do").fill(victims.key)
    page.locator(".found a").first.wait_for()
    unsafe = page.evaluate(UNSAFE)
    page.keyboard.press("Escape")
    page.locator(".ticket .task-link").first.focus()
    page.keyboard.press("m")
    page.get_by_role("dialog").wait_for()

    assert unsafe == page.evaluate(UNSAFE) == []
    assert page.evaluate("window.hacked") is None


def test_a_word_in_angle_brackets_is_found(window: Callable[..., Any], stack: Stack, victims: Victims):
    from tests.browser.chromium import sign_in

    victims.api.post(f"/api/v1/projects/{victims.key}/tasks", {"title": "Explain the <marquee> of 1996"})
    page = window()
    sign_in(page, victims.email, PASSWORD)

    page.goto("/search?q=%3Cmarquee%3E")

    page.get_by_role("link", name="Explain the <marquee> of 1996").wait_for()
    assert page.locator("marquee").count() == 0
