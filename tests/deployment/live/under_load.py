"""The parts in which something happens to the system while people write."""

import asyncio
import random
import shutil
import subprocess
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from punctual.commands import COMMANDS
from punctual.kit.settings import BEHIND_THE_GATEWAY
from tests.deployment.compose import FRONT, FRONTED, ROOT
from tests.deployment.live import images
from tests.deployment.live.stack import Compose, has_front, logged
from tests.deployment.live.writers import account_while

KILLED = ("task", "worker", "project", "mail-worker", "scheduler", "auth", "gateway", "rabbitmq", "postgres")
PROCESSES = ("gateway", *BEHIND_THE_GATEWAY, "worker", "mail-worker", "scheduler")
MIGRATION = "-- depends: {}\n\nALTER TABLE task ADD COLUMN tried_by_check integer NOT NULL DEFAULT 7;\n"
NEXT = "check-next"
NOT_COPIED = shutil.ignore_patterns(".git", ".venv", ".local", "__pycache__", ".*_cache")
NO_ANSWER = 0
COUNT = "SELECT count(*) FROM task"
SETTLED_SECONDS = 5
# A connection to a replica is kept for a hundred calls: fewer than this are too few to be shared out evenly.
ENOUGH = 2000
LONGEST = timedelta(minutes=3)


def scale(stack: Compose) -> str:
    """Three workers and two task services, found and used by the gateway, while people write."""

    async def during() -> None:
        nonlocal shares
        await asyncio.to_thread(stack.up, worker=3, task=2)
        await asyncio.sleep(SETTLED_SECONDS)
        began = datetime.now(UTC)
        while sum(shares) < ENOUGH and datetime.now(UTC) - began < LONGEST:
            await asyncio.sleep(5)
            shares = await asyncio.to_thread(_posts, stack, began)

    shares: list[int] = []
    account = account_while(stack, during)
    account.check()
    assert sum(shares) >= ENOUGH, shares
    assert len(shares) == 2, shares
    assert all(share > sum(shares) / 5 for share in shares), shares
    return f"{account}; requests by replica: {shares}"


def crashes(stack: Compose) -> str:
    """Processes are killed, one every two seconds, servers too."""
    chosen = random.Random(5)  # noqa: S311 - the same every time

    async def during() -> None:
        for service in chosen.sample(KILLED, len(KILLED)) * 2:
            await asyncio.to_thread(stack.crash, service)
            await asyncio.sleep(2)
        await asyncio.to_thread(stack.wait)

    account = account_while(stack, during)
    account.check(NO_ANSWER, 502, 503, 504)
    return f"{2 * len(KILLED)} kills: {account}"


def upgrade(stack: Compose) -> str:
    """The next version, with a migration, in place, by deployment/upgrade, while people write.

    Through the front, where its image can be had: then somebody answers at every moment.
    """
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "next"
        shutil.copytree(ROOT, tree, ignore=NOT_COPIED)
        last = max((tree / "migrations" / "task").glob("*.sql"))
        (last.parent / "9999.check.sql").write_text(MIGRATION.format(last.stem))
        images.build(tree, NEXT)
    fronted = has_front()
    asked = Compose(*FRONTED, version=stack.environment["PUNCTUAL_VERSION"]) if fronted else stack
    if fronted:
        asked.up(**stack.scaled)
    asked.environment["PUNCTUAL_VERSION"] = stack.environment["PUNCTUAL_VERSION"] = NEXT

    async def during() -> None:
        await asyncio.sleep(2)
        await asyncio.to_thread(_replace, asked)
        await asyncio.sleep(2)

    account = account_while(asked, during)
    account.check(503, *(() if fronted else (NO_ANSWER,)))
    assert stack.sql("task", "SELECT DISTINCT tried_by_check FROM task") == [(7,)]
    for service in ("gateway", "task", "worker", "scheduler"):
        running = {container["Config"]["Image"] for container in stack.containers(service)}
        assert running == {f"punctual:{NEXT}"}, service
    if fronted:
        asked.run("rm", "--stop", "--force", FRONT)
        stack.up()
    return f"{'through the front' if fronted else 'without a front, whose image cannot be had here'}: {account}"


def restore(stack: Compose) -> str:
    """A backup while people write, then the databases are emptied, and come back."""
    if "backup" not in COMMANDS:
        return "left out: this version makes no backups"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        (folder / "passphrase").write_text("correct horse battery staple")
        run = ("run", "--rm", "-T", "--volume", f"{folder}:/backups", "operator")
        sealed = ("/backups/archive", "--passphrase-file", "/backups/passphrase")

        async def during() -> None:
            await asyncio.sleep(3)
            await asyncio.to_thread(stack.run, *run, "backup", *sealed)

        account_while(stack, during).check()
        size = (folder / "archive").stat().st_size
        stack.run("stop", *PROCESSES)
        before = stack.sql("task", COUNT)
        stack.sql("task", "TRUNCATE task CASCADE", role="owner")
        stack.run(*run, "restore", *sealed, "--lost-at", "then", "--replace")
        after = stack.sql("task", COUNT)
    stack.up()
    account = account_while(stack, lambda: asyncio.sleep(3))
    account.check()
    assert 0 < after[0][0] <= before[0][0], (before, after)
    return f"{size / 1e6:.1f} MB, {after[0][0]} of {before[0][0]} tasks as they were at its moment; then {account}"


def _posts(stack: Compose, since: datetime) -> list[int]:
    return [logged(container["Id"], since.isoformat()).count('"POST"') for container in stack.containers("task")]


def _replace(stack: Compose) -> None:
    done = subprocess.run(
        [ROOT / "deployment" / "upgrade", "--no-build"],
        env=stack.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
