"""The doctor at the doors of the gateway and the services."""

import asyncio
from dataclasses import replace
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from punctual.commands.doctor import services
from punctual.commands.doctor.findings import Finding, Level
from punctual.kit import settings
from punctual.kit.settings import Settings

KEY = {"kty": "OKP", "crv": "Ed25519", "kid": "one", "x": "AA"}


class Instance:
    """Gateway and services in one, as well or ill as a test wants it."""

    def __init__(self) -> None:
        self.ready: dict[str, Any] = {"status": "ready", "parts": {}}
        self.status = 200
        self.keys = [KEY]
        self.issuer: str | None = None
        self.known = settings.load({})

    async def checked(self) -> dict[str, list[Finding]]:
        """What the doctor finds, by what it is about."""
        app = web.Application()
        app.router.add_get("/health/ready", self._answer_ready)
        app.router.add_get("/health/live", self._answer_live)
        app.router.add_get("/.well-known/jwks.json", self._answer_keys)
        app.router.add_get("/.well-known/oauth-authorization-server", self._answer_metadata)
        async with TestServer(app) as server:
            findings = await asyncio.to_thread(services.check, self._settings(server))
        found: dict[str, list[Finding]] = {}
        for finding in findings:
            found.setdefault(finding.what, []).append(finding)
        return found

    def _settings(self, server: TestServer) -> Settings:
        url = f"http://127.0.0.1:{server.port}"
        return replace(self.known, port=server.port or 0, service_urls=dict.fromkeys(self.known.service_urls, url))

    async def _answer_ready(self, _request: web.Request) -> web.Response:
        return web.json_response(self.ready, status=self.status)

    async def _answer_live(self, _request: web.Request) -> web.Response:
        return web.json_response({"status": "live"})

    async def _answer_keys(self, _request: web.Request) -> web.Response:
        return web.json_response({"keys": self.keys})

    async def _answer_metadata(self, _request: web.Request) -> web.Response:
        return web.json_response({"issuer": self.issuer or self.known.public_url})


async def test_everything_ready_is_well() -> None:
    found = await Instance().checked()

    assert {finding.level for group in found.values() for finding in group} == {Level.OK}
    assert {"gateway", "auth service", "notification service", "signing keys"} <= found.keys()


async def test_a_service_that_is_not_ready_says_which_part() -> None:
    instance = Instance()
    instance.status, instance.ready = 503, {"status": "not ready", "parts": {"database": "gone", "broker": "ok"}}
    found = await instance.checked()

    assert found["task service"][0].level is Level.FAULT
    assert found["task service"][0].why.endswith("is not ready: database: gone")


async def test_what_comes_late_says_since_when() -> None:
    instance = Instance()
    late = {"reminders": {"since": "2026-12-24T12:04:00.000Z"}}
    instance.ready = {"status": "degraded", "parts": {}, "degraded": late}
    found = await instance.checked()

    assert found["reminders"][0].level is Level.FAULT
    assert found["reminders"][0].why == "delayed since 2026-12-24T12:04:00.000Z"
    assert found["gateway"][0].level is Level.OK


async def test_another_program_on_the_port_is_told_from_a_service() -> None:
    instance = Instance()
    instance.ready = {"hello": "world"}
    found = await instance.checked()

    assert "something answers there that is not Punctual" in found["gateway"][0].why


async def test_processes_that_do_not_run_say_which_command_starts_them() -> None:
    known = settings.load({})
    away = replace(known, port=1, service_urls=dict.fromkeys(known.service_urls, "http://127.0.0.1:1"))
    found = await asyncio.to_thread(services.check, away)

    assert [finding.remedy.partition(";")[0] for finding in found if finding.level is Level.FAULT] == [
        *(f"start it: punctual serve {service}" for service in settings.BEHIND_THE_GATEWAY),
        "start it: punctual serve gateway",
    ]
    assert "Connection refused" in found[0].why


async def test_without_signing_keys_nobody_can_sign_in() -> None:
    instance = Instance()
    instance.keys = []
    found = await instance.checked()

    assert found["signing keys"][0].level is Level.FAULT


async def test_a_published_private_key_is_a_fault() -> None:
    instance = Instance()
    instance.keys = [{**KEY, "d": "secret"}]
    found = await instance.checked()

    assert "private keys" in found["signing keys"][0].why
    assert "secret" not in found["signing keys"][0].why


async def test_processes_with_different_public_addresses_are_found() -> None:
    instance = Instance()
    instance.issuer = "https://tasks.example.org"
    found = await instance.checked()

    assert "auth signs as https://tasks.example.org" in found["signing keys"][1].why


async def test_a_public_address_that_cannot_be_opened_from_here_is_a_note() -> None:
    instance = Instance()
    instance.known = replace(instance.known, public_url="https://tasks.invalid")
    found = await instance.checked()

    assert found["public address"][0].level is Level.NOTE
