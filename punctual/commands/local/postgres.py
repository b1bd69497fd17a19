"""A private PostgreSQL server: its data under the stack's folder, its port on loopback only."""

import os
import secrets
import shutil
import signal
import subprocess
from pathlib import Path

from punctual.commands.local import postgres_home, programs
from punctual.commands.local.directory import write_private
from punctual.commands.local.errors import LocalError
from punctual.commands.local.processes import spawn
from punctual.commands.local.server import PrivateServer

# For two cores: five databases, about 40 connections of workers and 50 of readers, and some to spare.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "300",
    "shared_buffers": "192MB",
    "work_mem": "8MB",
    "max_wal_size": "1GB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    # Statements and the details of their errors have values in them: hashes of passwords, tokens on their way.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
SOCKET_PATH_LIMIT = 107


class PostgreSQL(PrivateServer):
    """The database server."""

    name = "postgres"
    title = "PostgreSQL"
    stop_signal = signal.SIGINT  # its fast shutdown: it doesn't wait for clients to leave
    orphan_signal = signal.SIGQUIT
    ready_within = 60.0

    @property
    def data(self) -> Path:
        return self.home / "data"

    def password(self) -> str:
        """The secret of this server, its superuser's password. Raises LocalError."""
        try:
            return (self.home / "password").read_text().strip()
        except OSError as error:
            raise LocalError(
                f"{self.home / 'password'} cannot be read ({error.strerror}). "
                f"Bring the file back, or remove {self.home} to begin with empty databases."
            ) from None

    def url(self, role: str, database: str) -> str:
        """How to connect as this role."""
        password = postgres_home.password_of(role, self.password())
        return f"postgresql://{role}:{password}@127.0.0.1:{self.port}/{database}"

    def launch(self) -> subprocess.Popen[bytes]:
        """Start it and don't wait for it; the first time, make its data folder. Raises LocalError."""
        postgres_home.make(self.home)
        if not self.data.exists():
            self._initialise()
        self.end_leftovers()
        postgres_home.drop_stale_locks(self.home, self.data)
        folder = self._programs((self.data / "PG_VERSION").read_text().strip())
        self._process = spawn(
            self.directory,
            self.name,
            [str(folder / "postgres"), "-D", str(self.data.resolve()), *self._settings()],
            os.environ,
            account=postgres_home.account(),
            working_directory=Path("/"),
            on_parent_death=self.stop_signal,
        )
        return self._process

    def answers(self) -> bool:
        """Whether one can log in now. Raises LocalError when it is there, but refuses its own password."""
        import psycopg2

        try:
            psycopg2.connect(self.url(postgres_home.SUPERUSER, "postgres"), connect_timeout=3).close()
        except psycopg2.OperationalError as error:
            if "password authentication failed" in str(error):
                raise LocalError(
                    f"Another PostgreSQL answers on port {self.port}, or its password is not that in "
                    f"{self.home}/password. Bring the right file back, or remove {self.home} to begin anew."
                ) from None
            return False
        return True

    def processes(self) -> list[int]:
        return postgres_home.processes_in(self.data)

    def main_process(self) -> list[int]:
        try:
            number = int((self.data / "postmaster.pid").read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return []
        return [pid for pid in self.processes() if pid == number]

    def _initialise(self) -> None:
        """Make the database cluster aside and move it to its place whole: a crash leaves no half of it."""
        if not (self.home / "password").exists():
            write_private(self.home / "password", secrets.token_hex(24) + "\n")
        account = postgres_home.account()
        if account:
            os.chown(self.home / "password", account.uid, account.gid)
        draft = self.home / "data.unfinished"
        shutil.rmtree(draft, ignore_errors=True)
        answer = subprocess.run(
            [
                str(self._programs() / "initdb"),
                *("--pgdata", str(draft.resolve())),
                *("--username", postgres_home.SUPERUSER, "--pwfile", str(self.home.resolve() / "password")),
                *("--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8"),
                *("--data-checksums", "--no-instructions"),
            ],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            start_new_session=True,
            cwd="/",
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
        if answer.returncode:
            raise LocalError(f"PostgreSQL's initdb failed in {self.home}:\n{answer.stdout}{answer.stderr}".rstrip())
        draft.rename(self.data)

    def _settings(self) -> list[str]:
        socket_folder = str(self.home.resolve())
        if len(f"{socket_folder}/.s.PGSQL.{self.port}") > SOCKET_PATH_LIMIT:
            socket_folder = ""
        settings = {**SETTINGS, "port": str(self.port), "unix_socket_directories": socket_folder}
        return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]

    def _programs(self, version: str | None = None) -> Path:
        folder = programs.postgresql(version)
        if folder:
            return folder
        if version:
            raise LocalError(
                f"The data in {self.data} was made by PostgreSQL {version}, which is not installed. "
                f"Install postgresql-{version}, or remove {self.home} to begin with empty databases."
            )
        raise LocalError("PostgreSQL's programs are not installed.")
