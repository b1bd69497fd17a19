"""Names of people: the members of a project, and those who once were."""

from collections.abc import Iterable
from typing import Any

from aiohttp import web

from punctual.http.dashboard.client import api, gather
from punctual.http.dashboard.problems import Problem

MOST_OTHERS = 20
SOMEBODY = "Somebody"


class People:
    """Names by id; whose name isn't known is Somebody."""

    def __init__(self, members: Iterable[dict[str, Any]] = ()) -> None:
        self.members = {member["user_id"]: member["display_name"] or SOMEBODY for member in members}
        self._others: dict[str, str] = {}

    def __getitem__(self, user_id: str | None) -> str:
        if user_id is None:
            return "Punctual"
        return self.members.get(user_id) or self._others.get(user_id, SOMEBODY)

    def named(self, user_ids: Iterable[str]) -> str:
        """Several, as a sentence names them."""
        names = [self[user_id] for user_id in user_ids]
        return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)

    async def learn(self, request: web.Request, user_ids: Iterable[str | None]) -> None:
        """Ask for the names of those who aren't members, as far as they can be had."""
        unknown = {user_id for user_id in user_ids if user_id} - self.members.keys() - self._others.keys()
        asked = [api(request).get("user", f"/users/{one}") for one in sorted(unknown)[:MOST_OTHERS]]
        found = await gather(*map(optional, asked))
        self._others.update({person["id"]: person["display_name"] for person in found if person})


async def optional(awaited: Any, otherwise: Any = None) -> Any:
    """What isn't the subject of a page: without it while it can't be had."""
    try:
        return await awaited
    except Problem:
        return otherwise
