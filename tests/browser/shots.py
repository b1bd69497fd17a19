"""Pictures of pages: `python -m tests.browser.shots <folder> [path …]`, at both widths, light and dark.

The stack's data stays in .local/shots, so a second run begins at once. Whoever looks is the demo's administrator;
a path that begins with `-` is opened by a stranger. Without paths: every page that is known here.
"""

import contextlib
import itertools
import re
import sys
from pathlib import Path

from tests.browser import chromium
from tests.browser.conftest import fill, first_person
from tests.flows.stack import ROOT, Stack

PAGES = (
    *("-/sign-in", "-/register", "-/forgotten-password", "-/password-resets/xxxxxxxxxxxxxxxxxxxxxxxx"),
    *("-/email-verifications/xxxxxxxxxxxxxxxxxxxxxxxx", "/invitations/xxxxxxxxxxxxxxxxxxxxxxxx"),
    *("/", "/projects", "/projects?archived=true", "/projects/new", "/nowhere"),
    *("/projects/OPS", "/projects/OPS/list", "/projects/OPS/calendar", "/projects/OPS/tasks/new"),
    *("/projects/OPS/settings", "/projects/OPS/settings/statuses", "/projects/OPS/settings/people"),
    *("/tasks/OPS-1", "/inbox", "/inbox?muted=1", "/search", "/search?q=the", "/quick-add?line=Pay+tomorrow+!high"),
    *("/settings", "/settings/security", "/settings/reminders", "/settings/notifications"),
    *("/administration", "/administration/people", "/administration/deliveries", "/administration/dead-letters"),
)


def main(folder: Path, paths: list[str]) -> None:
    """Take them all."""
    folder.mkdir(parents=True, exist_ok=True)
    root = ROOT / ".local" / "shots"
    root.mkdir(parents=True, exist_ok=True)
    stack = Stack(root, PUNCTUAL_RATE_LIMIT="off")
    with contextlib.ExitStack() as opened:
        opened.callback(stack.stop)
        stack.start()
        if stack.sql("auth", "SELECT count(*) FROM account") == [(0,)]:
            fill(stack)
        browser = opened.enter_context(chromium.browser())
        for size, scheme in itertools.product((chromium.WIDE, chromium.NARROW), ("light", "dark")):
            with chromium.window(browser, stack.url, viewport=size, color_scheme=scheme) as page:
                signed_in = False
                for path in sorted(paths, key=lambda path: not path.startswith("-")):
                    if not path.startswith("-") and not signed_in:
                        chromium.sign_in(page, *first_person(stack))
                        signed_in = True
                    page.goto(path.removeprefix("-"))
                    name = re.sub(r"\W+", "-", path).strip("-") or "my-work"
                    page.screenshot(path=folder / f"{name}-{size['width']}-{scheme}.png", full_page=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:] or list(PAGES))
