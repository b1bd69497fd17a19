"""Settings: read once from the environment, typed and frozen. An error names the variable and the remedy."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from punctual.kit import setting_files

SettingsError = setting_files.SettingsError
SERVICES = ("auth", "user", "project", "task", "notification")
DASHBOARD = "dashboard"
# Each listens at an internal address of its own.
BEHIND_THE_GATEWAY = (*SERVICES, DASHBOARD)
SHORTEST_KEY = 32
MAKE_KEY = "python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
T = TypeVar("T")
_PORTS = {service: 8101 + index for index, service in enumerate(BEHIND_THE_GATEWAY)}


@dataclass(frozen=True, slots=True)
class Database:
    """Connection URLs of one service's database, one for each of its roles."""

    writer: str
    reader: str
    owner: str


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that a process may be told from outside."""

    host: str
    port: int
    service_host: str | None
    public_url: str
    amqp_url: str
    quorum_queues: bool
    databases: Mapping[str, Database]
    admin_database_url: str | None = field(repr=False)
    service_urls: Mapping[str, str]
    replicas: Mapping[str, tuple[str, ...]]
    smtp_url: str | None
    mail_from: str
    rate_limit: bool
    rate_limit_storage: str
    metrics_host: str
    metrics_port: int | None
    traces_url: str | None
    cors_origins: tuple[str, ...]
    trusted_proxies: int
    log_level: str
    worker_threads: int
    heartbeat_file: Path | None
    session_key: str | None = field(repr=False)

    @property
    def amqp_urls(self) -> tuple[str, ...]:
        """The nodes of RabbitMQ, each as a URL."""
        return tuple(self.amqp_url.split(","))


@cache
def current() -> Settings:
    """The settings of this process, read at first use.

    Raises SettingsError.
    """
    return load(os.environ)


def load(environment: Mapping[str, str]) -> Settings:
    """Settings from a mapping of variables; `NAME_FILE` names the file that holds NAME. Raises SettingsError."""
    environment = setting_files.with_files(environment)
    heartbeat = environment.get("PUNCTUAL_HEARTBEAT_FILE")
    port = _number(environment, "PUNCTUAL_PORT", 8080, 1, 65535)
    replicas = {
        service: _urls(environment, f"PUNCTUAL_URL_{service.upper()}", f"http://127.0.0.1:{_PORTS[service]}", "http")
        for service in BEHIND_THE_GATEWAY
    }
    nodes = _urls(environment, "PUNCTUAL_AMQP_URL", "amqp://guest:guest@127.0.0.1:5672", "amqp", "amqps")
    return Settings(
        host=environment.get("PUNCTUAL_HOST", "127.0.0.1"),
        port=port,
        service_host=environment.get("PUNCTUAL_SERVICE_HOST") or None,
        public_url=_url(environment, "PUNCTUAL_PUBLIC_URL", f"http://localhost:{port}", "http", "https"),
        amqp_url=",".join(nodes),
        quorum_queues=_switch(environment, "PUNCTUAL_QUORUM_QUEUES", default=False),
        databases={service: _database(environment, service.upper()) for service in SERVICES},
        admin_database_url=_url(environment, "PUNCTUAL_DATABASE_ADMIN_URL", "", "postgresql", "postgres") or None,
        # The first is where a process of this service listens, and where all but the gateway look for it.
        service_urls={service: urls[0] for service, urls in replicas.items()},
        replicas=replicas,
        smtp_url=_url(environment, "PUNCTUAL_SMTP_URL", "", "smtp", "smtps", "smtp+starttls") or None,
        mail_from=environment.get("PUNCTUAL_MAIL_FROM", "Punctual <punctual@localhost>"),
        rate_limit=_switch(environment, "PUNCTUAL_RATE_LIMIT", default=True),
        rate_limit_storage=_url(environment, "PUNCTUAL_RATE_LIMIT_STORAGE", "memory://", "memory", "redis", "rediss"),
        metrics_host=environment.get("PUNCTUAL_METRICS_HOST") or "127.0.0.1",
        metrics_port=_number(environment, "PUNCTUAL_METRICS_PORT", 0, 0, 65535) or None,
        traces_url=_url(environment, "PUNCTUAL_TRACES", "", "http", "https") or None,
        cors_origins=_parsed(
            environment, "PUNCTUAL_CORS_ORIGINS", (), "* or origins such as https://a.example", _origins
        ),
        trusted_proxies=_number(environment, "PUNCTUAL_TRUSTED_PROXIES", 0, 0, 10),
        log_level=_choice(environment, "PUNCTUAL_LOG_LEVEL", "info", ("debug", "info", "warning", "error")),
        worker_threads=_number(environment, "PUNCTUAL_WORKER_THREADS", 4, 1, 64),
        heartbeat_file=Path(heartbeat) if heartbeat else None,
        session_key=_secret(environment, "PUNCTUAL_SESSION_KEY"),
    )


def _database(environment: Mapping[str, str], service: str) -> Database:
    local = f"postgresql://localhost/{service.lower()}_db"
    writer = _url(environment, f"PUNCTUAL_DATABASE_URL_{service}", local, "postgresql", "postgres")
    reader = _url(environment, f"PUNCTUAL_DATABASE_READER_URL_{service}", writer, "postgresql", "postgres")
    owner = _url(environment, f"PUNCTUAL_DATABASE_OWNER_URL_{service}", writer, "postgresql", "postgres")
    return Database(writer, reader, owner)


def _urls(environment: Mapping[str, str], name: str, default: str, *schemes: str) -> tuple[str, ...]:
    """One URL or several, separated by commas."""
    parts = (environment.get(name) or default).split(",")
    return tuple(_url({name: part.strip()}, name, "", *schemes) for part in parts if part.strip())


def _url(environment: Mapping[str, str], name: str, default: str, *schemes: str) -> str:
    value = environment.get(name) or default
    if value and urlsplit(value).scheme not in schemes:
        wanted = " or ".join(f"{scheme}://" for scheme in schemes)
        raise SettingsError(f"{name} must be a URL that begins with {wanted}; it doesn't.")
    return value.rstrip("/") if "//" in value and not value.endswith("://") else value


def _secret(environment: Mapping[str, str], name: str) -> str | None:
    value = environment.get(name) or None
    if value is not None and len(value) < SHORTEST_KEY:
        raise SettingsError(f"{name} must have at least {SHORTEST_KEY} characters. Make one with: {MAKE_KEY}")
    return value


def _number(environment: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    return _parsed(environment, name, default, f"a whole number from {least} to {most}", _within(least, most))


def _within(least: int, most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        number = int(text)
        if not least <= number <= most:
            raise ValueError(text)
        return number

    return parse


def _origins(text: str) -> tuple[str, ...]:
    origins = tuple(text.replace(",", " ").split())
    for origin in origins:
        parts = urlsplit(origin)
        if origin == "*":
            continue
        if parts.scheme not in ("http", "https") or not parts.netloc or origin != f"{parts.scheme}://{parts.netloc}":
            raise ValueError(origin)
    return origins


def _switch(environment: Mapping[str, str], name: str, *, default: bool) -> bool:
    return _parsed(environment, name, default, "on or off", {"on": True, "off": False}.__getitem__)


def _choice(environment: Mapping[str, str], name: str, default: str, choices: tuple[str, ...]) -> str:
    return _parsed(
        environment,
        name,
        default,
        "one of " + ", ".join(choices),
        {choice: choice for choice in choices}.__getitem__,
    )


def _parsed(environment: Mapping[str, str], name: str, default: T, wanted: str, parse: Callable[[str], T]) -> T:
    text = environment.get(name)
    if not text:
        return default
    try:
        return parse(text)
    except (KeyError, ValueError):
        raise SettingsError(f"{name} must be {wanted}; it is {text!r}. Change it or unset it.") from None
