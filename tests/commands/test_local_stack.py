"""The stack as a whole: a real supervisor in a process of its own, with stand-ins for what it runs."""

import os
import signal
import socket

import psycopg2
import pytest

from punctual.commands.local import saved_environment
from punctual.commands.local.processes import gone, owned, wait_until
from tests.commands.stack_process import GIVEN, StackProcess


def test_it_says_where_everything_is_and_stops_at_ctrl_c(directory):
    with StackProcess(directory, GIVEN) as stack:
        stack.expect("Ctrl-C stops it and keeps the data.")
        assert f"http://localhost:{stack.port}\n" in stack.said
        assert f"http://localhost:{stack.port}/api/docs" in stack.said
        assert f"{directory.root}/logs/" in stack.said
        assert owned(directory)

        assert stack.interrupt() == 0
    assert "its data stays in" in stack.said
    assert owned(directory) == []
    assert list(directory.pids.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_other_signals_to_end_stop_it_as_well(directory, number):
    with StackProcess(directory, GIVEN) as stack:
        stack.expect("is ready after")

        assert stack.interrupt(number) == 0
    assert owned(directory) == []


def test_under_nohup_it_outlives_the_terminal(directory):
    with StackProcess(directory, {**GIVEN, "STAND_IN_NOHUP": "yes"}) as stack:
        stack.expect("is ready after")
        killed = stack.pid("gateway")

        stack.process.send_signal(signal.SIGHUP)
        # It still looks after its processes, so it didn't take the signal for its end.
        os.kill(killed, signal.SIGKILL)

        assert wait_until(lambda: stack.pid("gateway") != killed, 10)
        assert stack.interrupt() == 0
    assert "its data stays in" in stack.said


def test_a_killed_process_is_back_soon_and_its_death_is_in_its_log(directory):
    with StackProcess(directory, GIVEN) as stack:
        stack.expect("is ready after")
        killed = stack.pid("gateway")

        os.kill(killed, signal.SIGKILL)

        assert wait_until(lambda: stack.pid("gateway") != killed, 10)
        assert f"gateway (process {killed}) was killed by SIGKILL" in directory.log("gateway").read_text()


def test_after_kill_9_of_itself_its_processes_end_and_the_next_start_works(directory):
    with StackProcess(directory, GIVEN) as stack:
        stack.expect("is ready after")
        stack.process.kill()
        stack.wait()
    assert wait_until(lambda: owned(directory) == [], 10)

    with StackProcess(directory, GIVEN) as stack:
        stack.expect("is ready after")


def test_what_survived_a_kill_9_is_ended_by_the_next_start(directory):
    with StackProcess(directory, GIVEN) as stack:
        stack.expect("is ready after")
        worker = stack.pid("worker-1")
        os.kill(worker, signal.SIGSTOP)  # so that it can't notice its parent's death
        stack.process.kill()
        stack.wait()
    os.kill(worker, signal.SIGCONT)

    with StackProcess(directory, GIVEN) as stack:
        stack.expect("is ready after")
        assert stack.pid("worker-1") != worker
        assert worker not in owned(directory)


def test_a_pid_file_whose_number_belongs_to_a_stranger_harms_nobody(directory):
    directory.pid("gateway").write_text(f"{os.getpid()}\n")

    with StackProcess(directory, GIVEN) as stack:
        stack.expect("is ready after")
        assert stack.pid("gateway") != os.getpid()


def test_a_second_start_in_the_same_folder_says_who_holds_it(directory):
    with StackProcess(directory, GIVEN) as stack:
        stack.expect("is ready after")

        with StackProcess(directory, GIVEN) as second:
            assert second.wait() == 1

        assert f"already runs from {directory.root} (process {stack.process.pid})" in second.said
        assert owned(directory)


def test_a_taken_port_is_named_with_the_variable_to_change(directory):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with StackProcess(directory, GIVEN, port) as stack:
            assert stack.wait() == 1

    assert f"Port {port} on 127.0.0.1 is taken" in stack.said
    assert f"PUNCTUAL_PORT={port + 1}" in stack.said


def test_failing_migrations_end_the_start_with_what_they_said(directory):
    with StackProcess(directory, {**GIVEN, "STAND_IN_MIGRATION_STATUS": "1"}) as stack:
        assert stack.wait() == 1

    assert "no such table: task" in stack.said
    assert "Traceback" not in stack.said
    assert owned(directory) == []


@pytest.mark.parametrize(
    ("variable", "text"),
    [("PUNCTUAL_WORKERS", "none"), ("PUNCTUAL_AMQP_URL", "localhost"), ("PUNCTUAL_LOG_LEVEL", "loud")],
)
def test_a_wrong_variable_is_named_before_anything_starts(directory, variable, text):
    with StackProcess(directory, {**GIVEN, variable: text}) as stack:
        assert stack.wait() == 1

    assert f"punctual: {variable} must be" in stack.said


def test_private_servers_keep_ports_and_data_over_kill_9_of_everything(lasting_directory):
    directory = lasting_directory
    with StackProcess(directory, {}) as stack:
        stack.expect("is ready after", within=120)
        variables = saved_environment.load(directory.root)
        execute(variables["PUNCTUAL_DATABASE_OWNER_URL_TASK"], "create table kept (title text)")
        execute(variables["PUNCTUAL_DATABASE_URL_TASK"], "insert into kept values ('data')")
        for name in ("postgres", "rabbitmq"):
            assert directory.log(name).stat().st_size
        stack.process.kill()
        killed = [stack.pid(name) for name in ("postgres", "rabbitmq", "worker-1", "gateway")]
        for pid in killed:
            os.kill(pid, signal.SIGKILL)
        stack.wait()
    # Until then the gateway has the port that it is to have again.
    assert wait_until(lambda: all(map(gone, killed)), 10)

    with StackProcess(directory, {}) as stack:
        stack.expect("is ready after", within=120)
        assert saved_environment.load(directory.root) == variables
        execute(variables["PUNCTUAL_DATABASE_READER_URL_TASK"], "select * from kept where title = 'data'", rows=1)
        assert stack.interrupt() == 0
    assert owned(directory) == []


def execute(url, statement, rows=None):
    connection = psycopg2.connect(url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
            assert rows is None or cursor.rowcount == rows
    finally:
        connection.close()
