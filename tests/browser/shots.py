"""Pictures of every page and state: `python -m tests.browser.shots <folder> [name …]`, both widths, light and dark.

The stack's data stays in .local/shots, so a second run begins at once.
"""

import contextlib
import itertools
import re
import sys
from pathlib import Path
from typing import Any

from tests.browser import chromium
from tests.browser.conftest import fill
from tests.browser.states import go, windows
from tests.flows.stack import ROOT, Stack


def main(folder: Path, names: list[str]) -> None:
    """Take them all."""
    root = ROOT / ".local" / "shots"
    root.mkdir(parents=True, exist_ok=True)
    stack = Stack(root, PUNCTUAL_RATE_LIMIT="off")
    with contextlib.ExitStack() as opened:
        opened.callback(stack.stop)
        stack.start()
        if stack.sql("auth", "SELECT count(*) FROM account") == [(0,)]:
            fill(stack)
        take(stack, folder, names)


def take(stack: Stack, folder: Path, names: list[str]) -> list[str]:
    """Take those that are named, or all; the names of states that couldn't be reached."""
    folder.mkdir(parents=True, exist_ok=True)
    missing = []
    with chromium.browser() as browser, contextlib.ExitStack() as opened:

        def window() -> Any:
            return opened.enter_context(chromium.window(browser, stack.url))

        for scene, page, ways in windows(stack, window):
            for name, way in ways.items():
                if names and name not in names:
                    continue
                for size, scheme in itertools.product((chromium.WIDE, chromium.NARROW), ("light", "dark")):
                    page.set_viewport_size(size)
                    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                    path = folder / f"{_plain(name)}-{size['width']}-{scheme}.png"
                    # A state is reached once for each width; the other colours are seen where one is already.
                    if scheme == "light":
                        try:
                            go(page, scene, way)
                        except Exception as error:  # noqa: BLE001 - the others are wanted all the same
                            missing.append(f"{name}: {error}")
                            break
                    page.screenshot(path=path, full_page=True)
    return missing


def _plain(name: str) -> str:
    return re.sub(r"\W+", "-", name).strip("-") or "my-work"


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
