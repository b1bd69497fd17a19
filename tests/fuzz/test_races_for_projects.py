"""Who comes at the same moment to a project, its members and statuses: one wins where only one can."""

from functools import partial

from tests.flows.client import PASSWORD, ApiClient, until
from tests.flows.stack import Stack
from tests.fuzz.races import KEYS, ROUNDS, at_once, knows, project, projects, statuses

TOLD = "SELECT count(*) FROM notification WHERE user_id = %s AND project_id = %s"


def test_of_two_owners_who_leave_at_once_one_stays(people: list[ApiClient]) -> None:
    for key in projects(*people[:2]):
        path = f"/api/v1/projects/{key}/members"
        answers = at_once(*(partial(p.request, "DELETE", f"{path}/{p.id}") for p in people[:2]))

        assert statuses(answers) == [204, 409]
        stayed = next(p for p, answer in zip(people, answers, strict=False) if answer.status == 409)
        assert [(each["user_id"], each["role"]) for each in stayed.get(path)["items"]] == [(stayed.id, "owner")]


def test_of_two_owners_who_unmake_each_other_at_once_one_stays(people: list[ApiClient]) -> None:
    ana, ben = people[:2]
    for key in projects(ana, ben):
        path = f"/api/v1/projects/{key}/members"
        answers = at_once(
            partial(ana.request, "PUT", f"{path}/{ben.id}", {"role": "viewer"}),
            partial(ben.request, "PUT", f"{path}/{ana.id}", {"role": "viewer"}),
        )

        assert statuses(answers) in ([200, 403], [200, 409])
        assert sorted(member["role"] for member in ana.get(path)["items"]) == ["owner", "viewer"]


def test_who_is_added_several_times_at_once_is_added_once(people: list[ApiClient], stack: Stack) -> None:
    ana, ben, cem = people[:3]
    for key in projects(ana, ben):
        path = f"/api/v1/projects/{key}/members/{cem.id}"
        answers = at_once(*(partial(p.request, "PUT", path, {"role": "member"}) for p in (ana, ben, ana, ben)))

        assert statuses(answers) == [200] * 4
        project_id = ana.get(f"/api/v1/projects/{key}")["id"]
        assert stack.sql("project", "SELECT members_version FROM project WHERE id = %s", (project_id,)) == [(3,)]
        knows(cem, key)
        until(partial(_told, stack, cem.id, project_id))


def _told(stack: Stack, user_id: str, project_id: str) -> bool:
    return stack.sql("notification", TOLD, (user_id, project_id)) == [(1,)]


def test_of_several_who_take_a_key_at_once_one_gets_it(people: list[ApiClient]) -> None:
    for _ in range(ROUNDS):
        body = {"key": next(KEYS), "name": "Race"}
        answers = at_once(*(partial(p.request, "POST", "/api/v1/projects", body) for p in people))

        assert statuses(answers) == [201, 409, 409, 409]
        assert {answer.body["code"] for answer in answers if answer.status == 409} == {"key_in_use"}


def test_of_two_projects_renamed_to_one_key_at_once_one_is(people: list[ApiClient]) -> None:
    ana = people[0]
    for _ in range(ROUNDS):
        both, wanted = [project(ana), project(ana)], {"key": next(KEYS)}
        answers = at_once(*(partial(ana.request, "PATCH", f"/api/v1/projects/{key}", wanted) for key in both))

        assert statuses(answers) == [200, 409]


def test_a_key_that_is_given_up_and_taken_at_once_stays_with_who_had_it(people: list[ApiClient]) -> None:
    ana = people[0]
    for _ in range(ROUNDS):
        key, new = project(ana), next(KEYS)
        renamed, *created = at_once(
            partial(ana.request, "PATCH", f"/api/v1/projects/{key}", {"key": new}),
            *(partial(p.request, "POST", "/api/v1/projects", {"key": key, "name": "Race"}) for p in people),
        )

        assert (renamed.status, statuses(created)) == (200, [409] * len(people))
        assert ana.get(f"/api/v1/projects/{key}")["key"] == new


def test_a_status_deleted_while_a_task_moves_into_it(people: list[ApiClient]) -> None:
    ana = people[0]
    key = project(ana)
    path = f"/api/v1/projects/{key}/statuses"
    for number in range(2 * ROUNDS):
        status = ana.post(path, {"name": f"Doomed {number}", "category": "in_progress"})
        task = f"/api/v1/tasks/{ana.post(f'/api/v1/projects/{key}/tasks', {'title': 'Race'})['key']}"
        into = {"status_id": status["id"]}
        deleted, moved, created = at_once(
            partial(ana.request, "DELETE", f"{path}/{status['id']}"),
            partial(ana.request, "PATCH", task, into),
            partial(ana.request, "POST", f"/api/v1/projects/{key}/tasks", {"title": "Race", **into}),
        )

        stands = status["id"] in [each["id"] for each in ana.get(path)["items"]]
        assert deleted.status == (409 if stands else 204), deleted
        assert {moved.status, created.status} <= ({200, 201, 422} if stands else {422}), (moved, created)
        assert (ana.get(task)["status"]["id"] == status["id"]) == (moved.status == 200)


def test_a_status_deleted_while_another_is_changed_stays_deleted(people: list[ApiClient]) -> None:
    ana = people[0]
    path = f"/api/v1/projects/{project(ana)}/statuses"
    for number in range(ROUNDS):
        doomed = ana.post(path, {"name": f"Doomed {number}", "category": "in_progress"})
        kept = ana.post(path, {"name": f"Kept {number}", "category": "backlog"})
        answers = at_once(
            partial(ana.request, "DELETE", f"{path}/{doomed['id']}"),
            partial(ana.request, "PATCH", f"{path}/{kept['id']}", {"position": 0}),
            partial(ana.request, "POST", path, {"name": f"New {number}", "category": "todo"}),
        )

        assert statuses(answers) == [200, 201, 204]
        items = ana.get(path)["items"]
        assert [item["position"] for item in items] == list(range(len(items)))
        assert doomed["id"] not in [item["id"] for item in items]
        assert sum(item["is_default"] for item in items) == 1


def test_of_several_statuses_of_one_name_at_once_one_is_made(people: list[ApiClient]) -> None:
    ana = people[0]
    path = f"/api/v1/projects/{project(ana)}/statuses"
    for number in range(ROUNDS):
        body = {"name": f"Twin {number}", "category": "todo"}
        answers = at_once(*[partial(ana.request, "POST", path, body)] * 3)

        assert statuses(answers) == [201, 409, 409]


def test_of_several_accounts_with_one_address_at_once_one_is_made(stack: Stack) -> None:
    bodies = [{"email": "race@example.org", "password": PASSWORD, "display_name": f"Racer {n}"} for n in range(3)]
    stranger = ApiClient(stack.url)
    answers = at_once(*(partial(stranger.request, "POST", "/api/v1/auth/register", body) for body in bodies))

    assert statuses(answers) == [201] * 3
    assert stack.sql("auth", "SELECT count(*) FROM account WHERE email = 'race@example.org'") == [(1,)]
