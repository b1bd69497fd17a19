"""The user service over HTTP, against real PostgreSQL and RabbitMQ."""

import asyncio
from typing import Any

import pytest

from punctual.kit import ids
from punctual.schemas import events
from tests.support.accounts import execute
from tests.support.services import Person, Services, eventually

USERS = "/api/v1/users"


async def known(services: Services, name: str = "Ada", *, role: str = "user") -> Person:
    """Somebody with an account, as auth would tell."""
    person = services.person(role=role)
    account = {
        "user_id": person.id, "email": address(person), "display_name": name, "time_zone": "UTC", "role": role,
    }  # fmt: skip
    await services.publish(events.USER_CREATED, account)

    async def arrived() -> bool:
        return (await person.request("user", "GET", f"{USERS}/me")).status == 200

    await eventually(arrived)
    return person


def address(person: Person) -> str:
    return f"ada.{person.id.hex}@example.org"


async def patch(person: Person, body: Any, **headers: str) -> Any:
    return await person.request("user", "PATCH", f"{USERS}/me", body, **headers)


@pytest.fixture
async def admin(services: Services) -> Person:
    """The only administrator."""
    execute("UPDATE profile SET role = 'user'", service="user")
    return await known(services, "Root", role="admin")


async def test_an_account_becomes_a_profile(services: Services) -> None:
    ada = await known(services)

    answer = await ada.request("user", "GET", f"{USERS}/me")

    assert answer.headers["ETag"] == '"1"'
    assert answer.body == {
        "id": str(ada.id),
        "email": address(ada),
        "display_name": "Ada",
        "time_zone": "UTC",
        "locale": "en",
        "role": "user",
        "active": True,
        "created_at": "2026-11-22T10:00:00.000Z",
        "version": 1,
    }


async def test_a_profile_that_is_on_its_way_is_waited_for(services: Services) -> None:
    ada = services.person()
    account = {**events.USER_CREATED.example, "user_id": ada.id, "email": address(ada)}

    reading = asyncio.create_task(ada.request("user", "GET", f"{USERS}/me"))
    await asyncio.sleep(0.1)
    await services.publish(events.USER_CREATED, account)

    assert (await reading).status == 200


async def test_a_profile_that_doesn_t_come_is_to_be_asked_for_again(services: Services) -> None:
    answer = await services.person().request("user", "GET", f"{USERS}/me")

    assert answer.status == 503
    assert int(answer.headers["Retry-After"]) >= 1


async def test_a_change_of_a_profile_that_is_on_its_way_is_waited_for(services: Services) -> None:
    ada = services.person()
    account = {**events.USER_CREATED.example, "user_id": ada.id, "email": address(ada)}

    changing = asyncio.create_task(patch(ada, {"display_name": "Countess"}))
    await asyncio.sleep(0.1)
    await services.publish(events.USER_CREATED, account)

    assert (await changing).status == 200


async def test_people_change_their_own_profile(services: Services) -> None:
    ada = await known(services)

    changed = await patch(ada, {"display_name": "Countess", "time_zone": "Europe/London", "locale": "en-GB"})
    read = await ada.request("user", "GET", f"{USERS}/me")

    assert changed.status == 200
    assert changed.body == read.body
    assert changed.headers["ETag"] == read.headers["ETag"] == '"2"'
    assert (read.body["display_name"], read.body["locale"]) == ("Countess", "en-GB")


async def test_patch_touches_only_what_it_names_and_no_change_is_none(services: Services) -> None:
    ada = await known(services)

    changed = await patch(ada, {"display_name": "Ada"})

    assert (changed.status, changed.body["version"], changed.body["time_zone"]) == (200, 1, "UTC")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"display_name": ""}, "display_name"),
        ({"display_name": "x" * 101}, "display_name"),
        ({"display_name": "two\nlines"}, "display_name"),
        ({"display_name": None}, "display_name"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"time_zone": 1}, "time_zone"),
        ({"locale": "english please"}, "locale"),
        ({"locale": "en\n"}, "locale"),
        ({"email": "eve@example.org"}, "email"),
        ({"role": "admin"}, "role"),
        ({"version": 7}, "version"),
    ],
)
async def test_bad_fields_are_named_and_nothing_changes(services: Services, fields: dict[str, Any], field: str) -> None:
    ada = await known(services)

    answer = await patch(ada, {"display_name": "Eve", **fields})
    read = await ada.request("user", "GET", f"{USERS}/me")

    assert answer.status == 422
    assert field in answer.body["errors"]
    assert (read.body["display_name"], read.body["version"]) == ("Ada", 1)


