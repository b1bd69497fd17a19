"""A task, the inbox and quick add in a real browser: what scripts add, and that all of it goes without them."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import PASSWORD, first_person
from tests.flows.stack import Stack

Window = Callable[..., Any]
SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])


@pytest.fixture
def key(stack: Stack) -> str:
    """A task that is the first person's, and watched by somebody else; none that another test has saved."""
    me, other = (stack.sql("auth", "SELECT id FROM account WHERE email = %s", (email,))[0][0] for email in both(stack))
    statement = """SELECT project.key || '-' || task.number FROM task JOIN project ON project.id = task.project_id
        JOIN status ON status.id = task.status_id AND status.category = 'todo'
        JOIN member ON member.project_id = project.id AND member.user_id = %s
        AND member.role IN ('owner', 'admin', 'member')
        WHERE %s = ANY(assignees) AND deleted_at IS NULL AND task.version = 1 ORDER BY task.id LIMIT 1"""
    return str(stack.sql("task", statement, (other, me))[0][0])


def both(stack: Stack) -> tuple[str, str]:
    """The addresses of the first person and of a colleague in a project of theirs."""
    first = first_person(stack)[0]
    rows = stack.sql(
        "task",
        """SELECT person.email, count(*) FROM member JOIN person USING (user_id)
        WHERE member.role IN ('owner', 'admin', 'member') AND email <> %s AND project_id IN
        (SELECT project_id FROM member JOIN person USING (user_id) WHERE email = %s)
        GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1""",
        (first, first),
    )
    return first, str(rows[0][0])


def save(page: Any, title: str) -> None:
    page.get_by_label("Title").fill(title)
    page.locator("#text-form").get_by_role("button", name="Save").click()


def opened(window: Window, email: str, path: str, **options: Any) -> Any:
    """A window of this person's on this page."""
    from tests.browser.chromium import sign_in

    page = window(**options)
    sign_in(page, email, PASSWORD)
    page.goto(path)
    return page


@SCRIPTS
def test_two_people_save_the_same_title_and_the_second_chooses(window: Window, stack: Stack, key: str, scripts: bool):
    ada, bob = (opened(window, email, f"/tasks/{key}", java_script_enabled=scripts) for email in both(stack))
    for page in (ada, bob):
        page.locator("#edit > summary").click()
    save(ada, "What Ada wants")
    ada.get_by_text("Saved.").wait_for()
    save(bob, "What Bob wants")
    bob.get_by_role("heading", name="Somebody was faster").wait_for()
    bob.get_by_label("Theirs").check()
    bob.get_by_role("button", name="Save what I chose").click()

    bob.get_by_role("heading", name="What Ada wants").wait_for()


def test_a_fact_is_saved_as_it_is_chosen(window: Window, stack: Stack, key: str):
    page = opened(window, both(stack)[0], f"/tasks/{key}")

    before = page.locator("#priority").input_value()
    wanted = "low" if before == "urgent" else "urgent"
    page.locator("#priority").focus()
    page.locator("#priority").select_option(wanted)
    page.keyboard.press("Tab")
    page.get_by_role("status").filter(has_text="Saved.").wait_for()
    focused = page.evaluate("document.activeElement.id")
    page.reload()

    assert focused == "due_day"
    assert page.locator("#priority").input_value() == wanted
    assert page.locator("#facts").get_by_role("button", name="Save").is_hidden()


@SCRIPTS
def test_a_text_is_looked_at_before_it_is_saved(window: Window, stack: Stack, key: str, scripts: bool):
    page = opened(window, both(stack)[0], f"/tasks/{key}", java_script_enabled=scripts)
    page.locator("#edit > summary").click()
    page.get_by_label("Description").fill("It is **due**.\n<img src=x onerror=alert(1)>")

    page.locator("#text-form").get_by_role("button", name="Preview").click()

    page.locator("#text-preview strong", has_text="due").wait_for()
    assert page.get_by_label("Description").input_value().startswith("It is **due**.")
    assert page.locator("#text-preview img").count() == 0


def test_what_a_colleague_says_appears_by_itself(window: Window, stack: Stack, key: str):
    ada, bob = (opened(window, email, f"/tasks/{key}") for email in both(stack))
    before = int(ada.locator("#unread").inner_text() or 0)

    bob.get_by_label("Comment", exact=False).last.fill("Seen, and *done* soon.")
    bob.get_by_role("button", name="Comment", exact=True).click()

    ada.locator(".comment em", has_text="done").last.wait_for()
    assert int(ada.locator("#unread").inner_text()) > before


@SCRIPTS
def test_a_line_becomes_a_task(window: Window, stack: Stack, key: str, scripts: bool):
    page = opened(window, both(stack)[0], "/projects", java_script_enabled=scripts)
    line = page.get_by_label("Add a task")
    line.focus()
    line.press_sequentially(f"Pay rent tomorrow 9:00 !high #{key.partition('-')[0]}")
    if scripts:
        page.get_by_text("Enter creates it.").wait_for()
        line.press("Enter")
    else:
        line.press("Enter")
        page.get_by_role("button", name="Create the task").click()

    said = page.get_by_role("status").filter(has_text="is created: Pay rent")
    said.wait_for()
    assert page.url.endswith("/projects")
    said.get_by_role("button", name="Undo").click()
    page.get_by_text("is taken back").wait_for()


def test_what_is_opened_from_the_inbox_counts_as_read(window: Window, stack: Stack):
    page = opened(window, both(stack)[0], "/inbox")
    unread = page.locator('.told-new a[href$="/cause"]').first
    identity = unread.get_attribute("href").split("/")[2]

    unread.click()
    page.wait_for_url("**/tasks/**")
    page.wait_for_timeout(500)

    rows = stack.sql("notification", "SELECT read_at FROM notification WHERE id = %s", (identity,))
    assert rows[0][0] is not None


def test_these_pages_fit_a_small_screen(window: Window, stack: Stack, key: str):
    page = opened(window, both(stack)[0], f"/tasks/{key}", viewport={"width": 360, "height": 740})

    for path in (f"/tasks/{key}", "/inbox", "/inbox?muted=1", "/search?q=the", f"/quick-add?line=Pay+%23{key[:3]}"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
