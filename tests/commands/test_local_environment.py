"""What the processes of a stack are told, and which processes there are."""

import pytest

from punctual.commands.local import environment, lineup
from punctual.commands.local.errors import LocalError
from punctual.commands.local.postgres import PostgreSQL
from punctual.commands.local.rabbitmq import RabbitMQ
from punctual.kit import settings
from punctual.kit.settings import BEHIND_THE_GATEWAY, SERVICES


@pytest.fixture
def servers(directory):
    postgres = PostgreSQL(directory, port=15000)
    postgres.home.mkdir()
    (postgres.home / "password").write_text("secret\n")
    return postgres, RabbitMQ(directory, port=15001)


def test_every_setting_that_points_somewhere_is_given(directory, servers):
    variables = environment.assemble(directory, {}, *servers)

    loaded = settings.load(variables)
    assert loaded.databases["task"].writer.startswith("postgresql://task_writer:")
    assert loaded.databases["task"].reader.startswith("postgresql://task_reader:")
    assert loaded.databases["task"].owner.startswith("postgresql://task_owner:")
    assert loaded.databases["task"].owner.endswith("@127.0.0.1:15000/task_db")
    assert loaded.amqp_url.endswith("@127.0.0.1:15001")
    assert len(set(loaded.service_urls.values())) == len(BEHIND_THE_GATEWAY)
    assert loaded.session_key
    assert loaded.smtp_url == f"smtp://127.0.0.1:{variables['PUNCTUAL_MAIL_CATCHER_SMTP_PORT']}"


def test_it_is_the_same_at_the_next_start(directory, servers):
    assert environment.assemble(directory, {}, *servers) == environment.assemble(directory, {}, *servers)


def test_what_the_user_gave_stands(directory, servers):
    given = {
        "PUNCTUAL_DATABASE_URL_TASK": "postgresql://elsewhere/task",
        "PUNCTUAL_URL_TASK": "http://127.0.0.1:9999",
        "PUNCTUAL_SMTP_URL": "smtp://mail.example.org:25",
    }

    variables = environment.assemble(directory, given, *servers)

    loaded = settings.load(variables)
    assert loaded.databases["task"].owner == "postgresql://elsewhere/task"
    assert loaded.databases["user"].owner.endswith("@127.0.0.1:15000/user_db")
    assert loaded.service_urls["task"] == "http://127.0.0.1:9999"
    assert loaded.smtp_url == "smtp://mail.example.org:25"
    assert not lineup.catches_mail(variables)


def test_a_database_of_ones_own_for_each_service_makes_the_private_one_superfluous():
    given = {f"PUNCTUAL_DATABASE_URL_{service.upper()}": "postgresql://elsewhere/x" for service in SERVICES}

    assert environment.lacks_database(given) == []
    assert environment.lacks_database({**given, "PUNCTUAL_DATABASE_URL_TASK": ""}) == ["task"]


def test_the_processes_have_the_names_that_operations_are_told():
    assert names({"PUNCTUAL_MAIL_CATCHER_HTTP_PORT": "1"}) == [
        ["mail-catcher"],
        ["worker-1", "mail-worker"],
        ["services", "scheduler"],
        ["gateway"],
    ]


def test_there_may_be_several_workers_and_schedulers_and_no_mail_catcher():
    assert names({"PUNCTUAL_WORKERS": "3", "PUNCTUAL_SCHEDULERS": "2"}) == [
        [],
        ["worker-1", "worker-2", "worker-3", "mail-worker"],
        ["services", "scheduler-1", "scheduler-2"],
        ["gateway"],
    ]


@pytest.mark.parametrize("text", ["0", "-1", "many", "51"])
def test_a_number_of_processes_that_makes_no_sense_is_refused_by_name(text):
    with pytest.raises(LocalError, match="PUNCTUAL_SCHEDULERS must be a whole number from 1 to 50"):
        lineup.check({"PUNCTUAL_SCHEDULERS": text})


def names(variables):
    return [[command.name for command in tier] for tier in lineup.commands(variables)]
