"""What axe-core finds wrong with a page, and which pages there are: every address of the dashboard that is reached."""

import re
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
# No pages: streams, data for scripts, and what is opened by a link that comes by e-mail and is visited by hand.
NO_PAGES = frozenset({"/live", "/palette", "/projects/{project:[A-Za-z0-9-]+}/columns", "/{path:.*}"})


@cache
def axe() -> str:
    """The checker's source; evaluated from outside, as the pages let no foreign script in."""
    return files("tests.browser").joinpath("axe/axe.min.js").read_text(encoding="utf-8")


def violations(page: Any, *rules: str) -> list[str]:
    """Each broken rule with the elements that break it; all rules of WCAG 2.2 AA unless some are named."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(axe())
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": RULES}
    found = page.evaluate("only => axe.run(document, {runOnly: only, resultTypes: ['violations']})", only)
    return [
        f"{violation['id']}: {node['html'][:160]} {node['failureSummary'][:300]}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def small_texts(page: Any) -> list[str]:
    """Elements that show words of their own in less than 12 pixels."""
    found = page.evaluate(
        """() => [...document.querySelectorAll("body *")]
          .filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
          .filter((element) => element.checkVisibility() && parseFloat(getComputedStyle(element).fontSize) < 12)
          .map((element) => element.outerHTML.slice(0, 120))"""
    )
    return [f"smaller than 12 px: {each}" for each in found]


def patterns() -> dict[str, re.Pattern[str]]:
    """Every page that can be opened, by its path in the table of pages."""
    from punctual.http.dashboard.pages import PAGES

    paths = {page.path for page in PAGES if page.method == "GET"} - NO_PAGES
    return {path: re.compile(re.sub(r"\{\w+:?(.*?)\}", _part, path)) for path in sorted(paths)}


def _part(found: re.Match[str]) -> str:
    return found[1] or "[^/]+"


def reached(page: Any, starts: list[str], most: int = 400) -> dict[str, str]:
    """One address for each page that links lead to from the starting ones; of several the first."""
    known, found = patterns(), dict[str, str]()
    waiting, seen = list(starts), set(starts)
    while waiting and most:
        address = waiting.pop(0)
        path = urlsplit(address).path
        # What stands by its own name is not what a pattern would take it for.
        name = (
            path if path in known else next((name for name, known_as in known.items() if known_as.fullmatch(path)), "")
        )
        if not name or name in found:
            continue
        most -= 1
        response = page.goto(address)
        if response is None or not response.ok:
            continue
        found[name] = address
        links = page.evaluate(
            '[...document.querySelectorAll(\'a[href^="/"], a[href^="?"]\')].map(a => a.pathname + a.search)'
        )
        fresh = [link for link in dict.fromkeys(links) if link not in seen]
        seen.update(fresh)
        waiting += fresh
    return found
