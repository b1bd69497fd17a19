"""The project service over HTTP, against real PostgreSQL and RabbitMQ."""

import pytest

from punctual.kit import ids
from punctual.schemas import events
from tests.support.services import Person, Services, eventually


def a_key() -> str:
    return "K" + ids.uuid7().hex[-8:].upper()


async def a_project(person: Person, **fields: str) -> dict[str, object]:
    answer = await person.request("project", "POST", "/api/v1/projects", {"key": a_key(), "name": "Ops", **fields})

    assert answer.status == 201, answer
    return answer.body


async def known(services: Services, person: Person) -> Person:
    """Make the person known to the project service, as the user service would."""
    payload = {**events.USER_CREATED.example, "user_id": person.id, "email": f"{person.id}@example.org"}
    await services.publish(events.USER_CREATED, payload)
    return person


async def test_a_project_is_created_read_and_listed_the_same(services: Services) -> None:
    ada = services.person()
    key = a_key()

    created = await ada.request("project", "POST", "/api/v1/projects", {"key": key, "name": "Ops"})
    read = await ada.request("project", "GET", f"/api/v1/projects/{key}")
    listed = await ada.request("project", "GET", "/api/v1/projects")

    assert created.status == 201
    assert created.headers["Location"] == f"/api/v1/projects/{created.body['id']}"
    assert created.headers["ETag"] == read.headers["ETag"] == '"1"'
    assert created.body == read.body == listed.body["items"][0]
    assert created.body["role"] == "owner"


async def test_a_repeated_key_answers_with_the_first_outcome(services: Services) -> None:
    ada = services.person()
    body = {"key": a_key(), "name": "Ops"}

    first = await ada.request("project", "POST", "/api/v1/projects", body, Idempotency_Key="one")
    second = await ada.request("project", "POST", "/api/v1/projects", body, Idempotency_Key="one")
    other = await ada.request("project", "POST", "/api/v1/projects", {**body, "name": "x"}, Idempotency_Key="one")

    assert (first.status, first.body) == (second.status, second.body)
    assert other.status == 422
    assert other.body["code"] == "idempotency_key_reused"


async def test_a_key_in_use_is_refused_and_names_the_field(services: Services) -> None:
    ada = services.person()
    project = await a_project(ada)

    answer = await ada.request("project", "POST", "/api/v1/projects", {"key": project["key"], "name": "Two"})

    assert answer.status == 409
    assert answer.body["code"] == "key_in_use"
    assert "key" in answer.body["errors"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"key": "ops", "name": "x"}, "key"),
        ({"key": "OPS", "name": ""}, "name"),
        ({"key": "OPS", "name": "x", "colour": "red"}, "colour"),
        ({"key": "OPS", "name": 5}, "name"),
        ({"key": "OPS", "name": "a\x00b"}, "name"),
        ({"key": "OPS"}, "name"),
    ],
)
async def test_bad_fields_are_named(services: Services, body: dict[str, object], field: str) -> None:
    answer = await services.person().request("project", "POST", "/api/v1/projects", body)

    assert answer.status == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert field in answer.body["errors"]


async def test_an_old_if_match_is_refused_with_the_current_state(services: Services) -> None:
    ada = services.person()
    path = f"/api/v1/projects/{(await a_project(ada))['id']}"

    first = await ada.request("project", "PATCH", path, {"name": "Two"}, If_Match='"1"')
    second = await ada.request("project", "PATCH", path, {"name": "Three"}, If_Match='"1"')

    assert first.body["name"] == "Two"
    assert second.status == 412
    assert second.body["current"] == first.body


async def test_an_outsider_sees_nothing_and_a_viewer_writes_nothing(services: Services) -> None:
    ada, bob, eve = services.person(), await known(services, services.person()), services.person()
    path = f"/api/v1/projects/{(await a_project(ada))['id']}"

    joined = await ada.request("project", "PUT", f"{path}/members/{bob.id}", {"role": "viewer"})
    seen = await bob.request("project", "GET", path)
    changed = await bob.request("project", "PATCH", path, {"name": "Mine"})
    hidden = [await eve.request("project", method, path) for method in ("GET", "DELETE")]

    assert joined.status == 200, joined
    assert seen.body["role"] == "viewer"
    assert changed.status == 403
    assert [answer.status for answer in hidden] == [404, 404]


async def test_the_last_owner_stays(services: Services) -> None:
    ada = services.person()
    path = f"/api/v1/projects/{(await a_project(ada))['id']}"

    answer = await ada.request("project", "DELETE", f"{path}/members/{ada.id}")

    assert answer.status == 409
    assert answer.body["code"] == "last_owner"


async def test_without_waiting_a_command_is_accepted_and_settles(services: Services) -> None:
    ada = services.person()
    body = {"key": a_key(), "name": "Later"}

    accepted = await ada.request("project", "POST", "/api/v1/projects", body, Prefer="respond-async")
    location = accepted.headers["Location"]

    async def settled() -> object:
        answer = await ada.request("project", "GET", location)
        return answer if answer.body["state"] == "done" else None

    done = await eventually(settled)

    assert accepted.status == 202
    assert done.body["result"]["key"] == body["key"]


async def test_pages_follow_one_another_without_gap_or_double(services: Services) -> None:
    ada = services.person()
    made = [await a_project(ada, name=f"Project {number}") for number in range(5)]
    path, seen = "/api/v1/projects?limit=2&sort=name", []

    while path:
        answer = await ada.request("project", "GET", path)
        seen += [item["id"] for item in answer.body["items"]]
        cursor = answer.body["next_cursor"]
        path = f"/api/v1/projects?limit=2&sort=name&cursor={cursor}" if cursor else ""

    assert seen == [project["id"] for project in made]
