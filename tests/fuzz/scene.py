"""What stands before the fuzzing begins: projects, tasks and people enough that deletions don't use them up."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from tests.flows.client import PASSWORD, ApiClient, until
from tests.flows.stack import Stack

PROJECTS, TASKS, PEOPLE = 12, 20, 12


@dataclass(slots=True)
class Scene:
    """Ids and keys by kind, and the administrator who owns it all."""

    admin: ApiClient
    projects: list[str] = field(default_factory=list)
    tasks: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    statuses: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)


def fill(stack: Stack) -> Scene:
    """Register an administrator and people, and give each project members, tasks, statuses and comments."""
    scene = Scene(ApiClient(stack.url, "root@example.org").register("Root"))
    until(lambda: scene.admin.request("GET", "/api/v1/users/me").status == 200)
    with ThreadPoolExecutor(4) as several:
        scene.people += several.map(lambda number: _person(scene, number), range(PEOPLE))
        # OPS and OPS-12 are the examples in the document.
        names = ["OPS", *(f"FUZZ{number}" for number in range(1, PROJECTS))]
        scene.projects += several.map(lambda key: _project(scene, key), names)
        tasks_of = several.map(lambda key: list(_tasks(scene, key)), scene.projects)
        for key, tasks in zip(scene.projects, tasks_of, strict=True):
            scene.tasks += tasks
            listed = scene.admin.get(f"/api/v1/projects/{key}/statuses")["items"]
            scene.statuses += [status["id"] for status in listed if not status["is_default"]]
            text = {"text": f"Look at @root, {key}."}
            scene.comments.append(scene.admin.post(f"/api/v1/tasks/{tasks[0]}/comments", text)["id"])
    return scene


def _person(scene: Scene, number: int) -> str:
    body = {"email": f"p{number}@example.org", "password": PASSWORD, "display_name": f"Person {number}"}
    person = str(ApiClient(scene.admin.url).post("/api/v1/auth/register", body)["id"])
    until(lambda: scene.admin.request("GET", f"/api/v1/users/{person}").status == 200)
    return person


def _project(scene: Scene, key: str) -> str:
    scene.admin.post("/api/v1/projects", {"key": key, "name": f"Project {key}"})
    for person in scene.people[:3]:
        until(lambda person=person: _is_member(scene, key, person))
    until(lambda: scene.admin.request("GET", f"/api/v1/projects/{key}/statuses").status == 200)
    return key


def _is_member(scene: Scene, key: str, person: str) -> bool:
    path = f"/api/v1/projects/{key}/members/{person}"
    return scene.admin.request("PUT", path, {"role": "member"}).status == 200


def _tasks(scene: Scene, key: str) -> Iterator[str]:
    for number in range(TASKS):
        body = {"title": f"Task {number}", "due": "2031-03-14", "assignees": [scene.admin.id]}
        yield scene.admin.post(f"/api/v1/projects/{key}/tasks", body)["key"]
