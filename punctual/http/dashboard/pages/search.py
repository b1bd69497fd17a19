"""Search over tasks by key, title and text."""

import re
from typing import Any

from aiohttp import web

from punctual.http.dashboard.client import api
from punctual.http.dashboard.problems import Problem
from punctual.http.dashboard.rendering import render
from punctual.http.dashboard.routing import Page

STATES = ("open", "closed")
LIMIT = 50
AROUND = 80
Excerpt = list[tuple[str, bool]]


async def show(request: web.Request) -> web.Response:
    """What matches, the best first; the words that match in a description with what stands around them."""
    q, cursor = " ".join(request.query.get("q", "").split()), request.query.get("cursor")
    state = request.query.get("state") if request.query.get("state") in STATES else None
    found: dict[str, Any] = {"items": [], "next_cursor": None}
    fault = ""
    if q:
        try:
            found = await api(request).get(
                "task", "/tasks", q=q, sort="relevance", limit=LIMIT, cursor=cursor, category=state
            )
        except Problem as problem:
            if problem.status != 422:
                raise
            fault = " ".join(sentence for said in problem.errors.values() for sentence in said) or problem.detail
    hits = [(task, excerpt(task, q)) for task in found["items"]]
    return await render(request, "search.html", q=q, state=state, hits=hits, fault=fault, cursor=found["next_cursor"])


def excerpt(task: dict[str, Any], q: str) -> Excerpt:
    """The first place in the description that matches, in pieces, each with whether it does; empty where none does."""
    words = "|".join(re.escape(word) for word in sorted(q.split(), key=len, reverse=True))
    text = " ".join(task["description"].split())
    match = re.search(rf"\b(?:{words})", text, re.IGNORECASE) if words else None
    if match is None:
        return []
    begin, end = max(match.start() - AROUND, 0), match.end() + AROUND
    shown = ("…" if begin else "") + text[begin:end] + ("…" if end < len(text) else "")
    pieces = re.split(rf"(\b(?:{words}))", shown, flags=re.IGNORECASE)
    return [(piece, index % 2 == 1) for index, piece in enumerate(pieces) if piece]


PAGES = [Page("GET", "/search", show)]