async def test_an_old_if_match_is_refused_with_the_current_state(services: Services) -> None:
    ada = await known(services)

    first = await patch(ada, {"display_name": "Two"}, If_Match='"1"')
    second = await patch(ada, {"display_name": "Three"}, If_Match='"1"')

    assert second.status == 412
    assert second.body["current"] == first.body


async def test_others_see_a_name_and_a_zone_but_no_address(services: Services, admin: Person) -> None:
    ada, bob = await known(services), await known(services, "Bob")
    path = f"{USERS}/{ada.id}"

    theirs = await bob.request("user", "GET", path)
    own = await ada.request("user", "GET", path)
    admins = await admin.request("user", "GET", path)

    assert theirs.body == {
        "id": str(ada.id), "display_name": "Ada", "time_zone": "UTC", "active": True, "version": 1,
    }  # fmt: skip
    assert own.body == admins.body
    assert own.body["email"] == address(ada)


async def test_nobody_is_found_under_an_unknown_id(services: Services) -> None:
    ada = services.person()

    unknown = await ada.request("user", "GET", f"{USERS}/{ids.uuid7()}")
    nonsense = await ada.request("user", "GET", f"{USERS}/bob")

    assert (unknown.status, nonsense.status) == (404, 422)


async def test_people_are_found_by_the_beginning_of_a_name_or_by_their_address(services: Services) -> None:
    word = ids.uuid7().hex[-10:]
    ada = await known(services, f"Ada {word.upper()} Lovelace")
    bob = await known(services, "Bob")

    async def found(q: str) -> list[str]:
        answer = await bob.request("user", "GET", f"{USERS}?q={q}")
        return [item["id"] for item in answer.body["items"]]

    assert await found(word) == await found(f"ada%20{word[:5]}") == [str(ada.id)]
    assert await found(address(ada).upper()) == [str(ada.id)]
    assert await found(address(ada)[:-1]) == await found(word[1:]) == []
    assert await found("%25") == await found("_") == []


async def test_lists_don_t_give_addresses_away(services: Services, admin: Person) -> None:
    ada, bob = await known(services), await known(services, "Bob")

    theirs = await bob.request("user", "GET", f"{USERS}?q={address(ada)}")
    guessed = await bob.request("user", "GET", f"{USERS}?q={address(ada)[:30]}")
    admins = await admin.request("user", "GET", f"{USERS}?q={address(ada)[:30]}")

    assert "email" not in theirs.body["items"][0]
    assert guessed.body["items"] == []
    assert admins.body["items"][0]["email"] == address(ada)


async def test_pages_follow_one_another_without_gap_or_double(services: Services) -> None:
    word = "w" + ids.uuid7().hex[-10:]
    made = [await known(services, f"{letter} {word}") for letter in "Edcba"]
    path, seen = f"{USERS}?q={word}&limit=2", []

    while path:
        answer = await made[0].request("user", "GET", path)
        seen += [item["id"] for item in answer.body["items"]]
        cursor = answer.body["next_cursor"]
        path = f"{USERS}?q={word}&limit=2&cursor={cursor}" if cursor else ""

    assert seen == [str(person.id) for person in reversed(made)]


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "cursor=x", "sort=email", "q=", "q=a%00b", "page=2"])
async def test_bad_queries_are_refused(services: Services, query: str) -> None:
    answer = await services.person().request("user", "GET", f"{USERS}?{query}")

    assert answer.status == 422
    assert query.partition("=")[0] in answer.body["errors"]


