"""PostgreSQL's own programs, fed and read as streams; no password stands in a command line."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from typing import IO

from psycopg2.extensions import make_dsn, parse_dsn

from punctual.commands.backup.errors import Failed

Take = Callable[[IO[bytes]], None]


def dump(url: str, snapshot: str, take: Take) -> None:
    """Hand over a dump of what the snapshot sees, in pg_dump's own format. Raises Failed."""
    arguments = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
    with tempfile.TemporaryFile() as complaints:
        process = _start("pg_dump", arguments, url, complaints, stdout=subprocess.PIPE)
        assert process.stdout
        try:
            take(process.stdout)
        except BaseException:
            process.kill()
            process.wait()
            raise
        finally:
            process.stdout.close()
        _end(process, "pg_dump", complaints)


def restore(url: str, give: Take) -> None:
    """Restore what `give` writes, all of it or nothing. Raises Failed."""
    arguments = ["--format=custom", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"]
    with tempfile.TemporaryFile() as complaints:
        process = _start("pg_restore", arguments, url, complaints, stdin=subprocess.PIPE)
        assert process.stdin
        try:
            give(process.stdin)
            process.stdin.close()
        except OSError:
            # pg_restore ended early, and says why, or what it was given did.
            process.terminate()
            _end(process, "pg_restore", complaints)
            raise
        _end(process, "pg_restore", complaints)


def demand() -> None:
    """Raises Failed where the programs aren't installed."""
    for name in ("pg_dump", "pg_restore"):
        if not shutil.which(name):
            raise Failed(f"{name} isn't installed. Install PostgreSQL's client programs (Debian: postgresql-client).")


def _start(
    name: str,
    arguments: list[str],
    url: str,
    complaints: IO[bytes],
    *,
    stdin: int | None = None,
    stdout: int | None = None,
) -> "subprocess.Popen[bytes]":
    parts = parse_dsn(url)
    secret = {"PGPASSWORD": password} if (password := parts.pop("password", None)) else {}
    command = [name, *arguments, "--dbname", make_dsn(**parts)]
    return subprocess.Popen(command, env={**os.environ, **secret}, stdin=stdin, stdout=stdout, stderr=complaints)


def _end(process: "subprocess.Popen[bytes]", name: str, complaints: IO[bytes]) -> None:
    if process.wait():
        complaints.seek(0)
        lines = complaints.read().decode(errors="replace").strip().splitlines()
        raise Failed(f"{name} failed: {lines[0] if lines else f'status {process.returncode}'}")
