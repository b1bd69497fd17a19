"""A project's key is changed: its former ones go on to lead to it, and nobody else gets them while it lives."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from punctual.domain.project import MOST_FORMER_KEYS
from tests.http.test_project import a_key, a_project, known
from tests.support.services import Answer, Person, Services
from tests.support.team import rows

PROJECTS = "/api/v1/projects"
ROUNDS = 6


async def rename(person: Person, project: object, key: object, **headers: str) -> Answer:
    return await person.request("project", "PATCH", f"{PROJECTS}/{project}", {"key": key}, **headers)


async def create(person: Person, key: object) -> Answer:
    return await person.request("project", "POST", PROJECTS, {"key": key, "name": "Another"})


def holders(*keys: object) -> list[dict[str, Any]]:
    """Whose each of these keys is, and whether as a former one."""
    return rows(
        "project",
        "SELECT key, id, false AS former FROM project WHERE deleted_at IS NULL AND key = ANY(%s)"
        " UNION ALL SELECT key, project_id, true FROM former_key WHERE key = ANY(%s)",
        (list(keys), list(keys)),
    )


async def test_all_its_keys_lead_to_a_project_which_is_told_by_the_current_one(services: Services) -> None:
    ada = services.person()
    project = await a_project(ada)
    old, new = project["key"], a_key()

    renamed = await rename(ada, old, new, If_Match='"1"')
    read = [await ada.request("project", "GET", f"{PROJECTS}/{name}") for name in (old, new, project["id"])]
    listed = await ada.request("project", "GET", PROJECTS)
    found = await ada.request("project", "GET", f"{PROJECTS}?q={str(old).lower()}")
    changed = await ada.request("project", "PATCH", f"{PROJECTS}/{old}", {"name": "Opera"})

    assert renamed.status == 200, renamed
    assert (renamed.body["key"], renamed.body["former_keys"], renamed.body["version"]) == (new, [old], 2)
    assert [answer.body for answer in read] == [renamed.body] * 3
    assert listed.body["items"] == found.body["items"] == [renamed.body]
    assert (changed.body["key"], changed.body["name"]) == (new, "Opera")


async def test_the_same_key_is_no_change(services: Services) -> None:
    ada = services.person()
    project = await a_project(ada)

    answer = await rename(ada, project["id"], project["key"])

    assert (answer.status, answer.body) == (200, project)


async def test_a_key_current_or_former_is_no_other_projects_to_take(services: Services) -> None:
    ada, eve = services.person(), services.person()
    project, other = await a_project(ada), await a_project(eve)
    old, new = project["key"], a_key()
    await rename(ada, old, new)

    answers = [
        await create(eve, old), await create(eve, new), await rename(eve, other["id"], old),
        await rename(eve, other["id"], new),
    ]  # fmt: skip

    assert [(answer.status, answer.body["code"]) for answer in answers] == [(409, "key_in_use")] * 4
    assert (
        answers[0].body["errors"]
        == answers[2].body["errors"]
        == {"key": [f"The key {old} is in use by another project; choose another."]}
    )
    assert (await ada.request("project", "GET", f"{PROJECTS}/{old}")).body["key"] == new


async def test_a_project_takes_one_of_its_own_keys_back(services: Services) -> None:
    ada = services.person()
    project = await a_project(ada)
    first, second = project["key"], a_key()
    await rename(ada, first, second)

    back = await rename(ada, second, first)

    assert (back.status, back.body["key"], back.body["former_keys"]) == (200, first, [second])
    assert (await ada.request("project", "GET", f"{PROJECTS}/{second}")).body == back.body


async def test_a_deleted_project_gives_all_its_keys_free(services: Services) -> None:
    ada, eve = services.person(), services.person()
    project = await a_project(ada)
    old, new = project["key"], a_key()
    await rename(ada, old, new)

    deleted = await ada.request("project", "DELETE", f"{PROJECTS}/{old}")
    free = holders(old, new)
    taken = [await create(eve, key) for key in (old, new)]

    assert (deleted.status, free) == (204, [])
    assert [answer.status for answer in taken] == [201, 201]
    assert (await ada.request("project", "GET", f"{PROJECTS}/{old}")).status == 404


async def test_keys_of_a_project_that_an_older_version_deleted_can_be_taken(services: Services) -> None:
    ada = services.person()
    project = await a_project(ada)
    await rename(ada, project["id"], a_key())
    rows("project", "UPDATE project SET deleted_at = now() WHERE id = %s RETURNING id", (project["id"],))

    assert (await create(ada, project["key"])).status == 201


async def test_a_project_has_a_limited_number_of_former_keys(services: Services) -> None:
    ada = services.person()
    project = await a_project(ada)
    keys = [project["key"], *(a_key() for _ in range(MOST_FORMER_KEYS))]
    for key in keys[1:]:
        assert (await rename(ada, project["id"], key)).status == 200

    one_more = await rename(ada, project["id"], a_key())
    back = await rename(ada, project["id"], keys[0])

    assert (one_more.status, one_more.body["code"]) == (409, "too_many_former_keys")
    assert keys[0] in one_more.body["errors"]["key"][0]
    assert (back.status, back.body["former_keys"]) == (200, keys[1:])


@pytest.mark.parametrize("key", ["ops", "O", "9PS", "OPS-1", "TOOLONGAKEY", "", None, 5])
async def test_a_bad_key_is_refused_as_at_creation(services: Services, key: object) -> None:
    ada = services.person()
    project = await a_project(ada)

    answer = await rename(ada, project["id"], key)
    created = await create(ada, key)

    assert (answer.status, answer.body["errors"]) == (422, created.body["errors"])


async def test_it_needs_the_right_the_version_and_a_project_that_is_writable(services: Services) -> None:
    ada, bob, eve = services.person(), await known(services, services.person()), services.person()
    project = await a_project(ada)
    path = f"{PROJECTS}/{project['id']}"
    await ada.request("project", "PUT", f"{path}/members/{bob.id}", {"role": "member"})
    new = a_key()

    member, outsider = await rename(bob, project["id"], new), await rename(eve, project["key"], new)
    stale = await rename(ada, project["id"], new, If_Match='"7"')
    await ada.request("project", "PUT", f"{path}/archive")
    archived = await rename(ada, project["id"], new)

    assert [answer.status for answer in (member, outsider, stale, archived)] == [403, 404, 412, 409]
    assert archived.body["code"] == "project_archived"
    assert holders(new) == []


async def test_an_outsider_is_answered_the_same_by_an_old_key_and_by_none(services: Services) -> None:
    ada, eve = services.person(), services.person()
    project = await a_project(ada)
    await rename(ada, project["id"], a_key())
    nobodys = a_key()

    for method, tail, body in (("GET", "", None), ("GET", "/members", None), ("PATCH", "", {"name": "Mine"})):
        old = await eve.request("project", method, f"{PROJECTS}/{project['key']}{tail}", body)
        none = await eve.request("project", method, f"{PROJECTS}/{nobodys}{tail}", body)

        assert old.status == none.status == 404
        assert old.body["detail"].replace(str(project["key"]), nobodys) == none.body["detail"]


async def test_a_key_that_is_given_up_while_others_create_has_one_holder(services: Services) -> None:
    ada, others = services.person(), [services.person() for _ in range(3)]
    for _ in range(ROUNDS):
        project = await a_project(ada)

        answers = await asyncio.gather(
            rename(ada, project["id"], a_key()), *(create(other, project["key"]) for other in others)
        )

        assert [answer.status for answer in answers] == [200, 409, 409, 409]
        assert holders(project["key"]) == [{"key": project["key"], "id": UUID(str(project["id"])), "former": True}]


async def test_what_comes_by_a_key_while_it_is_given_up_finds_its_project(services: Services) -> None:
    ada = services.person()
    for _ in range(ROUNDS):
        project = await a_project(ada)
        path = f"{PROJECTS}/{project['key']}"

        answers = await asyncio.gather(
            rename(ada, project["key"], a_key()),
            ada.request("project", "PATCH", path, {"name": "Opera"}),
            ada.request("project", "PATCH", path, {"description": "Ours"}),
        )

        assert [answer.status for answer in answers] == [200] * 3
        assert max(answer.body["version"] for answer in answers) == 4


async def test_of_many_that_want_one_key_at_once_one_has_it(services: Services) -> None:
    ada = services.person()
    for _ in range(ROUNDS):
        projects, wanted = [await a_project(ada) for _ in range(3)], a_key()

        answers = await asyncio.gather(
            *(rename(ada, project["id"], wanted) for project in projects), create(ada, wanted), create(ada, wanted)
        )

        assert sorted(answer.status for answer in answers)[1:] == [409] * 4
        assert len(holders(wanted)) == 1


async def test_two_projects_that_want_each_others_key_keep_their_own(services: Services) -> None:
    ada, before = services.person(), deadlocks()
    for _ in range(ROUNDS):
        one, two = await a_project(ada), await a_project(ada)

        answers = await asyncio.gather(rename(ada, one["id"], two["key"]), rename(ada, two["id"], one["key"]))

        assert [answer.status for answer in answers] == [409, 409]
        assert len(holders(one["key"], two["key"])) == 2
    assert deadlocks() == before


def deadlocks() -> int:
    found = rows("project", "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    return int(found[0]["deadlocks"])
