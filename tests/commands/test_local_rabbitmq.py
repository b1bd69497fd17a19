"""A private RabbitMQ node, really started, killed and started again."""

import contextlib
import stat
from pathlib import Path

import pika
import pika.exceptions
import pytest

from punctual.commands.local import rabbitmq_plugins
from punctual.commands.local.processes import owned
from punctual.commands.local.rabbitmq import RabbitMQ


@pytest.fixture(scope="module")
def node(lasting_directory):
    started = RabbitMQ(lasting_directory)
    started.start()
    yield started
    started.stop()


def test_only_its_own_account_may_enter(node):
    with pytest.raises(pika.exceptions.ProbableAuthenticationError):
        pika.BlockingConnection(pika.URLParameters(f"amqp://guest:guest@127.0.0.1:{node.port}"))


def test_all_its_ports_are_on_loopback(node):
    assert listening(node.processes())
    assert {address for address, _ in listening(node.processes())} <= {"0100007F", "0" * 24 + "01000000"}


def test_its_secrets_are_for_their_owner_only(node):
    for name in ("password", ".erlang.cookie", "rabbitmq.conf"):
        assert stat.S_IMODE((node.home / name).stat().st_mode) == 0o600


def test_after_kill_9_it_starts_on_the_same_port_with_the_same_messages(node):
    port = node.port
    with channel(node) as made:
        made.queue_declare("kept", durable=True)
    # Mnesia writes down what queues there are a moment later; ours stand since the first start.
    node.stop()
    node.start()
    with channel(node) as made:
        made.confirm_delivery()
        made.basic_publish("", "kept", b"promise", pika.BasicProperties(delivery_mode=2))

    node.kill()
    assert not node.running()
    node.start()

    assert node.port == port
    with channel(node) as made:
        assert made.basic_get("kept", auto_ack=True)[2] == b"promise"


def test_a_later_life_that_did_not_start_it_ends_it_and_its_port_mapper(node):
    later = RabbitMQ(node.directory)
    assert later.port == node.port
    assert later.answers()

    later.stop()

    assert owned(node.directory) == []
    assert not node.directory.pid("rabbitmq").exists()


def test_it_is_shown_only_the_libraries_it_depends_on(tmp_path):
    program = installation(tmp_path, rabbit="kernel,ra", ra="aten", aten="stdlib", management="rabbit")

    selected = rabbitmq_plugins.select(program, tmp_path / "selected")

    assert selected
    assert sorted(library.name for library in selected.iterdir()) == ["aten-1.0", "ra-1.0", "rabbit-1.0"]


def test_an_installation_of_another_shape_is_left_as_it_is(tmp_path):
    program = installation(tmp_path, something="else")

    assert rabbitmq_plugins.select(program, tmp_path / "selected") is None


def installation(folder, **applications):
    for name, needed in applications.items():
        library = folder / "plugins" / f"{name}-1.0" / "ebin"
        library.mkdir(parents=True)
        (library / f"{name}.app").write_text(f"{{application,{name},[{{vsn,1}},\n {{applications,[{needed}]}}]}}.")
    return folder / "sbin" / "rabbitmq-server"


@contextlib.contextmanager
def channel(node):
    connection = pika.BlockingConnection(pika.URLParameters(node.url))
    try:
        yield connection.channel()
    finally:
        connection.close()


def listening(pids):
    """Local addresses, as the kernel writes them, of these processes' listening sockets."""
    sockets = set()
    for pid in pids:
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                sockets.add(str(descriptor.readlink()))
    found = []
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            columns = line.split()
            if columns[3] == "0A" and f"socket:[{columns[9]}]" in sockets:
                found.append(tuple(columns[1].split(":")))
    return found
