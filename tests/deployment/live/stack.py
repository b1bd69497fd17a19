"""Punctual as `docker compose up` starts it: a project of its own, on a port of its own."""

import contextlib
import email
import email.policy
import io
import json
import os
import shutil
import signal
import subprocess
import tarfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2

from tests.deployment.compose import FRONT, FRONTED, ROOT, services

PROJECT = "punctual-check"
PORT = 18080
FRONT_PORT = 18000
PROFILE = ("--profile", "mail-catcher")


class Compose:
    """One project. Needs a reachable engine, and the postgres container's address to be reachable from here."""

    def __init__(self, *files: str, version: str = "check") -> None:
        found = subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode == 0
        self._command = ["docker", "compose"] if found else [shutil.which("docker-compose") or "docker-compose"]
        files = files or ("docker-compose.yml",)
        for file in files:
            self._command += ["--file", str(ROOT / file)]
        self.url = f"http://127.0.0.1:{FRONT_PORT if files == FRONTED else PORT}"
        self.environment = {
            **{name: text for name, text in os.environ.items() if not name.startswith("PUNCTUAL_")},
            "COMPOSE_PROJECT_NAME": PROJECT,
            "COMPOSE_FILE": os.pathsep.join(files),
            "PUNCTUAL_PORT": str(PORT),
            "PUNCTUAL_FRONT_PORT": str(FRONT_PORT),
            "PUNCTUAL_VERSION": version,
            "PUNCTUAL_RATE_LIMIT": "off",
            "PUNCTUAL_SMTP_URL": "smtp://mail-catcher:8125",
        }
        self._scale: dict[str, int] = {}
        self._secrets: dict[str, str] = {}

    @property
    def scaled(self) -> dict[str, int]:
        """How many of which service run, where it isn't one."""
        return dict(self._scale)

    def run(self, *arguments: str, check: bool = True) -> str:
        """One Compose command; what it said. Raises AssertionError with all of it."""
        done = subprocess.run(
            [*self._command, *PROFILE, *arguments],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            cwd=ROOT,
        )
        assert not check or done.returncode == 0, f"{' '.join(arguments)}:\n{done.stdout}"
        return done.stdout

    def up(self, **scale: int) -> float:
        """Have all of it run; the seconds until the gateway said that everything is ready. `scale` is remembered."""
        began = time.monotonic()
        self._scale |= scale
        self.run("up", "--detach", "--no-build", *(f"--scale={name}={count}" for name, count in self._scale.items()))
        self.wait()
        return time.monotonic() - began

    def wait(self, seconds: float = 180) -> None:
        """Until the gateway is ready. Raises AssertionError."""
        deadline, answer = time.monotonic() + seconds, "nothing"
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{self.url}/health/ready", timeout=5):  # noqa: S310 - our own gateway
                    return
            except urllib.error.HTTPError as error:
                answer = error.read().decode()
            except OSError as error:
                answer = str(error)
            time.sleep(0.2)
        raise AssertionError(f"Not ready after {seconds} s: {answer}\n{self.run('ps')}")

    def containers(self, service: str) -> list[dict[str, Any]]:
        """What the engine knows of a service's containers."""
        labels = {"project": PROJECT, "service": service, "oneoff": "False"}
        filters = [f"--filter=label=com.docker.compose.{name}={value}" for name, value in labels.items()]
        names = docker("ps", "--all", "--quiet", *filters).split()
        return json.loads(docker("inspect", *names)) if names else []

    def crash(self, service: str) -> None:
        """Kill one container's process from outside, so that the engine takes it for a crash."""
        process = self.containers(service)[0]["State"]["Pid"]
        if process:
            os.kill(process, signal.SIGKILL)

    def secret(self, name: str) -> str:
        """One of the generated secrets."""
        if name not in self._secrets:
            lines = self.run("run", "--rm", "-T", "--no-deps", "--entrypoint", f"cat /run/secrets/{name}", "migrate")
            self._secrets[name] = lines.strip().splitlines()[-1].strip()
        return self._secrets[name]

    def sql(
        self, service: str, statement: str, parameters: tuple[Any, ...] = (), *, role: str = "writer"
    ) -> list[tuple[Any, ...]]:
        """Look into a service's database, or set a scene there that time would."""
        url = urlsplit(self.secret(f"{service}_{role}_url"))
        (networks,) = [found["NetworkSettings"]["Networks"] for found in self.containers("postgres")]
        address = next(network["IPAddress"] for network in networks.values())
        there = urlunsplit(url._replace(netloc=url.netloc.replace("@postgres", f"@{address}")))
        with contextlib.closing(psycopg2.connect(there)) as db:
            db.autocommit = True
            with db.cursor() as cursor:
                cursor.execute(statement, parameters)
                return cursor.fetchall() if cursor.description else []

    def mail(self, to: str) -> list[EmailMessage]:
        """What the mail catcher caught for an address, oldest first."""
        name = self.containers("mail-catcher")[0]["Id"]
        packed = subprocess.run(
            ["docker", "exec", name, "sh", "-c", "mkdir -p /tmp/mail; tar -C /tmp/mail -cf - ."],
            check=True,
            capture_output=True,
        ).stdout
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            files = sorted((entry for entry in archive if entry.name.endswith(".eml")), key=lambda entry: entry.name)
            raw = [archive.extractfile(entry).read() for entry in files]  # type: ignore[union-attr]
        letters = [email.message_from_bytes(text, policy=email.policy.default) for text in raw]
        return [letter for letter in letters if to in str(letter["To"])]

    def start(self) -> float:
        """After `stop`."""
        return self.up()

    def stop(self) -> None:
        """All containers; the volumes stay."""
        self.run("stop")

    @contextlib.contextmanager
    def database_alone(self) -> Iterator[None]:
        """Everything is down, only PostgreSQL runs."""
        self.run("up", "--detach", "--no-build", "--no-deps", "postgres")
        time.sleep(3)
        yield

    def down(self) -> None:
        """Nothing of it is left, not even the data."""
        self.run("--profile", "operator", "down", "--volumes", "--remove-orphans", "--timeout", "5", check=False)


def docker(*arguments: str) -> str:
    """One command of the engine; what it said."""
    return subprocess.run(["docker", *arguments], check=True, capture_output=True, text=True).stdout


def has_front() -> bool:
    """Whether the engine has the image of the front, or can have it."""
    image = services(*FRONTED)[FRONT]["image"].partition(":-")[2].rstrip("}")
    return any(
        subprocess.run(["docker", *how, image], capture_output=True, check=False).returncode == 0
        for how in (("image", "inspect"), ("pull", "--quiet"))
    )


def logged(container: str, since: str) -> str:
    """What a container wrote in the last `since`, such as 20s."""
    command = ["docker", "logs", "--since", since, container]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout
