"""What a private RabbitMQ node tells and does for whoever knows its secret."""

import re
from pathlib import Path
from subprocess import run

from punctual.commands.local import programs
from punctual.commands.local.rabbitmq import RabbitMQ

_WAITING = """\
[{binary_to_list(Name), proplists:get_value(messages, Queue, -1)}
  || Queue <- rabbit_amqqueue:info_all(<<"/">>, [name, durable, messages]),
     proplists:get_value(durable, Queue),
     {resource, _, _, Name} <- [proplists:get_value(name, Queue)]].
"""


def rabbitmqctl(server: RabbitMQ, *arguments: str) -> str:
    """What the node's own tool answers. It takes a second of a processor."""
    program = programs.rabbitmq()
    assert program
    command = [str(program.with_name("rabbitmqctl")), "--quiet", *arguments]
    return str(run(command, env=_environment(server), check=True, capture_output=True, text=True).stdout)


def waiting(server: RabbitMQ) -> dict[str, int]:
    """How many messages are in each durable queue that isn't empty: ready, at work, delayed or dead."""
    environment = _environment(server)
    cookie = (server.home / ".erlang.cookie").read_text().strip()
    # Erlang's own small client: the node's tool starts a machine of its own for each question.
    command = [f"{environment['BINDIR']}/erl_call", "-c", cookie, "-n", environment["RABBITMQ_NODENAME"], "-e"]
    answer = run(command, input=_WAITING, env=environment, check=True, capture_output=True, text=True).stdout
    assert answer.startswith("{ok, ["), answer
    counts = {name: int(count) for name, count in re.findall(r'\{"([^"]+)", (-?\d+)\}', answer)}
    assert counts, answer
    return {name: count for name, count in counts.items() if count}


def _environment(server: RabbitMQ) -> dict[str, str]:
    # Whoever knows where the node is, and its secret, is the node itself. (A child that it has just forked looks
    # like it until it becomes something else.)
    node, *_ = server.main_process()
    lines = Path(f"/proc/{node}/environ").read_text().split("\0")
    return dict(line.split("=", 1) for line in lines if "=" in line)
