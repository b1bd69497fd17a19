"""`punctual resync`: asked for, followed, counted."""

import argparse

import pytest

from punctual.commands import resync
from punctual.commands.resync.request import Failed, Request, owners
from punctual.commands.resync.waiting import wait
from punctual.kit import ids, settings
from tests.support.services import Services, eventually
from tests.support.team import rows


def arguments(service: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    resync.add_arguments(parser)
    return parser.parse_args([service])


async def test_an_owner_republishes_and_every_listener_applies_it(services: Services, capsys) -> None:
    ada = services.person()
    key = "K" + ids.uuid7().hex[-8:].upper()
    created = await ada.request("project", "POST", "/api/v1/projects", {"key": key, "name": "Ops"})
    assert created.status == 201

    await wait(Request("project"), seconds=60, quiet=0.5)
    shown = capsys.readouterr().out

    assert "project republished its state: " in shown
    assert "project.updated" in shown
    assert "task has applied all " in shown
    assert "notification has applied all " in shown


async def test_former_keys_come_back_to_a_replica_that_lost_them(services: Services) -> None:
    ada, keys = services.person(), ["K" + ids.uuid7().hex[-8:].upper() for _ in range(3)]
    created = await ada.request("project", "POST", "/api/v1/projects", {"key": keys[0], "name": "Ops"})
    for key in keys[1:]:
        await ada.request("project", "PATCH", f"/api/v1/projects/{created.body['id']}", {"key": key})
    found = "SELECT key FROM former_key WHERE project_id = %s ORDER BY key"

    async def heard() -> bool:
        return len(rows("task", found, (created.body["id"],))) == 2

    await eventually(heard)
    rows("task", "DELETE FROM former_key WHERE project_id = %s RETURNING key", (created.body["id"],))
    await wait(Request("project"), seconds=60, quiet=0.5)

    assert [row["key"] for row in rows("task", found, (created.body["id"],))] == sorted(keys[:2])


def test_it_can_be_asked_for_without_waiting(running_worker, capsys) -> None:
    assert resync.run(arguments("project")) == 0
    assert "project was asked to republish its state" in capsys.readouterr().out


def test_what_owns_nothing_that_others_copy_is_said(capsys) -> None:
    status = resync.run(arguments("task"))

    assert status == 2
    assert capsys.readouterr().err.startswith("punctual: task owns nothing that others keep a copy of.")
    assert owners() == ["auth", "user", "project"]


async def test_waiting_without_a_worker_ends_with_what_to_do(environment) -> None:
    class Lost(Request):
        def send(self) -> None:
            """As if no worker took it up."""

    with pytest.raises(Failed, match="start punctual work"):
        await wait(Lost("project"), seconds=0)


def test_without_rabbitmq_the_variable_is_named(environment, monkeypatch, capsys) -> None:
    from punctual.commands.resync import request
    from punctual.kit.broker import PunctualBroker

    class Away(PunctualBroker):
        pass

    gone = settings.load({**environment, "PUNCTUAL_AMQP_URL": "amqp://127.0.0.1:1"})
    away = Away()
    away.actors = request.broker.actors
    monkeypatch.setattr(settings, "current", lambda: gone)
    monkeypatch.setattr(request, "broker", away)

    assert resync.run(arguments("project")) == 1
    assert "PUNCTUAL_AMQP_URL" in capsys.readouterr().err
