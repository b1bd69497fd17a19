"""Who comes at the same moment to a task, or twice with the same request: nothing is lost, nothing done twice."""

from functools import partial

from tests.flows.client import ApiClient
from tests.fuzz.races import ROUNDS, at_once, project, statuses


def test_of_several_changes_with_one_if_match_one_is_made(people: list[ApiClient]) -> None:
    ana, ben = people[:2]
    key = project(ana, ben)
    for _ in range(ROUNDS):
        task = ana.post(f"/api/v1/projects/{key}/tasks", {"title": "Race"})
        path, seen = f"/api/v1/tasks/{task['key']}", {"If_Match": f'"{task["version"]}"'}
        changes = [(person, {"title": f"Won by {number}"}) for number, person in enumerate((ana, ben) * 3)]
        answers = at_once(*(partial(p.request, "PATCH", path, body, **seen) for p, body in changes))

        assert statuses(answers) == [200] + [412] * 5
        won = next(answer.body for answer in answers if answer.status == 200)
        assert ana.get(path) == won
        assert all(answer.body["current"] == won for answer in answers if answer.status == 412)
        assert len(ana.get(f"{path}/history")["items"]) == 2


def test_tasks_made_at_once_have_every_number_once(people: list[ApiClient]) -> None:
    ana, ben = people[:2]
    path = f"/api/v1/projects/{project(ana, ben)}/tasks"
    answers = at_once(*(partial(p.request, "POST", path, {"title": "Race"}) for p in (ana, ben) * 12))

    assert sorted(answer.body["number"] for answer in answers) == list(range(1, 25))


def test_who_is_assigned_and_who_watches_at_once_all_do(people: list[ApiClient]) -> None:
    task = people[0].post(f"/api/v1/projects/{project(*people)}/tasks", {"title": "Race"})
    path = f"/api/v1/tasks/{task['key']}"
    answers = at_once(
        *(partial(p.request, "PUT", f"{path}/assignees/{p.id}") for p in people),
        *(partial(p.request, "PUT", f"{path}/watchers/{p.id}") for p in people),
    )

    assert statuses(answers) == [200] * 4 + [204] * 4
    everybody = {p.id for p in people}
    assert set(people[0].get(path)["assignees"]) == everybody
    assert {watcher["user_id"] for watcher in people[0].get(f"{path}/watchers")["items"]} == everybody


def test_the_same_request_at_once_is_done_once(people: list[ApiClient]) -> None:
    ana = people[0]
    key = project(ana)
    for number in range(1, ROUNDS + 1):
        request = partial(ana.request, "POST", f"/api/v1/projects/{key}/tasks", {"title": "Race"})
        answers = at_once(*[partial(request, Idempotency_Key=f"{key} {number}")] * 6)

        assert statuses(answers) == [201] * 6
        assert {answer.body["number"] for answer in answers} == {number}


def test_of_different_requests_with_one_key_at_once_one_is_done(people: list[ApiClient]) -> None:
    ana = people[0]
    key = project(ana)
    path = f"/api/v1/projects/{key}/tasks"
    for number in range(1, ROUNDS + 1):
        named = {"Idempotency_Key": f"{key} {number}"}
        answers = at_once(*(partial(ana.request, "POST", path, {"title": f"Race {n}"}, **named) for n in range(4)))

        assert statuses(answers) == [201, 422, 422, 422]
        assert len(ana.get(path)["items"]) == number
