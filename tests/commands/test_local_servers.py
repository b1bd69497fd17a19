"""The private servers that tests use."""

import psycopg2
import pytest

from punctual.commands.local import private_servers
from punctual.commands.local.errors import LocalError
from punctual.commands.local.postgres import PostgreSQL


def test_the_servers_run_inside_the_block_and_not_after_it(directory):
    with private_servers(directory.root, rabbitmq=False) as variables:
        psycopg2.connect(variables["PUNCTUAL_DATABASE_READER_URL_NOTIFICATION"]).close()
        assert "PUNCTUAL_AMQP_URL" not in variables

    assert not PostgreSQL(directory).running()


def test_what_runs_already_is_used_and_left_running(directory):
    with private_servers(directory.root, rabbitmq=False) as outer:
        with private_servers(directory.root, rabbitmq=False) as inner:
            assert inner == outer

        psycopg2.connect(outer["PUNCTUAL_DATABASE_URL_TASK"]).close()


def test_a_folder_that_somebody_holds_without_running_servers_is_refused(directory):
    with directory.lock(), pytest.raises(LocalError, match="postgres doesn't run there"):
        private_servers(directory.root, rabbitmq=False).__enter__()
