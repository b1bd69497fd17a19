"""The public API as the demo's people use it: nothing is done twice, and what isn't known yet is waited for."""

from typing import Any
from uuid import UUID, uuid5

import aiohttp

from punctual.commands.demo.transport import Answer, Person, Transport

KEYS = UUID("7f5c1f0e-5a3d-5b7e-9c55-0d5a8f7b1c21")
WAIT = "wait=20"
PATIENCE = 30


class Api:
    """Requests of any of the people."""

    def __init__(self, transport: Transport, seed: int) -> None:
        self._transport = transport
        self._seed = seed

    async def sign_in(self, person: Person) -> bool:
        """Get a token. False where no such account is, or its password is another."""
        form = {"grant_type": "password", "username": person.email, "password": person.password}
        person.token = ""
        answer = await self._transport.send(person, "POST", "/api/v1/auth/token", aiohttp.FormData(form), {})
        if answer.status in {400, 401}:
            return False
        person.token = answer.expect()["access_token"]
        return True

    async def get(self, person: Person, path: str) -> Answer:
        """Read something that perhaps isn't there."""
        return await self._settled(person, "GET", path, None, None)

    async def read(self, person: Person, path: str) -> Any:
        """Read something that is there, though perhaps not everybody knows it yet. Raises DemoError."""
        for _ in range(PATIENCE):
            answer = await self.get(person, path)
            if answer.status != 404:
                break
            await self._transport.sleep(1.0)
        return answer.expect()

    async def items(self, person: Person, path: str) -> list[dict[str, Any]]:
        """A whole list, page after page. Raises DemoError."""
        found: list[dict[str, Any]] = []
        cursor = ""
        while True:
            page = await self.read(person, f"{path}?limit=200{cursor}")
            found += page["items"]
            if not page["next_cursor"]:
                return found
            cursor = f"&cursor={page['next_cursor']}"

    async def write(self, person: Person | None, method: str, path: str, body: Any = None, *, name: str) -> Answer:
        """Change something, once however often it is asked for; `name` tells this change from all others.

        What somebody new may do in a new project can be known with a delay: then it is asked for again.
        """
        for attempt in range(PATIENCE):
            # A rejection is remembered under its key, so another try needs another one.
            key = str(uuid5(KEYS, f"{self._seed} {name} {attempt}"))
            answer = await self._settled(person, method, path, body, key)
            if answer.status != 404 and answer.code != "not_a_member":
                break
            await self._transport.sleep(1.0)
        return answer

    async def _settled(self, person: Person | None, method: str, path: str, body: Any, key: str | None) -> Answer:
        """The answer, waited for where it isn't known at first."""
        headers = {"Prefer": WAIT, **({"Idempotency-Key": key} if key else {})}
        answer = await self._transport.send(person, method, path, body, headers)
        if answer.status == 401 and person is not None and await self.sign_in(person):
            answer = await self._transport.send(person, method, path, body, headers)
        if answer.status != 202:
            return answer
        while True:
            operation = (await self._transport.send(person, "GET", answer.location, None, {})).expect()
            if operation["state"] == "done":
                return Answer(answer.request, 200, operation["result"])
            if operation["state"] != "pending":
                return Answer(answer.request, operation["problem"]["status"], operation["problem"])
            await self._transport.sleep(0.5)