async def test_an_administrator_makes_another_and_unmakes_it(services: Services, admin: Person) -> None:
    bob = await known(services, "Bob")
    path = f"{USERS}/{bob.id}/role"

    promoted = await admin.request("user", "PUT", path, {"role": "admin"})
    again = await admin.request("user", "PUT", path, {"role": "admin"})
    demoted = await admin.request("user", "PUT", path, {"role": "user"}, If_Match='"2"')

    assert (promoted.status, promoted.body["role"], promoted.headers["ETag"]) == (200, "admin", '"2"')
    assert again.body == promoted.body
    assert (demoted.body["role"], demoted.body["version"]) == ("user", 3)


async def test_the_last_administrator_stays(services: Services, admin: Person) -> None:
    demoted = await admin.request("user", "PUT", f"{USERS}/{admin.id}/role", {"role": "user"})
    deactivated = await admin.request("user", "PUT", f"{USERS}/{admin.id}/deactivation")

    assert [answer.status for answer in (demoted, deactivated)] == [409, 409]
    assert demoted.body["code"] == deactivated.body["code"] == "last_admin"


async def test_of_two_administrators_who_demote_each_other_one_stays(services: Services, admin: Person) -> None:
    other = await known(services, "Other", role="admin")

    answers = await asyncio.gather(
        admin.request("user", "PUT", f"{USERS}/{other.id}/role", {"role": "user"}),
        other.request("user", "PUT", f"{USERS}/{admin.id}/role", {"role": "user"}),
    )

    assert sorted(answer.status for answer in answers) == [200, 403]


async def test_a_deactivated_person_is_hidden_from_lists_and_can_come_back(services: Services, admin: Person) -> None:
    bob = await known(services, "Bob")
    path, search = f"{USERS}/{bob.id}/deactivation", f"{USERS}?q={address(bob)}"

    deactivated = await admin.request("user", "PUT", path)
    hidden = await admin.request("user", "GET", search)
    shown = await admin.request("user", "GET", f"{search}&active=false")
    reactivated = await admin.request("user", "DELETE", path)

    assert (deactivated.status, deactivated.body["active"]) == (200, False)
    assert hidden.body["items"] == []
    assert [item["id"] for item in shown.body["items"]] == [str(bob.id)]
    assert (reactivated.body["active"], reactivated.body["version"]) == (True, 3)


async def test_an_administrator_lists_people_by_role(services: Services, admin: Person) -> None:
    bob = await known(services, "Bob")

    users = await admin.request("user", "GET", f"{USERS}?q={address(bob)}&role=user")
    admins = await admin.request("user", "GET", f"{USERS}?q={address(bob)}&role=admin")

    assert [item["id"] for item in users.body["items"]] == [str(bob.id)]
    assert admins.body["items"] == []


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "{id}/role", {"role": "admin"}),
        ("PUT", "{id}/deactivation", None),
        ("DELETE", "{id}/deactivation", None),
        ("GET", "?active=false", None),
        ("GET", "?role=admin", None),
    ],
)
async def test_only_administrators_administer(services: Services, method: str, path: str, body: Any) -> None:
    bob = await known(services, "Bob")

    answer = await bob.request("user", method, f"{USERS}/{path}".replace("/?", "?").format(id=bob.id), body)

    assert answer.status == 403


async def test_whoever_was_administrator_when_the_token_was_issued_isn_t_now(services: Services, admin: Person) -> None:
    bob = await known(services, "Bob")
    stale = services.person(bob.id, role="admin")

    answer = await stale.request("user", "PUT", f"{USERS}/{bob.id}/role", {"role": "admin"})

    assert answer.status == 403


@pytest.mark.parametrize("body", [{"role": "owner"}, {"role": None}, {}, {"role": "admin", "why": "because"}])
async def test_a_bad_role_is_refused(services: Services, admin: Person, body: dict[str, Any]) -> None:
    answer = await admin.request("user", "PUT", f"{USERS}/{admin.id}/role", body)

    assert answer.status == 422


async def test_nobody_unknown_is_given_a_role(services: Services, admin: Person) -> None:
    answer = await admin.request("user", "PUT", f"{USERS}/{ids.uuid7()}/role", {"role": "admin"})

    assert answer.status == 404


async def test_strangers_see_nobody(services: Services) -> None:
    async with services.client.get(f"{await services.url('user')}{USERS}/me") as answer:
        assert answer.status == 401
