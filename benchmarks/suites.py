"""What is measured, by name: each suite takes a scene and yields rows (what, unit, value, details)."""

import json
import time
from collections.abc import Callable, Iterator

from benchmarks.latency import latency
from benchmarks.load import family, pss_mib, script, wrk
from benchmarks.pages import board
from benchmarks.rows import Row, of_load
from benchmarks.scene import Scene, fill
from tests.flows.client import PASSWORD, ApiClient, until

CONNECTIONS = (1, 8, 32)
BODY = json.dumps({"title": "Renew the certificate", "priority": "high", "description": "It ends on Friday."})


def creations(place: Scene, seconds: float) -> Iterator[Row]:
    """Create a task; what was acknowledged is counted in the database afterwards."""
    for connections in CONNECTIONS:
        before = _count(place)
        load = wrk(
            place.stack,
            place.tasks_path,
            connections=connections,
            seconds=seconds,
            script=script(_token(place), "POST", BODY),
        )
        time.sleep(1)
        stored = _count(place) - before
        yield of_load(
            f"create, {connections} connections", load, stored=stored, acknowledged=load.requests - load.errors
        )
    left = until(lambda: place.stack.sql("task", "SELECT count(*) FROM outbox")[0][0] == 0)
    yield Row("outbox empty after the load", "yes=1", float(left))


def reads(place: Scene, seconds: float) -> Iterator[Row]:
    """Read one task, and lists of 50 of 10,000 with a filter."""
    paths = {
        "read one": f"/api/v1/tasks/{place.key}-77",
        "list of 50": f"{place.tasks_path}?limit=50&priority=high",
    }
    for what, path in paths.items():
        for connections in CONNECTIONS:
            load = wrk(place.stack, path, connections=connections, seconds=seconds, script=script(_token(place)))
            yield of_load(f"{what}, {connections} connections", load)


def signing_in(place: Scene, seconds: float) -> Iterator[Row]:
    """The password grant: one argon2id each."""
    form = f"grant_type=password&username={place.member.email}&password={PASSWORD.replace(' ', '+')}"
    header = 'wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"'
    lua = "\n".join(['wrk.method = "POST"', header, f'wrk.body = "{form}"'])
    load = wrk(place.stack, "/api/v1/auth/token", connections=4, seconds=seconds, script=lua)
    yield of_load("sign in, 4 connections", load)


def reminders(place: Scene, _seconds: float, *, scheduled: int = 1_000_000, due: int = 10_000) -> Iterator[Row]:
    """So many promised, so many of them due at once: seconds until every notification exists."""
    fill(place, due)
    sql = place.stack.sql
    sql(
        "task",
        "INSERT INTO reminder (id, task_id, user_id, rule, due_version, occurrence, fire_at, state)"
        " SELECT gen_random_uuid(), task.id, %s, 'PT0S', 1, n, now() + interval '400 days', 'scheduled'"
        " FROM task CROSS JOIN generate_series(1000, 999 + %s) AS n WHERE project_id = %s AND number <= %s"
        " ON CONFLICT DO NOTHING",
        (place.member.id, scheduled // due, place.project_id, due),
    )
    sql("task", "UPDATE task SET watchers = ARRAY[%s::uuid] WHERE project_id = %s", (place.member.id, place.project_id))
    sql("task", "ANALYZE reminder")
    # Not of all: the canary's come and go meanwhile.
    count = "SELECT count(*) FROM notification WHERE kind = 'task.due' AND user_id = %s"
    before = sql("notification", count, (place.member.id,))[0][0]
    began = time.monotonic()
    sql(
        "task",
        "UPDATE reminder SET fire_at = now() WHERE occurrence = 1000 AND task_id IN"
        " (SELECT id FROM task WHERE project_id = %s)",
        (place.project_id,),
    )

    def told() -> bool:
        found = sql("notification", count, (place.member.id,))[0][0]
        return bool(found - before >= due)

    until(told, within=300)
    yield Row(f"{due} due reminders of {scheduled} to in-app", "s", round(time.monotonic() - began, 1))


def fan_out(place: Scene, _seconds: float) -> Iterator[Row]:
    """One event to 1,000 watchers."""
    task = place.owner.post(place.tasks_path, {"title": "Watched by many"})
    sql = place.stack.sql
    people = [row[0] for row in sql("notification", "SELECT gen_random_uuid()::text FROM generate_series(1, 1000)")]
    for service in ("task", "notification"):
        sql(
            service,
            "INSERT INTO member (project_id, user_id, role, version) SELECT %s, id::uuid, 'member', 1"
            " FROM unnest(%s) AS id",
            (place.project_id, people),
        )
    sql("task", "UPDATE task SET watchers = %s::uuid[] WHERE id = %s", (people, task["id"]))
    began = time.perf_counter()
    place.owner.patch(f"/api/v1/tasks/{task['id']}", {"title": "Watched by many, changed"})
    find = "SELECT count(*) FROM notification WHERE task_id = %s AND kind = 'task.updated'"
    until(lambda: sql("notification", find, (task["id"],))[0][0] >= 1000, within=30)
    yield Row("one event to 1,000 watchers", "ms", round((time.perf_counter() - began) * 1000, 1))


def memory(place: Scene, _seconds: float) -> Iterator[Row]:
    """PSS of all Python processes, the supervisor included."""
    by_name = {}
    for path in (place.stack.root / "pids").glob("*.pid"):
        if path.stem not in ("postgres", "rabbitmq"):
            by_name[path.stem] = round(sum(pss_mib(pid) for pid in family(int(path.read_text()))), 1)
    yield Row("PSS of all Python processes", "MiB", round(sum(by_name.values()), 1), by_name)


def growth(place: Scene, seconds: float, sizes: tuple[int, ...] = (1_000, 100_000, 1_000_000)) -> Iterator[Row]:
    """The same at more and more tasks."""
    for size in sizes:
        fill(place, size)
        for row in (*reads(place, seconds), *creations(place, seconds)):
            if "32" in row.what:
                yield Row(f"{row.what}, {size:,} tasks", row.unit, row.value, row.details)


SUITES: dict[str, Callable[[Scene, float], Iterator[Row]]] = {
    "memory": memory,
    "creations": creations,
    "reads": reads,
    "board": board,
    "signing-in": signing_in,
    "latency": latency,
    "fan-out": fan_out,
    "reminders": reminders,
    "growth": growth,
}


def _token(place: Scene) -> str:
    # A run may outlast an access token.
    return ApiClient(place.stack.url, place.member.email).sign_in().token


def _count(place: Scene) -> int:
    return int(place.stack.sql("task", "SELECT count(*) FROM task WHERE project_id = %s", (place.project_id,))[0][0])
