"""What the figures are measured on: people, a project, and as many tasks as asked for, written straight to SQL."""

import contextlib
from dataclasses import dataclass

import psycopg2

from tests.flows.client import ApiClient, until
from tests.flows.stack import Stack


@dataclass(slots=True)
class Scene:
    """A signed-in owner, a member, and their project."""

    stack: Stack
    owner: ApiClient
    member: ApiClient
    key: str
    project_id: str

    @property
    def tasks_path(self) -> str:
        """Where the project's tasks are."""
        return f"/api/v1/projects/{self.key}/tasks"


def scene(stack: Stack, key: str = "BENCH") -> Scene:
    """Register two people and create a project."""
    owner = _person(stack, "owner@bench.example.org", "Owner")
    member = _person(stack, "member@bench.example.org", "Member")
    return project(stack, owner, member, key)


def project(stack: Stack, owner: ApiClient, member: ApiClient, key: str) -> Scene:
    """A project of theirs; the one of that key if there is one."""
    answer = owner.request("POST", "/api/v1/projects", {"key": key, "name": "Benchmarks"})
    project_id = answer.body["id"] if answer.status == 201 else owner.get(f"/api/v1/projects/{key}")["id"]
    path = f"/api/v1/projects/{key}/members/{member.id}"
    until(lambda: owner.request("PUT", path, {"role": "member"}).status == 200)
    until(lambda: member.request("GET", f"/api/v1/projects/{key}/tasks").status == 200)
    return Scene(stack, owner, member, key, project_id)


def _person(stack: Stack, email: str, name: str) -> ApiClient:
    return ApiClient(stack.url, email).register(name)


def fill(place: Scene, count: int) -> None:
    """Make the project hold at least `count` tasks, a third of them of high priority, spread over statuses."""
    sql = place.stack.sql
    have = sql("task", "SELECT count(*) FROM task WHERE project_id = %s", (place.project_id,))[0][0]
    if have >= count:
        return
    sql(
        "task",
        """
        INSERT INTO task (id, project_id, number, title, description, status_id, priority, due_at, due_version,
                          assignees, watchers, created_by, created_at, updated_at, version)
        SELECT (lpad(to_hex(1700000000000 + n), 12, '0') || '7' || substr(md5(%(project)s::text || n), 1, 3)
                || '8' || substr(md5(%(project)s::text || n), 4, 15))::uuid,
               %(project)s, (SELECT last_number FROM project WHERE id = %(project)s) + n - %(have)s,
               'Task number ' || n || ' of the bench', 'What is to be done, in a sentence or two. ' || md5(n::text),
               (SELECT id FROM status WHERE project_id = %(project)s AND position = n %% 3),
               (ARRAY['low', 'medium', 'high'])[1 + n %% 3]::priority, now() + n * interval '1 minute', 1,
               CASE WHEN n %% 20 = 0 THEN ARRAY[%(member)s::uuid] ELSE '{}' END, ARRAY[%(owner)s::uuid],
               %(owner)s, now(), now(), 1
        FROM generate_series(%(have)s + 1, %(count)s) AS n
        """,
        {
            "project": place.project_id,
            "have": have,
            "count": count,
            "member": place.member.id,
            "owner": place.owner.id,
        },  # type: ignore[arg-type]
    )
    last = "SELECT max(number) FROM task WHERE project_id = project.id"
    sql("task", f"UPDATE project SET last_number = ({last}) WHERE id = %s", (place.project_id,))  # noqa: S608 - constants
    _settle(place.stack)


def _settle(stack: Stack) -> None:
    """What PostgreSQL would do in the background after so many new rows, done before anything is measured."""
    with contextlib.closing(psycopg2.connect(stack.variables()["PUNCTUAL_DATABASE_OWNER_URL_TASK"])) as owner:
        owner.autocommit = True
        with owner.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")
