"""The main job from registration to a finished task, through the pages: by mouse, by keyboard, and without scripts."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from tests.browser.conftest import PASSWORD
from tests.browser.hands import Form, Keyboard, Mouse
from tests.flows.client import until
from tests.flows.stack import Stack


@pytest.mark.parametrize(
    ("hands", "scripts"),
    [(Mouse, True), (Keyboard, True), (Form, False)],
    ids=["by mouse", "by keyboard", "without scripts"],
)
def test_the_main_job(window: Callable[..., Any], stack: Stack, hands: type[Mouse], scripts: bool):
    ada, bob = (hands(window(java_script_enabled=scripts)) for _ in range(2))
    key = "S" + uuid4().hex[:6].upper()
    invited = f"bob.{key.lower()}@example.org"

    register(ada, "Ada Byron", f"ada.{key.lower()}@example.org")
    a_project(ada, key)
    invite(ada, key, invited)
    ada.page.goto(f"/projects/{key}")
    quick_add(ada, f"Pay rent tomorrow 9:00 !high #{key}", scripts=scripts)
    join(bob, stack, invited, key)
    assign(ada, key, "Bob Miller")
    comment(ada, key)
    told(bob, key)
    move(bob, key)
    done(bob, key)


def register(who: Mouse, name: str, email: str) -> None:
    if "/register" not in who.page.url:
        who.page.goto("/register")
    who.fill("Name", name)
    who.fill("E-mail", email)
    who.fill("Password", PASSWORD)
    who.press(who.page.get_by_role("button", name="Create the account"))
    who.page.get_by_label(f"account of {name}").wait_for()


def a_project(who: Mouse, key: str) -> None:
    who.press(who.page.get_by_role("navigation", name="Main").get_by_role("link", name="Projects"))
    who.page.wait_for_url("**/projects")
    who.press(who.page.get_by_role("link", name="New project").first)
    who.page.wait_for_url("**/projects/new")
    who.fill("Name", "Household")
    who.fill("Key", key)
    who.press(who.page.get_by_role("button", name="Create the project"))
    who.page.get_by_text("No task yet").wait_for()


def invite(who: Mouse, key: str, email: str) -> None:
    who.press(who.page.get_by_role("navigation", name="Views of Household").get_by_role("link", name="Settings"))
    who.page.wait_for_url("**/settings")
    who.press(who.page.get_by_role("navigation", name="Settings").get_by_role("link", name="People"))
    who.page.wait_for_url("**/people")
    who.fill("E-mail", email)
    who.press(who.page.get_by_role("button", name="Invite", exact=True))
    who.page.get_by_text("Open invitations").wait_for()


def quick_add(who: Mouse, line: str, *, scripts: bool) -> None:
    who.fill("Add a task", line)
    if scripts:
        who.page.get_by_text("Enter creates it.").wait_for()
    who.page.keyboard.press("Enter")
    if not scripts:
        who.press(who.page.get_by_role("button", name="Create the task"))
    who.page.get_by_text("is created: Pay rent").wait_for()


def join(who: Mouse, stack: Stack, email: str, key: str) -> None:
    def link() -> str:
        bodies = [mail.get_body(("plain",)) for mail in stack.mail(email)]
        found = re.search(r"/invitations/[A-Za-z0-9_-]+", "".join(body.get_content() for body in bodies if body))
        return found[0] if found else ""

    who.page.goto(until(link))
    who.press(who.page.get_by_role("link", name=re.compile("[Cc]reate an account|[Rr]egister")))
    who.page.wait_for_url("**/register**")
    register(who, "Bob Miller", email)
    who.press(who.page.get_by_role("button", name=re.compile("Join|Accept")))
    who.page.wait_for_url(re.compile(f"/projects/{key}"))


def assign(who: Mouse, key: str, name: str) -> None:
    who.page.goto(f"/tasks/{key}-1")
    who.choose("Somebody to assign", name)
    who.press(who.page.get_by_role("button", name="Assign", exact=True))
    who.page.locator(".persons", has_text=name).wait_for()


def comment(who: Mouse, key: str) -> None:
    who.fill("Comment", "@bob please, *soon*.")
    who.press(who.page.get_by_role("button", name="Comment", exact=True))
    who.page.locator(".comment em", has_text="soon").wait_for()


def told(who: Mouse, key: str) -> None:
    def unread() -> bool:
        who.page.goto("/inbox")
        return who.page.get_by_role("link", name="mentioned you").count() > 0

    until(unread)
    who.press(who.page.get_by_role("link", name="mentioned you").first)
    who.page.wait_for_url(f"**/tasks/{key}-1**")


def move(who: Mouse, key: str) -> None:
    who.press(who.page.get_by_role("navigation", name="Where this is").get_by_role("link", name="Household"))
    who.page.wait_for_url(f"**/projects/{key}")
    who.page.wait_for_load_state("load")
    who.move(who.page.locator(f"#{key}-1"), "In progress")
    who.page.get_by_text(f"{key}-1 is in In progress now.").wait_for()


def done(who: Mouse, key: str) -> None:
    who.press(who.page.get_by_role("navigation", name="Main").get_by_role("link", name="My work"))
    who.page.get_by_role("heading", name="My work").wait_for()
    who.press(who.page.get_by_role("button", name=f"Complete {key}-1"))
    who.page.get_by_text(f"{key}-1 is done.").wait_for()
