"""A project with a task and two people on it, and what somebody else does there by the API."""

import re
from html import unescape
from typing import Any

from punctual.http.dashboard.services import BASE
from tests.http.dashboard.conftest import Browser, Seen, Site
from tests.http.dashboard.test_forms import a_key
from tests.support.services import eventually


class World:
    """`key` is the project's; Ada owns it, Bob is a member."""

    def __init__(self, site: Site, ada: Browser, bob: Browser) -> None:
        self.site = site
        self.ada = ada
        self.bob = bob
        self.key = a_key()

    async def begin(self) -> None:
        """Make the project, and wait until the task service knows both people in it."""
        assert (await self.ada.fill("/projects/new", name="Operations", key=self.key)).status == 303
        bob = await self.id_of(self.bob)
        status, _ = await self.call(
            self.ada, "PUT", "project", f"/projects/{self.key}/members/{bob}", {"role": "member"}
        )
        assert status == 200

        async def known() -> bool:
            line = {"text": f"Look @bob @ada #{self.key}"}
            return not (await self.call(self.bob, "POST", "task", "/task-drafts", line))[1]["problems"]

        await eventually(known)

    async def task(self, **fields: Any) -> str:
        """A new task of Ada's; its key."""
        body = {"title": "Renew the certificate", **fields}
        status, made = await self.call(self.ada, "POST", "task", f"/projects/{self.key}/tasks", body)
        assert status == 201, made
        return str(made["key"])

    async def id_of(self, browser: Browser) -> str:
        """A person's id."""
        return str((await self.call(browser, "GET", "user", "/users/me"))[1]["id"])

    async def call(self, browser: Browser, method: str, service: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Ask a service as this person, with a session of its own."""
        token = (await self.site.services.sign_in(browser.email)).body["access_token"]
        url = await self.site.services.url(service) + BASE + path
        headers = {"Authorization": f"Bearer {token}"}
        async with self.site.services.client.request(method, url, json=body, headers=headers) as response:
            return response.status, await response.json() if response.status != 204 else None

    async def change(self, browser: Browser, task: str, **fields: Any) -> None:
        """Somebody changes a task by another door."""
        status, said = await self.call(browser, "PATCH", "task", f"/tasks/{task}", fields)
        assert status == 200, said


def form_of(seen: Seen, marker: str) -> dict[str, str]:
    """The fields of the form that has this in it, as a browser would send them."""
    form = next(part for part in re.findall(r"<form.*?</form>", seen.html, re.DOTALL) if marker in part)
    fields = {}
    for tag in re.findall(r"<input[^>]*>", form):
        named = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if named.get("type") not in ("radio", "checkbox") or " checked" in tag:
            fields[named["name"]] = unescape(named.get("value", ""))
    for name, text in re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL):
        fields[name] = unescape(text)
    for name, options in re.findall(r'<select[^>]*name="(\w+)".*?>(.*?)</select>', form, re.DOTALL):
        if chosen := re.search(r'value="([^"]*)" selected', options):
            fields[name] = chosen[1]
    return fields
