"""The variables that tell every process where the others are."""

import os
from collections.abc import Mapping

from punctual.commands.local import databases
from punctual.commands.local.directory import Directory
from punctual.commands.local.ports import Ports
from punctual.commands.local.postgres import PostgreSQL
from punctual.commands.local.rabbitmq import RabbitMQ
from punctual.kit.settings import BEHIND_THE_GATEWAY, SERVICES


def lacks_database(given: Mapping[str, str]) -> list[str]:
    """The services whose database the user did not name."""
    return [service for service in SERVICES if not given.get(f"PUNCTUAL_DATABASE_URL_{service.upper()}")]


def assemble(
    directory: Directory, given: Mapping[str, str], postgres: PostgreSQL | None, rabbitmq: RabbitMQ | None
) -> dict[str, str]:
    """What the user gave, and for the rest the private servers and free ports."""
    ports = Ports(directory.ports)
    ours: dict[str, str] = {}
    if postgres:
        for service in lacks_database(given):
            ours |= databases.urls(postgres, service)
    if rabbitmq:
        ours["PUNCTUAL_AMQP_URL"] = rabbitmq.url
    if not given.get("PUNCTUAL_SMTP_URL"):
        ours |= _mail_catcher(directory, ports)
    for service in BEHIND_THE_GATEWAY:
        name = f"PUNCTUAL_URL_{service.upper()}"
        if not given.get(name):
            ours[name] = f"http://127.0.0.1:{ports.free(service)}"
    if not given.get("PUNCTUAL_SESSION_KEY"):
        ours["PUNCTUAL_SESSION_KEY"] = directory.session_key()
    return {**given, **ours}


def given_by_user() -> dict[str, str]:
    """What the user set, and that the children's output shall reach their logs at once."""
    return {**os.environ, "PYTHONUNBUFFERED": "1"}


def _mail_catcher(directory: Directory, ports: Ports) -> dict[str, str]:
    smtp, http = ports.free("mail-smtp"), ports.free("mail-http")
    return {
        "PUNCTUAL_SMTP_URL": f"smtp://127.0.0.1:{smtp}",
        "PUNCTUAL_MAIL_CATCHER_SMTP_PORT": str(smtp),
        "PUNCTUAL_MAIL_CATCHER_HTTP_PORT": str(http),
        "PUNCTUAL_MAIL_CATCHER_DIRECTORY": str(directory.mail),
    }
