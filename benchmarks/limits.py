"""The limits, in the same run: what the parts can do alone, without Punctual between them."""

import asyncio
import re
import subprocess
import sys
import time
from collections.abc import Iterator

import aio_pika
from aiohttp import web

from benchmarks.rows import Row
from punctual.commands.local import programs
from tests.flows.stack import Stack

# The statements of one creation, the deletion of its published event included.
CREATION = """BEGIN;
SELECT id, (SELECT json_agg(name ORDER BY position) FROM status WHERE project_id = project.id) FROM project
    WHERE key = 'BENCH' AND NOT deleted;
SELECT user_id FROM member WHERE project_id = '{project}' AND role IS NOT NULL LIMIT 1;
UPDATE project SET last_number = last_number + 1 WHERE id = '{project}' RETURNING last_number \\gset
SELECT quote_literal(gen_random_uuid()) AS id \\gset
INSERT INTO task (id, project_id, number, title, description, status_id, priority, due_version, assignees, watchers,
    created_by, created_at, updated_at, version) VALUES (:id, '{project}', :last_number, 'pgbench', '', '{status}',
    'high', 0, ARRAY[]::uuid[], ARRAY['{person}']::uuid[], '{person}', now(), now(), 1);
INSERT INTO history (id, task_id, name, caller_id, occurred_at, changes)
    VALUES (gen_random_uuid(), :id, 'task.created', '{person}', now(), '{{}}');
INSERT INTO operation (id, user_id, name, fingerprint, state, outcome, created_at)
    VALUES (gen_random_uuid(), '{person}', 'task.create', 'pgbench', 'done', '{{}}', now());
INSERT INTO outbox (id, exchange, routing_key, body, created_at)
    VALUES (:id, '', 'none', 'x', now() + interval '1 day');
COMMIT;
DELETE FROM outbox WHERE id = :id;
"""


def pgbench(stack: Stack, seconds: float) -> Iterator[Row]:
    """The SQL of creations by pgbench at 8 connections, nothing else between."""
    facts = stack.sql(
        "task",
        "SELECT project.id::text, status.id::text, user_id::text FROM project JOIN member ON project_id = project.id"
        " JOIN status ON status.project_id = project.id AND is_default WHERE key = 'BENCH' LIMIT 1",
    )
    script = stack.root / "creation.sql"
    script.write_text(CREATION.format(**dict(zip(("project", "status", "person"), facts[0], strict=True))))
    url = stack.variables()["PUNCTUAL_DATABASE_URL_TASK"]
    command = [str(programs.postgresql() / "pgbench"), "-n", "-c8", "-j2", f"-T{seconds:g}", f"-f{script}", url]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    yield Row("limit: the SQL of creations by pgbench", "1/s", float(re.search(r"tps = ([\d.]+)", said)[1]))
    stack.sql("task", "DELETE FROM history USING task WHERE task.id = task_id AND title = 'pgbench'")
    stack.sql("task", "DELETE FROM task WHERE title = 'pgbench'")
    stack.sql("task", "DELETE FROM operation WHERE fingerprint = 'pgbench'")


def confirms(stack: Stack, seconds: float) -> Iterator[Row]:
    """Persistent messages published with confirms, 32 at a time."""

    async def publish() -> float:
        connection = await aio_pika.connect(stack.variables()["PUNCTUAL_AMQP_URL"])
        async with connection:
            channel = await connection.channel()
            queue = await channel.declare_queue(durable=True, exclusive=True)
            message = aio_pika.Message(b"x" * 500, delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
            count, deadline = 0, time.monotonic() + seconds
            while time.monotonic() < deadline:
                await asyncio.gather(*(channel.default_exchange.publish(message, queue.name) for _ in range(32)))
                count += 32
        return count / seconds

    yield Row("limit: RabbitMQ confirms, 32 at a time", "1/s", round(asyncio.run(publish()), 1))


def bare_aiohttp(_stack: Stack, seconds: float) -> Iterator[Row]:
    """An aiohttp application that answers 500 bytes, 32 connections."""
    server = subprocess.Popen([sys.executable, "-m", "benchmarks.limits"], stdout=subprocess.PIPE, text=True)
    try:
        url = server.stdout.readline().strip()
        command = ["wrk", "-t1", "-c32", f"-d{seconds:g}s", url]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        yield Row("limit: bare aiohttp, 32 connections", "1/s", float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1]))
    finally:
        server.kill()
        server.wait()
        server.stdout.close()


LIMITS = (pgbench, confirms, bare_aiohttp)


def _serve() -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(body=b"x" * 500)

    async def main() -> None:
        app = web.Application()
        app.router.add_get("/", answer)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        address = runner.addresses[0]
        sys.stdout.write(f"http://{address[0]}:{address[1]}/\n")
        sys.stdout.flush()
        await asyncio.Event().wait()

    import uvloop

    uvloop.run(main())


if __name__ == "__main__":
    _serve()
